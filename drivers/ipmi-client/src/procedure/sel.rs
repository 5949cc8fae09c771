//! Reading and clearing the system event log.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::outcome::refusal_of;
use crate::Operation;
use crate::command::Command;
use crate::command::sel::{ClearSel, FIRST, GetSelEntry, LAST, ReserveSel, SelRecord};
use crate::completion::CompletionCode;
use crate::error::{Error, Failure};
use crate::wire::Malformed;

/// Entries read at most.
const ENTRIES_MAX: usize = 16_384;
/// Pause between two questions whether the log is erased.
const PAUSE: Duration = Duration::from_millis(500);

impl Operation {
    /// Every entry, oldest first.
    pub async fn event_log(&mut self) -> Result<Vec<SelRecord>, Error> {
        let mut entries = Vec::new();
        let mut id = FIRST;
        while entries.len() < ENTRIES_MAX {
            let get = GetSelEntry { record: id };
            // An empty log has no first entry.
            let absent = [CompletionCode::NOT_PRESENT];
            let Ok(record) = refusal_of(self.run(&get).await, &absent)? else {
                return Ok(entries);
            };
            let next = record.next;
            entries.push(record);
            if next == LAST || next == id {
                return Ok(entries);
            }
            id = next;
        }
        Err(self.error(
            GetSelEntry::NAME,
            Failure::Malformed(Malformed("the event log has no end")),
        ))
    }

    /// Erases the log and waits until that is done.
    pub async fn clear_event_log(&mut self) -> Result<(), Error> {
        let reservation = self.run(&ReserveSel).await?;
        let mut begin = true;
        while !self.run(&ClearSel { reservation, begin }).await? {
            begin = false;
            if Instant::now() + PAUSE >= self.deadline().into() {
                let failure = Failure::Timeout {
                    waited: PAUSE,
                    unanswered: 0,
                };
                return Err(self.error(ClearSel::NAME, failure));
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }
}
