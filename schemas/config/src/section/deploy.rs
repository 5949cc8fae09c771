//! `[deploy]`.

use schemas_model::secret::Secret;

use crate::section::section;
use crate::value::{Uri, choice};

choice! {
    /// How firmware boots.
    pub enum BootMode {
        /// UEFI.
        Uefi = "uefi",
        /// Legacy BIOS.
        Bios = "bios",
    }
}

choice! {
    /// Where a file is fetched from.
    pub enum ServedFrom {
        /// Its own address.
        Http = "http",
        /// The conductor's HTTP server.
        Local = "local",
        /// Swift.
        Swift = "swift",
    }
}

choice! {
    /// How to authenticate to image servers.
    pub enum ImageServerAuth {
        /// Not at all.
        Noauth = "noauth",
        /// By user name and password.
        HttpBasic = "http_basic",
    }
}

section! {
    /// `[deploy]`: serving images and cleaning disks.
    Deploy;

    /// Keep config drives in Swift.
    configdrive_use_object_store: bool = false,
        formerly(&[(Some("conductor"), "configdrive_use_swift")]),
        mutable;
    /// Overwrite a disk when its secure erase fails, instead of failing.
    continue_if_disk_secure_erase_fails: bool = false, mutable;
    /// Priority of creating RAID while cleaning; 0 leaves it out, the ramdisk's when unset.
    create_configuration_priority: Option<i64>, mutable;
    /// Boot mode of nodes that ask for none.
    default_boot_mode: BootMode = "uefi", mutable;
    /// Priority of deleting RAID while cleaning; 0 leaves it out, the ramdisk's when unset.
    delete_configuration_priority: Option<i64>, mutable;
    /// Disks erased at the same time.
    disk_erasure_concurrency: u64 = 4, min(1.0), mutable;
    /// Use ATA secure erase.
    enable_ata_secure_erase: bool = true, mutable;
    /// Use NVMe secure erase.
    enable_nvme_secure_erase: bool = true, mutable;
    /// Priority of erasing partition tables while cleaning; 0 leaves it out, the ramdisk's when
    /// unset.
    erase_devices_metadata_priority: Option<i64>, mutable;
    /// Priority of erasing disks while cleaning; 0 leaves it out, the ramdisk's when unset.
    erase_devices_priority: Option<i64>, mutable;
    /// Leave read-only disks out when erasing.
    erase_skip_read_only: bool = false, mutable;
    /// API address for ramdisks booted by virtual media.
    external_callback_url: Option<Uri>;
    /// HTTP server address for virtual media; `http_url` when unset.
    external_http_url: Option<Uri>;
    /// Go on with a ramdisk that is already running.
    fast_track: bool = false, mutable;
    /// Seconds since its last heartbeat for which a ramdisk counts as running.
    fast_track_timeout: u64 = 300, min(0.0), max(300.0), mutable;
    /// Directory below `http_root` for instance images.
    http_image_subdir: String = "agent_images";
    /// Root directory of the conductor's HTTP server.
    http_root: String = "/httpboot";
    /// Address of the conductor's HTTP server.
    http_url: Option<Uri>;
    /// Hosts that get the image server credentials.
    image_server_auth_hosts: Vec<String> = "", mutable;
    /// Give the credentials to any host while `image_server_auth_hosts` is empty.
    image_server_auth_permit_unknown_hosts: bool = true, mutable;
    /// How to authenticate to image servers.
    image_server_auth_strategy: ImageServerAuth = "noauth", mutable;
    /// Password for image servers.
    image_server_password: Option<Secret<String>>, mutable;
    /// User name for image servers.
    image_server_user: Option<String>, mutable;
    /// Size of the ISO cache, in MiB.
    iso_cache_size: i64 = 20480;
    /// Minutes for which ISO images are cached.
    iso_cache_ttl: i64 = 10080;
    /// Directory of the ISO cache; no cache when empty.
    iso_master_path: String = "/var/lib/ironic/master_iso_images";
    /// Power off nodes whose deployment failed.
    power_off_after_deploy_failure: bool = true, mutable;
    /// Where BMCs fetch boot ISO images from.
    ramdisk_image_download_source: ServedFrom = "local", mutable;
    /// Write zeros after random data.
    shred_final_overwrite_with_zeros: bool = true, mutable;
    /// How often random data are written over a disk.
    shred_random_overwrite_iterations: u64 = 1, min(0.0), mutable;
}
