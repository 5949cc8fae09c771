//! Inserting and ejecting virtual media.

use serde_json::json;

use crate::{
    Bmc, Result,
    schema::{
        system::ComputerSystem,
        virtual_media::{Insertion, MediaType, VirtualMedia, ejection},
    },
};

/// Bodies tried for one insertion: the short one, and one more for each property a BMC may want.
const MAX_INSERT_ATTEMPTS: usize = 4;

impl Bmc {
    /// The virtual drives at the system, or those at its managers if the system has none.
    pub async fn virtual_media(&self, system: &ComputerSystem) -> Result<Vec<VirtualMedia>> {
        if let Some(path) = system.link("VirtualMedia")? {
            return Ok(self
                .collect(&path)
                .await?
                .into_iter()
                .map(VirtualMedia::new)
                .collect());
        }
        let mut drives = Vec::new();
        for manager in self.managers(system).await? {
            if let Some(path) = manager.virtual_media()? {
                drives.extend(
                    self.collect(&path)
                        .await?
                        .into_iter()
                        .map(VirtualMedia::new),
                );
            }
        }
        Ok(drives)
    }

    /// Attaches the image at `url` to this drive.
    pub async fn insert_media(&self, drive: &VirtualMedia, url: &str) -> Result<()> {
        let Some(action) = drive.insert_action()? else {
            return self
                .patch(drive.document(), Insertion::patch(url))
                .await
                .map(drop);
        };
        let mut insertion = Insertion::action(url);
        let mut attempt = 1;
        loop {
            match self.post(&action.target, Some(insertion.body())).await {
                Ok(_) => return Ok(()),
                Err(error)
                    if attempt < MAX_INSERT_ATTEMPTS
                        && error
                            .detail()
                            .is_some_and(|detail| insertion.complete(detail)) =>
                {
                    attempt += 1
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Detaches whatever is in this drive.
    pub async fn eject_media(&self, drive: &VirtualMedia) -> Result<()> {
        let Some(action) = drive.eject_action()? else {
            return self.patch(drive.document(), ejection()).await.map(drop);
        };
        let first = self.post(&action.target, None).await;
        let Err(error) = first else { return Ok(()) };
        if !matches!(error.status(), Some(400 | 415)) {
            return Err(error);
        }
        // HPE iLO wants an empty object as the body.
        match self.post(&action.target, Some(json!({}))).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let now = VirtualMedia::new(self.refresh(drive.document()).await?);
                if now.inserted()? == Some(true) {
                    Err(error)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// Ejects every medium of a type, or every medium. Returns how many were ejected.
    pub async fn eject_all_media(
        &self,
        system: &ComputerSystem,
        media: Option<MediaType>,
    ) -> Result<usize> {
        let mut ejected = 0;
        for drive in self.virtual_media(system).await? {
            let meant = media.map_or(Ok(true), |media| drive.takes(media))?;
            if meant && drive.inserted()? == Some(true) {
                self.eject_media(&drive).await?;
                ejected += 1;
            }
        }
        Ok(ejected)
    }
}
