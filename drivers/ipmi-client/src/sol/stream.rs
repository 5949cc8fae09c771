//! Both directions of a line.

use std::collections::VecDeque;
use std::time::Instant;

use super::packet::{CHARACTERS_MAX, HEADER_LEN, Packet, operation, status};
use crate::error::Failure;
use crate::session::retry::{Retry, Timer};
use crate::wire::Malformed;

/// Characters that may wait to be sent.
pub const INPUT_MAX: usize = 16 * 1024;

/// Acknowledgements that may wait to be sent; a BMC has one packet on its way, so one is usual.
const ACKNOWLEDGEMENTS_MAX: usize = 16;

/// What the BMC says beside characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Characters cannot be passed to the machine for now: it is off or in reset.
    Unavailable,
    /// Characters from the machine were lost in the BMC.
    Overrun,
    /// The machine sent a break.
    Break,
}

const NOTICES: [(u8, Notice); 3] = [
    (status::UNAVAILABLE, Notice::Unavailable),
    (status::OVERRUN, Notice::Overrun),
    (status::BREAK, Notice::Break),
];

/// Something to be sent.
#[derive(Debug)]
enum Item {
    Characters(VecDeque<u8>),
    Break,
}

/// The packet that is not acknowledged yet.
#[derive(Debug)]
struct InFlight {
    packet: Packet,
    timer: Timer,
    /// The BMC has refused (a part of) it and is to say when it can go on.
    refused: bool,
}

/// A line without I/O. The owner gives it payloads and the time, and sends what it hands out.
#[derive(Debug)]
pub struct Stream {
    retry: Retry,
    /// Most characters in one packet of ours.
    characters_max: usize,
    sequence: u8,
    waiting: VecDeque<Item>,
    waiting_len: usize,
    in_flight: Option<InFlight>,
    outgoing: VecDeque<Packet>,
    /// Number and length of the last packet that was taken from the BMC.
    taken: Option<(u8, usize)>,
    /// Status bits of the last packet, so that a notice is given when something changes.
    status: u8,
    closed: bool,
}

impl Stream {
    /// A line that was opened just now. `inbound_max` is the largest payload the BMC takes, in
    /// bytes; an impossible one is replaced by a small one.
    pub fn new(inbound_max: u16, retry: Retry) -> Self {
        let room = usize::from(inbound_max).saturating_sub(HEADER_LEN);
        // Some firmware swaps the bytes of its sizes or leaves them 0.
        let characters_max = match room {
            1..=1020 => room.min(CHARACTERS_MAX),
            _ => 32,
        };
        Stream {
            retry,
            characters_max,
            sequence: 0,
            waiting: VecDeque::new(),
            waiting_len: 0,
            in_flight: None,
            outgoing: VecDeque::new(),
            taken: None,
            status: 0,
            closed: false,
        }
    }

    /// Whether more may be given to [`Stream::send`] now.
    pub const fn has_room(&self) -> bool {
        self.waiting_len < INPUT_MAX
    }

    /// Whether the BMC said that it closes the line.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Queues characters; what exceeds [`INPUT_MAX`] is not taken, and the rest is returned.
    pub fn send<'a>(&mut self, characters: &'a [u8]) -> &'a [u8] {
        let room = INPUT_MAX
            .saturating_sub(self.waiting_len)
            .min(characters.len());
        let (taken, rest) = characters.split_at(room);
        if !taken.is_empty() {
            self.waiting_len += taken.len();
            match self.waiting.back_mut() {
                Some(Item::Characters(queue)) => queue.extend(taken),
                _ => self
                    .waiting
                    .push_back(Item::Characters(taken.iter().copied().collect())),
            }
        }
        rest
    }

    /// Queues a break, after the characters that wait already. A second one behind it changes
    /// nothing.
    pub fn send_break(&mut self) {
        if !matches!(self.waiting.back(), Some(Item::Break)) {
            self.waiting.push_back(Item::Break);
        }
    }

    /// The payload to send now, if there is one.
    pub fn transmit(&mut self, now: Instant) -> Option<Vec<u8>> {
        if self.in_flight.is_none()
            && let Some(packet) = self.next_packet()
        {
            self.outgoing.push_back(packet.clone());
            self.in_flight = Some(InFlight {
                packet,
                timer: Timer::start(self.retry, now),
                refused: false,
            });
        }
        self.outgoing.pop_front().map(|packet| packet.encode())
    }

    /// When [`Stream::expire`] must be called.
    pub fn due(&self) -> Option<Instant> {
        self.in_flight.as_ref().map(|flight| flight.timer.due())
    }

    /// The time [`Stream::due`] named has come: the packet is repeated.
    ///
    /// # Errors
    /// [`Failure::Timeout`] when it was repeated often enough.
    pub fn expire(&mut self, now: Instant) -> Result<(), Failure> {
        let Some(flight) = &mut self.in_flight else {
            return Ok(());
        };
        if flight.timer.due() > now {
            return Ok(());
        }
        if !flight.timer.expire(now) {
            if flight.refused {
                // The BMC lives, it just takes nothing: the machine is off. Characters are not
                // saved up for when it is on again.
                self.in_flight = None;
                self.waiting.clear();
                self.waiting_len = 0;
                return Ok(());
            }
            return Err(Failure::Timeout {
                waited: flight.timer.waited(now),
                unanswered: flight.timer.sent(),
            });
        }
        self.outgoing.push_back(flight.packet.clone());
        Ok(())
    }

    /// Takes a payload of the BMC. Returns its new characters, and what else it says.
    ///
    /// # Errors
    /// [`Malformed`]; nothing has changed then.
    pub fn receive(
        &mut self,
        payload: &[u8],
        now: Instant,
    ) -> Result<(Vec<u8>, Vec<Notice>), Malformed> {
        let packet = Packet::decode(payload)?;
        self.acknowledged(&packet, now);
        let notices = self.notices(packet.flags);
        self.closed |= packet.flags & status::DEACTIVATING != 0;
        if packet.sequence == 0 {
            return Ok((Vec::new(), notices));
        }
        let mut characters = packet.characters;
        let len = characters.len();
        if let Some((sequence, before)) = self.taken
            && sequence == packet.sequence
        {
            // Repeated, as our acknowledgement was lost; a BMC may have added characters since.
            characters.drain(..before.min(len));
        }
        self.taken = Some((packet.sequence, len));
        if self.outgoing.len() < ACKNOWLEDGEMENTS_MAX {
            self.outgoing.push_back(Packet {
                acknowledged: packet.sequence,
                accepted: u8::try_from(len).unwrap_or(u8::MAX),
                ..Packet::default()
            });
        }
        Ok((characters, notices))
    }

    fn acknowledged(&mut self, packet: &Packet, now: Instant) {
        let Some(flight) = &mut self.in_flight else {
            return;
        };
        if packet.acknowledged != flight.packet.sequence {
            // Some firmware says with a packet of its own that it is ready again.
            if flight.refused && packet.flags & status::NACK == 0 {
                self.again();
            }
            return;
        }
        let len = flight.packet.characters.len();
        let accepted = usize::from(packet.accepted).min(len);
        let refused = packet.flags & status::NACK != 0;
        if accepted == len && !(refused && len == 0) {
            self.in_flight = None;
            return;
        }
        // A part was taken: the rest goes in a packet of its own, at once or when the BMC is ready.
        let rest = flight.packet.characters.split_off(accepted);
        let flags = if accepted > 0 { 0 } else { flight.packet.flags };
        if refused {
            // A number of its own even if nothing was taken: a BMC may remember the refused one.
            let sequence = following(flight.packet.sequence);
            self.sequence = sequence;
            let progress = accepted > 0;
            flight.packet = Packet {
                sequence,
                flags,
                characters: rest,
                ..Packet::default()
            };
            if progress || !flight.refused {
                flight.timer = Timer::start(self.retry, now);
            }
            flight.refused = true;
        } else {
            self.in_flight = None;
            self.waiting_len += rest.len();
            self.waiting.push_front(Item::Characters(rest.into()));
        }
    }

    /// Sends the refused packet again, before its time.
    fn again(&mut self) {
        if let Some(flight) = &mut self.in_flight
            && !self
                .outgoing
                .iter()
                .any(|packet| packet.sequence == flight.packet.sequence)
        {
            self.outgoing.push_back(flight.packet.clone());
        }
    }

    fn notices(&mut self, flags: u8) -> Vec<Notice> {
        let new = flags & !self.status;
        self.status = flags;
        NOTICES
            .iter()
            .filter(|(bit, _)| new & bit != 0)
            .map(|(_, notice)| *notice)
            .collect()
    }

    fn next_packet(&mut self) -> Option<Packet> {
        let (flags, characters) = match self.waiting.front_mut()? {
            Item::Break => {
                self.waiting.pop_front();
                (operation::BREAK, Vec::new())
            }
            Item::Characters(queue) => {
                let count = queue.len().min(self.characters_max);
                let characters: Vec<u8> = queue.drain(..count).collect();
                if queue.is_empty() {
                    self.waiting.pop_front();
                }
                self.waiting_len = self.waiting_len.saturating_sub(characters.len());
                (0, characters)
            }
        };
        self.sequence = following(self.sequence);
        Some(Packet {
            sequence: self.sequence,
            flags,
            characters,
            ..Packet::default()
        })
    }
}

/// 1 to 15, then 1 again.
const fn following(sequence: u8) -> u8 {
    if sequence >= 15 { 1 } else { sequence + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn stream() -> Stream {
        Stream::new(20, Retry::default())
    }

    fn sent(stream: &mut Stream, now: Instant) -> Vec<Packet> {
        std::iter::from_fn(|| stream.transmit(now))
            .map(|payload| Packet::decode(&payload).unwrap())
            .collect()
    }

    fn ack(acknowledged: u8, accepted: u8, flags: u8) -> Vec<u8> {
        Packet {
            acknowledged,
            accepted,
            flags,
            ..Packet::default()
        }
        .encode()
    }

    #[test]
    fn one_packet_at_a_time_as_large_as_the_bmc_takes() {
        let now = Instant::now();
        let mut line = stream();
        assert!(line.send(b"0123456789abcdefXYZ").is_empty());
        let first = sent(&mut line, now);
        assert_eq!(first.len(), 1);
        assert_eq!(first[0].characters, b"0123456789abcdef");
        line.receive(&ack(1, 16, 0), now).unwrap();
        let second = sent(&mut line, now);
        assert_eq!(
            (second[0].sequence, &second[0].characters[..]),
            (2, &b"XYZ"[..])
        );
    }

    #[test]
    fn an_unanswered_packet_is_repeated_as_it_was_and_then_given_up() {
        let now = Instant::now();
        let mut line = stream();
        line.send(b"a");
        let first = sent(&mut line, now);
        let mut repeats = 0;
        let failure = loop {
            let due = line.due().unwrap();
            match line.expire(due) {
                Ok(()) => assert_eq!(sent(&mut line, due), first),
                Err(failure) => break failure,
            }
            repeats += 1;
        };
        assert_eq!(repeats, 3);
        assert!(matches!(failure, Failure::Timeout { unanswered: 4, .. }));
    }

    #[test]
    fn what_was_not_accepted_is_sent_again_under_a_new_number() {
        let now = Instant::now();
        let mut line = stream();
        line.send(b"hello");
        sent(&mut line, now);
        line.receive(&ack(1, 2, 0), now).unwrap();
        let rest = sent(&mut line, now);
        assert_eq!(
            (rest[0].sequence, &rest[0].characters[..]),
            (2, &b"llo"[..])
        );
    }

    #[test]
    fn a_refused_packet_waits_until_the_bmc_is_ready() {
        let now = Instant::now();
        let mut line = stream();
        line.send(b"hello");
        sent(&mut line, now);
        line.receive(&ack(1, 1, status::NACK), now).unwrap();
        assert!(sent(&mut line, now).is_empty(), "not at once");
        line.receive(&ack(0, 0, 0), now).unwrap();
        let again = sent(&mut line, now);
        assert_eq!(
            (again[0].sequence, &again[0].characters[..]),
            (2, &b"ello"[..])
        );
    }

    #[test]
    fn a_machine_that_is_off_gets_nothing_later() {
        let mut now = Instant::now();
        let mut line = stream();
        line.send(b"reboot\r");
        sent(&mut line, now);
        line.receive(&ack(1, 0, status::NACK | status::UNAVAILABLE), now)
            .unwrap();
        while let Some(due) = line.due() {
            now = due;
            line.expire(now).unwrap();
            for packet in sent(&mut line, now) {
                line.receive(&ack(packet.sequence, 0, status::NACK), now)
                    .unwrap();
            }
        }
        assert!(now.elapsed() < Duration::from_secs(1), "time was stepped");
        assert!(sent(&mut line, now).is_empty());
        line.send(b"x");
        assert_eq!(sent(&mut line, now)[0].characters, b"x");
    }

    #[test]
    fn characters_are_taken_once_and_acknowledged_each_time() {
        let now = Instant::now();
        let mut line = stream();
        let data = Packet {
            sequence: 5,
            characters: b"login: ".to_vec(),
            ..Packet::default()
        };
        assert_eq!(line.receive(&data.encode(), now).unwrap().0, b"login: ");
        assert_eq!(line.receive(&data.encode(), now).unwrap().0, b"");
        let longer = Packet {
            characters: b"login: r".to_vec(),
            ..data
        };
        assert_eq!(line.receive(&longer.encode(), now).unwrap().0, b"r");
        let acks: Vec<_> = sent(&mut line, now)
            .iter()
            .map(|packet| (packet.sequence, packet.acknowledged, packet.accepted))
            .collect();
        assert_eq!(acks, [(0, 5, 7), (0, 5, 7), (0, 5, 8)]);
    }

    #[test]
    fn a_break_stands_in_line_with_the_characters() {
        let now = Instant::now();
        let mut line = stream();
        line.send(b"a");
        line.send_break();
        line.send_break();
        line.send(b"b");
        let mut order = Vec::new();
        for _ in 0..3 {
            for packet in sent(&mut line, now) {
                line.receive(&ack(packet.sequence, packet.characters.len() as u8, 0), now)
                    .unwrap();
                order.push((packet.flags, packet.characters));
            }
        }
        assert_eq!(
            order,
            [
                (0, b"a".to_vec()),
                (operation::BREAK, vec![]),
                (0, b"b".to_vec())
            ]
        );
    }

    #[test]
    fn what_waits_has_a_bound() {
        let mut line = stream();
        let much = vec![b'x'; INPUT_MAX + 10];
        assert_eq!(line.send(&much).len(), 10);
        assert!(!line.has_room());
    }

    #[test]
    fn the_bmc_says_that_it_closes_and_what_it_lost() {
        let now = Instant::now();
        let mut line = stream();
        let (_, notices) = line.receive(&ack(0, 0, status::OVERRUN), now).unwrap();
        assert_eq!(notices, [Notice::Overrun]);
        let (_, again) = line.receive(&ack(0, 0, status::OVERRUN), now).unwrap();
        assert!(again.is_empty(), "said once");
        line.receive(&ack(0, 0, status::DEACTIVATING), now).unwrap();
        assert!(line.is_closed());
    }

    proptest::proptest! {
        #[test]
        fn any_payloads_at_any_time_are_survived(
            payloads in proptest::collection::vec(
                proptest::collection::vec(proptest::num::u8::ANY, 0..64), 0..64),
            keys in proptest::collection::vec(proptest::num::u8::ANY, 0..256),
        ) {
            let mut now = Instant::now();
            let mut line = Stream::new(16, Retry::default());
            for (index, payload) in payloads.iter().enumerate() {
                line.send(&keys);
                if index % 3 == 0 { line.send_break(); }
                let _ = line.receive(payload, now);
                while line.transmit(now).is_some() {}
                now += Duration::from_millis(700);
                if line.expire(now).is_err() { break; }
                proptest::prop_assert!(line.outgoing.len() <= ACKNOWLEDGEMENTS_MAX + 1);
                proptest::prop_assert!(line.waiting_len <= INPUT_MAX + CHARACTERS_MAX);
            }
        }

        #[test]
        fn all_characters_arrive_in_order_over_a_bad_line(
            text in proptest::collection::vec(proptest::num::u8::ANY, 1..400),
            fate in proptest::collection::vec(0u8..6, 1..64),
        ) {
            let mut now = Instant::now();
            let retry = Retry { sends: 1000, ..Retry::default() };
            let mut line = Stream::new(12, retry);
            line.send(&text);
            let (mut machine, mut last, mut step) = (Vec::new(), None, 0usize);
            for _ in 0..20_000 {
                let Some(payload) = line.transmit(now) else {
                    match line.due() {
                        None => break,
                        Some(due) => { now = due; line.expire(now).unwrap(); continue; }
                    }
                };
                let packet = Packet::decode(&payload).unwrap();
                let fate = fate[step % fate.len()];
                step += 1;
                let len = packet.characters.len() as u8;
                let repeated = last == Some(packet.sequence);
                // 0: lost; 1: its acknowledgement is lost; 2: a part is taken; 3: a part, with a
                // NACK; else: taken. At least every fifth is taken.
                let answer = match if step % 5 == 0 { 5 } else { fate } {
                    0 => continue,
                    _ if repeated => ack(packet.sequence, len, 0),
                    2 if len > 1 => {
                        machine.extend_from_slice(&packet.characters[..1]);
                        last = Some(packet.sequence);
                        ack(packet.sequence, 1, 0)
                    }
                    3 if len > 1 => {
                        machine.extend_from_slice(&packet.characters[..1]);
                        last = Some(packet.sequence);
                        ack(packet.sequence, 1, status::NACK)
                    }
                    other => {
                        machine.extend_from_slice(&packet.characters);
                        last = Some(packet.sequence);
                        if other == 1 { continue }
                        ack(packet.sequence, len, 0)
                    }
                };
                line.receive(&answer, now).unwrap();
            }
            proptest::prop_assert_eq!(machine, text);
        }
    }
}
