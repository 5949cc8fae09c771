//! drivers-pxe
