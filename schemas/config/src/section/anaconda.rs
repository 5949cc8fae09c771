//! `[anaconda]`.

use crate::section::section;

section! {
    /// `[anaconda]`: the `anaconda` deploy interface.
    Anaconda;

    /// Kickstart template of nodes that name none.
    default_ks_template: String = "$pybasedir/drivers/modules/ks.cfg.template", mutable;
    /// Let kickstart send heartbeats without verifying certificates.
    insecure_heartbeat: bool = false, mutable;
}
