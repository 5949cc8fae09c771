//! Network boot: the `pxe`, `ipxe`, `http` and `http-ipxe` boot interfaces, the virtual media boot
//! interface's validation, and pure renderers of boot files.
//!
//! What is here: validation as Ironic does it, iPXE scripts rendered from typed parts and written
//! under `[deploy]http_root`, the boot device set through management. What is not here: the DHCP,
//! TFTP and HTTP servers, image caching, GRUB and PXELINUX files; preparing a ramdisk through an
//! interface that would need them fails with a message that says so.
//!
//! Invariants
//! * a kernel argument or URL is checked against its grammar before it lands in a script;
//! * a boot file is written beside and renamed, so nobody ever reads half of one.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod files;
mod interface;
mod kernel_arguments;
mod ramdisk_images;
mod script;
mod virtual_media;

pub use interface::NetworkBoot;
pub use virtual_media::VirtualMediaBoot;
