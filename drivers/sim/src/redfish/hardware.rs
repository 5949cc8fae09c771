//! What is inside the simulated machine. Numbers make machines differ: UUID, serial number and MAC
//! addresses are derived from one.

/// A physical disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// `MediaType`.
    pub media: &'static str,
    /// `Protocol`.
    pub protocol: &'static str,
    /// Size in bytes.
    pub bytes: u64,
}

const TB: u64 = 1_000_204_886_016;

/// Contents of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hardware {
    /// Makes this machine differ from others.
    pub number: u32,
    /// Disks behind the RAID controller, in the order of their bays.
    pub disks: Vec<Disk>,
    /// Processors, with 16 cores and 32 threads each.
    pub processors: u32,
    /// Memory modules of 32 GiB.
    pub modules: u32,
    /// Ethernet ports.
    pub ports: u32,
}

impl Default for Hardware {
    /// Two processors, 96 GiB, four hard disks of 1 TB, two solid-state disks of 480 GB, two ports.
    fn default() -> Self {
        let hdd = Disk {
            media: "HDD",
            protocol: "SAS",
            bytes: TB,
        };
        let ssd = Disk {
            media: "SSD",
            protocol: "SATA",
            bytes: 480_103_981_056,
        };
        Hardware {
            number: 1,
            disks: vec![hdd, hdd, hdd, hdd, ssd, ssd],
            processors: 2,
            modules: 3,
            ports: 2,
        }
    }
}

impl Hardware {
    /// `UUID` of the system.
    pub fn uuid(&self) -> String {
        format!("38947555-7742-3448-3784-{:012x}", self.number)
    }

    /// `SerialNumber` of the system.
    pub fn serial(&self) -> String {
        format!("SIM{:06}", self.number)
    }

    /// MAC address of a port, counted from 0.
    pub fn mac(&self, port: u32) -> String {
        let [_, a, b, c] = self.number.to_be_bytes();
        format!("52:54:{a:02x}:{b:02x}:{c:02x}:{:02x}", port & 0xff)
    }
}
