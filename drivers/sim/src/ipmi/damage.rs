//! What the bugs make of a BMC's answers, and of datagrams on their way.

use super::bmc::{Bmc, Sent, at_once};
use super::bug::Bug;
use super::command::{Answer, Call};

impl Bmc {
    /// Whether the network loses the request that has just come.
    pub(super) fn loses_request(&mut self) -> bool {
        let count = self.memory.datagrams_in;
        let lost = |bug: &Bug| match bug {
            Bug::LoseRequests(every) if count.is_multiple_of((*every).max(1)) => Some(()),
            Bug::LosePercent(percent) if chance(count, 0) < *percent => Some(()),
            _ => None,
        };
        self.bugs.is(&Bug::Silent) || self.bugs.shows(lost).is_some()
    }

    /// What bugs make of answers about records and inventories.
    pub(super) fn distort(&mut self, call: &Call<'_>, answer: Answer) -> Answer {
        match (call.netfn, call.command) {
            (0x0a, 0x23 | 0x43 | 0x47) if self.bugs.is(&Bug::NoReservation) => Err(0xc5),
            (0x0a, 0x23 | 0x43) if self.bugs.is(&Bug::EndlessRecords) => {
                answer.map(|mut data| {
                    if let Some(next) = data.first_chunk_mut::<2>() {
                        // Back and forth between two records, so that none is its own successor.
                        let asked = [call.data.get(2), call.data.get(3)];
                        *next = if asked == [Some(&1), Some(&0)] {
                            [2, 0]
                        } else {
                            [1, 0]
                        };
                    }
                    data
                })
            }
            (0x0a, 0x10) if self.bugs.is(&Bug::HugeInventory) => Ok(vec![0xff, 0xff, 0]),
            _ => answer,
        }
    }

    /// An answer in a former session that comes only now.
    fn late(&mut self, datagram: &[u8]) -> Option<Vec<u8>> {
        let session = session_of(datagram)?;
        if !self.bugs.is(&Bug::FormerSession) || session == [0; 4] {
            return None;
        }
        let memory = &mut self.memory;
        if let Some(latest) = memory.latest.replace(datagram.to_vec())
            && session_of(&latest) != Some(session)
        {
            memory.former = Some(latest);
        }
        memory.former.clone()
    }

    /// What bugs make of a datagram on its way out.
    pub(super) fn damage(&mut self, mut datagram: Vec<u8>) -> Vec<Sent> {
        self.memory.datagrams_out = self.memory.datagrams_out.wrapping_add(1);
        let count = self.memory.datagrams_out;
        let lost = |bug: &Bug| match bug {
            Bug::Lose(every) if count.is_multiple_of((*every).max(1)) => Some(()),
            Bug::LosePercent(percent) if chance(count, 1) < *percent => Some(()),
            _ => None,
        };
        if self.bugs.shows(lost).is_some() {
            return self.memory.held.take().into_iter().collect();
        }
        if self.bugs.is(&Bug::Replay) {
            let first = self.memory.first.get_or_insert_with(|| datagram.clone());
            datagram.clone_from(first);
        }
        if self.bugs.is(&Bug::BadIntegrity)
            && let Some(last) = datagram.last_mut()
        {
            *last ^= 0x55;
        }
        if self.bugs.is(&Bug::Garbage) {
            datagram = (0..48).map(|_| rand::random()).collect();
        }
        if self.bugs.is(&Bug::Huge) {
            datagram.resize(60_000, 0);
        }
        if self.bugs.is(&Bug::WrongLength) {
            claim_everything(&mut datagram);
        }
        if let Some(length) = self.bugs.shows(|bug| match bug {
            Bug::Truncated(length) => Some(*length),
            _ => None,
        }) {
            datagram.truncate(length);
        }
        let late = self.late(&datagram);
        let after = self.bugs.shows(|bug| match bug {
            Bug::Slow(by) => Some(*by),
            _ => None,
        });
        let sent = Sent {
            after: after.unwrap_or_default(),
            datagram,
        };
        if let Some(late) = late {
            return vec![at_once(late), sent];
        }
        if self.bugs.is(&Bug::Duplicate) {
            return vec![sent.clone(), sent];
        }
        if let Some(held) = self.memory.held.take() {
            return vec![sent, held];
        }
        if self.bugs.is(&Bug::Reorder) {
            self.memory.held = Some(sent);
            return vec![];
        }
        vec![sent]
    }
}

/// A number below 100 for the so-and-so-many-th datagram of a direction: without pattern, and the same
/// in every run.
fn chance(count: u32, direction: u64) -> u8 {
    // The mixing of SplitMix64.
    let mut mixed = (u64::from(count) << 1 | direction).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u8::try_from((mixed ^ (mixed >> 31)) % 100).unwrap_or_default()
}

/// The session a datagram names, in the wrapper of either version; none or 0 is outside a session.
fn session_of(datagram: &[u8]) -> Option<&[u8]> {
    let rmcp_plus = datagram.get(4) == Some(&0x06);
    datagram.get(if rmcp_plus { 6..10 } else { 9..13 })
}

/// The length of the payload, wherever the wrapper of either version has it, becomes the highest.
fn claim_everything(datagram: &mut [u8]) {
    let rmcp_plus = datagram.get(4) == Some(&0x06);
    let length = if rmcp_plus { 14..16 } else { 13..14 };
    if let Some(length) = datagram.get_mut(length) {
        length.fill(0xff);
    }
}
