//! `[ansible]`.

use crate::section::section;

section! {
    /// `[ansible]`: the `ansible` deploy interface.
    Ansible;

    /// Further arguments for each playbook.
    ansible_extra_args: Option<String>;
    /// The program that runs playbooks.
    ansible_playbook_script: String = "ansible-playbook";
    /// Configuration file of Ansible.
    config_file_path: String = "$pybasedir/drivers/modules/ansible/playbooks/ansible.cfg";
    /// Playbook for cleaning.
    default_clean_playbook: String = "clean.yaml";
    /// File with the clean steps.
    default_clean_steps_config: String = "clean_steps.yaml";
    /// Playbook for deployment.
    default_deploy_playbook: String = "deploy.yaml";
    /// SSH key for ramdisks.
    default_key_file: Option<String>;
    /// Python of the ramdisk.
    default_python_interpreter: Option<String>;
    /// Playbook that powers a machine off.
    default_shutdown_playbook: String = "shutdown.yaml";
    /// User name for ramdisks.
    default_username: String = "ansible";
    /// Memory that Ansible needs on the machine, in MiB.
    extra_memory: i64 = 10;
    /// CA file for image servers.
    image_store_cafile: Option<String>;
    /// Client certificate for image servers.
    image_store_certfile: Option<String>;
    /// Do not verify image servers' certificates.
    image_store_insecure: bool = false;
    /// Private key that belongs to `image_store_certfile`.
    image_store_keyfile: Option<String>;
    /// Directory of playbooks, roles and inventory.
    playbooks_path: String = "$pybasedir/drivers/modules/ansible/playbooks";
    /// How often to look whether a machine has powered itself off.
    post_deploy_get_power_state_retries: u64 = 6, min(0.0);
    /// Seconds between two looks whether a machine has powered itself off.
    post_deploy_get_power_state_retry_interval: u64 = 5, min(0.0);
    /// How much Ansible logs.
    verbosity: Option<u64>, min(0.0), max(4.0);
}
