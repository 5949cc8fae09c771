//! `[sensor_data]`.

use crate::section::section;

section! {
    /// `[sensor_data]`: collecting sensor readings.
    SensorData;

    /// Kinds of sensors; `ALL` takes all.
    data_types: Vec<String> = "ALL", formerly(&[(Some("conductor"), "send_sensor_data_types")]);
    /// Collect the conductor's own metrics.
    enable_for_conductor: bool = true;
    /// Collect from nodes.
    enable_for_nodes: bool = true;
    /// Collect from nodes without an instance as well.
    enable_for_undeployed_nodes: bool = false,
        formerly(&[(Some("conductor"), "send_sensor_data_for_undeployed_nodes")]);
    /// Seconds between two collections.
    interval: u64 = 600, min(1.0), formerly(&[(Some("conductor"), "send_sensor_data_interval")]);
    /// Collect and send.
    send_sensor_data: bool = false, formerly(&[(Some("conductor"), "send_sensor_data")]);
    /// Seconds for one collection.
    wait_timeout: i64 = 300, formerly(&[(Some("conductor"), "send_sensor_data_wait_timeout")]);
    /// Nodes that are read at the same time.
    workers: u64 = 4, min(1.0), formerly(&[(Some("conductor"), "send_sensor_data_workers")]);
}
