//! `[agent_containers]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// What runs containers in a ramdisk.
    pub enum ContainerRunner {
        /// Podman.
        Podman = "podman",
        /// Docker.
        Docker = "docker",
    }
}

section! {
    /// `[agent_containers]`: containers that ramdisks run as steps.
    AgentContainers;

    /// Let ramdisks run any image.
    allow_arbitrary_containers: bool = false;
    /// Images that ramdisks may run.
    allowed_containers: Vec<String> = "";
    /// File in the ramdisk with the steps.
    container_steps_file: String = "/etc/ironic-python-agent.d/mysteps.yaml";
    /// Options for fetching an image.
    pull_options: Vec<String> = "";
    /// Options for running an image.
    run_options: Vec<String> = "--rm,--network=host";
    /// What runs containers in a ramdisk.
    runner: ContainerRunner = "podman";
}
