//! Serial over LAN (IPMI 2.0 §15): numbered packets, acknowledged, and a line that echoes.

/// Bytes of characters in one packet.
const PART: usize = 80;

/// The serial line of one session.
#[derive(Debug, Clone, Default)]
pub struct Sol {
    /// Number of our last packet, 1–15.
    sent: u8,
    /// Number of the console's last packet and our answer to it, for its repetitions.
    last: Option<(u8, Vec<u8>)>,
    /// Our packet that waits for its acknowledgement.
    unacknowledged: Option<Vec<u8>>,
    /// Characters that wait for it.
    waiting: Vec<u8>,
    /// What the console typed.
    pub typed: Vec<u8>,
    /// Breaks received.
    pub breaks: u32,
}

impl Sol {
    /// Takes a packet; returns those to send.
    pub(super) fn receive(&mut self, packet: &[u8], echo: bool) -> Vec<Vec<u8>> {
        let [number, acknowledged, _accepted, operation, characters @ ..] = packet else {
            return vec![];
        };
        let mut answers = Vec::new();
        if *acknowledged != 0 && *acknowledged == self.sent {
            self.unacknowledged = None;
        }
        if *number != 0 {
            match &self.last {
                Some((last, answer)) if last == number => return vec![answer.clone()],
                _ => {}
            }
            if operation & 0x10 != 0 {
                self.breaks += 1;
            }
            self.typed.extend_from_slice(characters);
            if echo {
                self.waiting.extend_from_slice(characters);
            }
            let accepted = u8::try_from(characters.len()).unwrap_or(u8::MAX);
            let acknowledgement = vec![0, *number, accepted, 0];
            self.last = Some((*number, acknowledgement.clone()));
            answers.push(acknowledgement);
        } else if self.unacknowledged.is_some() {
            // The console speaks of another packet, or of none: it has not got ours.
            return self.unacknowledged.clone().into_iter().collect();
        }
        answers.extend(self.next());
        answers
    }

    /// Queues characters from the machine; returns a packet if the line is free.
    pub(super) fn print(&mut self, characters: &[u8]) -> Option<Vec<u8>> {
        self.waiting.extend_from_slice(characters);
        self.next()
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.unacknowledged.is_some() || self.waiting.is_empty() {
            return None;
        }
        self.sent = self.sent % 15 + 1;
        let part = self.waiting.len().min(PART);
        let mut packet = vec![self.sent, 0, 0, 0];
        packet.extend(self.waiting.drain(..part));
        self.unacknowledged = Some(packet.clone());
        Some(packet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_come_back_one_packet_at_a_time() {
        let mut line = Sol::default();
        let answers = line.receive(&[1, 0, 0, 0, b'h', b'i'], true);
        assert_eq!(answers, [vec![0, 1, 2, 0], vec![1, 0, 0, 0, b'h', b'i']]);
        assert_eq!(
            line.receive(&[1, 0, 0, 0, b'h', b'i'], true),
            [[0, 1, 2, 0]]
        );
        assert_eq!(line.receive(&[2, 0, 0, 0, b'!'], true), [[0, 2, 1, 0]]);
        assert_eq!(line.receive(&[0, 1, 2, 0], true), [[2, 0, 0, 0, b'!']]);
        assert_eq!(line.typed, b"hi!");
    }
}
