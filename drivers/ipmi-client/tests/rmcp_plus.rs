//! Sessions over a network without sockets: loss, duplicates, reordering, and stepped time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_ipmi_client::Failure;
use drivers_ipmi_client::command::Command;
use drivers_ipmi_client::command::chassis::{ChassisAction, ChassisControl, GetChassisStatus};
use drivers_ipmi_client::session::entropy::Entropy;
use drivers_ipmi_client::session::retry::Retry;
use drivers_ipmi_client::session::{Credentials, Outcome, Parameters, Privilege, Session};
use drivers_ipmi_client::wire::message::Request;
use drivers_sim::ipmi::Bmc;
use schemas_model::secret::Secret;

/// Reproducible and never twice the same.
struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

/// What the network does with the n-th datagram.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Deliver,
    Lose,
    Twice,
    /// Delivered after the next one.
    Late,
}

struct Wire {
    bmc: Bmc,
    session: Session,
    now: Instant,
    count: usize,
    to_bmc: fn(usize) -> Fate,
    to_console: fn(usize) -> Fate,
    held: Vec<Vec<u8>>,
    answers: usize,
    /// The BMC forgets its sessions when it gets this datagram.
    forget_at: Option<usize>,
    /// How long the BMC takes for every datagram.
    delay: Duration,
    /// Answers on their way, and when they arrive.
    coming: VecDeque<(Instant, Vec<u8>)>,
}

fn always(_: usize) -> Fate {
    Fate::Deliver
}

fn parameters(password: &str, suites: &[u8]) -> Parameters {
    let credentials = Credentials::new("admin", &password.into(), None).unwrap();
    Parameters::v20(credentials, Privilege::Administrator, suites).unwrap()
}

impl Wire {
    fn new(bmc: Bmc, parameters: Parameters) -> Self {
        Wire {
            bmc,
            session: Session::new(
                Arc::new(parameters),
                Retry::default(),
                Box::new(Counting(42)),
            ),
            now: Instant::now(),
            count: 0,
            to_bmc: always,
            to_console: always,
            held: vec![],
            answers: 0,
            forget_at: None,
            delay: Duration::ZERO,
            coming: VecDeque::new(),
        }
    }

    fn open(&mut self) -> Result<Outcome, Failure> {
        self.session.open(self.now);
        self.run()
    }

    fn request(&mut self, request: &Request) -> Result<Outcome, Failure> {
        self.session
            .request(request, None, Retry::default(), self.now);
        self.run()
    }

    fn power_on(&mut self) -> bool {
        match self.request(&GetChassisStatus.request()).unwrap() {
            Outcome::Answered(response) => {
                assert_eq!(response.completion, 0);
                GetChassisStatus::decode(&response.data).unwrap().power_on
            }
            other => panic!("{other:?}"),
        }
    }

    /// Lets time pass and datagrams travel until the exchange ends.
    fn run(&mut self) -> Result<Outcome, Failure> {
        for _ in 0..200 {
            if let Some(datagram) = self.session.transmit() {
                self.count += 1;
                if self.forget_at == Some(self.count) {
                    self.bmc.sessions.clear();
                }
                let copies = match (self.to_bmc)(self.count) {
                    Fate::Deliver | Fate::Late => 1,
                    Fate::Lose => 0,
                    Fate::Twice => 2,
                };
                for _ in 0..copies {
                    for answer in self.bmc.receive(&datagram) {
                        if self.delay.is_zero() {
                            self.deliver(answer);
                        } else {
                            self.coming.push_back((self.now + self.delay, answer));
                        }
                    }
                }
                continue;
            }
            if let Some(ended) = self.session.outcome() {
                return ended;
            }
            let due = self.session.due().expect("an exchange has a due time");
            if self.coming.front().is_some_and(|(at, _)| *at < due) {
                let (at, answer) = self.coming.pop_front().unwrap();
                self.now = at;
                self.deliver(answer);
                continue;
            }
            self.now = due;
            self.session.expire(self.now);
        }
        panic!("the exchange never ends");
    }

    fn deliver(&mut self, answer: Vec<u8>) {
        self.answers += 1;
        match (self.to_console)(self.answers) {
            Fate::Lose => {}
            Fate::Late => self.held.push(answer),
            Fate::Deliver => self.arrive(&answer),
            Fate::Twice => {
                self.arrive(&answer);
                self.arrive(&answer);
            }
        }
    }

    fn arrive(&mut self, answer: &[u8]) {
        self.session.receive(answer, self.now);
        for held in std::mem::take(&mut self.held) {
            self.session.receive(&held, self.now);
        }
    }
}

#[test]
fn every_suite_opens_a_session_and_carries_commands() {
    for suite in [1, 2, 3, 15, 16, 17] {
        let mut wire = Wire::new(Bmc::default(), parameters("password", &[suite]));
        assert_eq!(wire.open().unwrap(), Outcome::Opened, "suite {suite}");
        assert_eq!(wire.session.how().cipher_suite, Some(suite));
        assert!(!wire.power_on());
        wire.request(&ChassisControl(ChassisAction::PowerUp).request())
            .unwrap();
        assert!(wire.power_on());
        wire.session.close(wire.now);
        assert_eq!(wire.run().unwrap(), Outcome::Closed);
        assert!(wire.bmc.sessions.is_empty(), "its slot is free again");
    }
}

#[test]
fn the_first_suite_that_the_bmc_takes_is_used_and_remembered() {
    let bmc = Bmc {
        suites: vec![3],
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17, 16, 3]));
    wire.open().unwrap();
    assert_eq!(wire.session.how().cipher_suite, Some(3));
    wire.session.close(wire.now);
    wire.run().unwrap();
    let before = wire.count;
    wire.open().unwrap();
    assert_eq!(
        wire.count - before,
        5,
        "capabilities, open, two RAKP messages, privilege: no refused suite again"
    );
}

#[test]
fn refused_suites_are_named() {
    let bmc = Bmc {
        suites: vec![3],
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17, 16]));
    let failure = wire.open().unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the BMC refused cipher suite 17, 16: no cipher suite match with proposed security \
         algorithms (status 0x11)"
    );
}

#[test]
fn a_wrong_password_is_noticed_before_we_prove_anything() {
    for suite in [3, 17] {
        let mut wire = Wire::new(Bmc::default(), parameters("passwort", &[suite]));
        assert!(matches!(
            wire.open().unwrap_err(),
            Failure::WrongCredentials { .. }
        ));
        assert_eq!(wire.count, 3, "no RAKP message 3 was sent");
    }
}

#[test]
fn ipmi_15_proves_a_wrong_password_twice_at_most() {
    let credentials = Credentials::new("admin", &"passwort".into(), None).unwrap();
    let parameters = Parameters::v15(credentials, Privilege::Administrator).unwrap();
    let mut wire = Wire::new(Bmc::default(), parameters);
    let failure = wire.open().unwrap_err();
    assert!(matches!(failure, Failure::WrongCredentials { .. }));
    assert_eq!(
        wire.count, 5,
        "capabilities, then challenge and activation twice"
    );
}

#[test]
fn a_wrong_name_is_wrong_credentials() {
    let bmc = Bmc {
        user: "root".into(),
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17]));
    let failure = wire.open().unwrap_err();
    assert!(matches!(failure, Failure::WrongCredentials { .. }));
    assert!(failure.to_string().contains("unauthorized name"));
}

#[test]
fn the_kg_key_is_used_and_a_wrong_one_is_its_own_failure() {
    let with_kg = |kg: Option<&[u8]>| {
        let kg = kg.map(|kg| Secret::new(kg.to_vec()));
        let credentials = Credentials::new("admin", &"password".into(), kg.as_ref()).unwrap();
        Parameters::v20(credentials, Privilege::Administrator, &[17]).unwrap()
    };
    let bmc = || {
        let mut kg = [0; 20];
        kg[..3].copy_from_slice(b"key");
        Bmc {
            kg: Some(kg),
            ..Bmc::default()
        }
    };
    Wire::new(bmc(), with_kg(Some(b"key"))).open().unwrap();
    for wrong in [None, Some(&b"yek"[..])] {
        let failure = Wire::new(bmc(), with_kg(wrong)).open().unwrap_err();
        assert!(matches!(failure, Failure::WrongKg), "{failure}");
    }
}

#[test]
fn too_much_privilege_is_its_own_failure_and_leaves_no_session_behind() {
    let bmc = Bmc {
        privilege_limit: 3,
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17]));
    assert!(matches!(
        wire.open().unwrap_err(),
        Failure::PrivilegeRefused { .. }
    ));
    assert!(wire.bmc.sessions.is_empty());
}

#[test]
fn a_bmc_without_free_sessions_says_so() {
    let bmc = Bmc {
        slots: 0,
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17]));
    let failure = wire.open().unwrap_err();
    assert!(matches!(failure, Failure::NoFreeSession));
    assert!(failure.is_transient());
}

#[test]
fn each_lost_request_is_sent_again() {
    // Every second datagram towards the BMC is lost, whichever it is.
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.to_bmc = |n| {
        if n % 2 == 1 {
            Fate::Lose
        } else {
            Fate::Deliver
        }
    };
    wire.open().unwrap();
    assert!(!wire.power_on());
}

#[test]
fn a_command_whose_answer_is_lost_is_executed_once() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.open().unwrap();
    wire.answers = 0;
    wire.to_console = |n| if n == 1 { Fate::Lose } else { Fate::Deliver };
    wire.request(&ChassisControl(ChassisAction::PowerCycle).request())
        .unwrap();
    let cycles = wire
        .bmc
        .executed
        .iter()
        .filter(|(netfn, command, _)| (*netfn, *command) == (0, 2))
        .count();
    assert_eq!(cycles, 1, "the retransmission had the same request number");
}

#[test]
fn duplicates_in_both_directions_do_no_harm() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[3]));
    wire.to_bmc = |_| Fate::Twice;
    wire.to_console = |_| Fate::Twice;
    wire.open().unwrap();
    assert!(!wire.power_on());
    wire.request(&ChassisControl(ChassisAction::PowerUp).request())
        .unwrap();
    assert!(wire.power_on());
}

#[test]
fn an_answer_that_comes_after_its_retransmission_is_taken_for_its_own_request_only() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.open().unwrap();
    // The answer to "power on" arrives late, together with that to its retransmission.
    wire.answers = 0;
    wire.to_console = |n| if n == 1 { Fate::Late } else { Fate::Deliver };
    wire.request(&ChassisControl(ChassisAction::PowerUp).request())
        .unwrap();
    assert!(wire.power_on());
}

#[test]
fn a_silent_bmc_times_out_after_the_last_wait() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.to_bmc = |_| Fate::Lose;
    let began = wire.now;
    let failure = wire.open().unwrap_err();
    assert!(matches!(failure, Failure::Timeout { unanswered: 4, .. }));
    assert_eq!(wire.now - began, Duration::from_secs(12));
    assert!(!wire.session.is_open());
}

#[test]
fn a_suite_that_the_bmc_ignores_is_followed_by_the_next() {
    let bmc = Bmc {
        suites: vec![3],
        ignores_unknown_suites: true,
        ..Bmc::default()
    };
    let mut wire = Wire::new(bmc, parameters("password", &[17, 3]));
    assert_eq!(wire.open().unwrap(), Outcome::Opened);
    assert_eq!(wire.session.how().cipher_suite, Some(3));
}

#[test]
fn a_failed_set_up_names_the_suite_it_tried() {
    let mut wire = Wire::new(Bmc::default(), parameters("passwort", &[17]));
    wire.open().unwrap_err();
    assert_eq!(wire.session.how().cipher_suite, Some(17));
}

#[test]
fn a_bmc_that_forgot_the_session_looks_silent() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.open().unwrap();
    wire.bmc.sessions.clear();
    let failure = wire.request(&GetChassisStatus.request()).unwrap_err();
    assert!(matches!(failure, Failure::Timeout { .. }));
    wire.open().unwrap();
    assert!(!wire.power_on());
}

/// How long opening takes, with the usual waits, when the BMC forgets its sessions at the moment it
/// would answer the n-th datagram.
fn forgetting(n: usize) -> (Wire, Duration) {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.forget_at = Some(n);
    let began = wire.now;
    wire.open().unwrap();
    let took = wire.now - began;
    (wire, took)
}

#[test]
fn a_session_forgotten_while_it_is_opened_costs_two_datagrams() {
    // RAKP message 1, RAKP message 3, Set Session Privilege Level. A BMC may refuse the messages
    // of a session it does not know, which costs nothing, or drop them.
    for n in [3, 4, 5] {
        let (mut wire, took) = forgetting(n);
        assert!(took <= Duration::from_secs(3), "datagram {n}: {took:?}");
        assert!(!wire.power_on());
    }
}

#[test]
fn a_slow_bmc_is_not_taken_for_one_that_forgot() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.delay = Duration::from_millis(3500);
    wire.open().unwrap();
    let opened = wire
        .bmc
        .sessions
        .values()
        .filter(|session| session.is_open());
    assert_eq!(opened.count(), 1, "no set-up was begun twice");
    assert_eq!(wire.session.pace(), wire.delay);
    assert!(!wire.power_on());
}

#[test]
fn loss_is_not_taken_for_slowness() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.to_console = |n| {
        if n % 2 == 0 {
            Fate::Lose
        } else {
            Fate::Deliver
        }
    };
    let began = wire.now;
    wire.open().unwrap();
    for _ in 0..20 {
        assert!(!wire.power_on());
    }
    // Every exchange but the first loses one answer, and waits a second for it.
    assert_eq!(wire.now - began, Duration::from_secs(24));
}

#[test]
fn a_forged_answer_is_dropped() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.open().unwrap();
    wire.session.request(
        &GetChassisStatus.request(),
        None,
        Retry::default(),
        wire.now,
    );
    let request = wire.session.transmit().unwrap();
    let answer = wire.bmc.receive(&request).remove(0);
    for index in 0..answer.len() {
        let mut forged = answer.clone();
        forged[index] ^= 0x01;
        // RMCP's reserved and sequence bytes protect nothing.
        if (1..3).contains(&index) {
            continue;
        }
        wire.session.receive(&forged, wire.now);
        assert!(wire.session.outcome().is_none(), "byte {index}");
    }
    wire.session.receive(&answer, wire.now);
    assert!(wire.session.outcome().unwrap().is_ok());
}

#[test]
fn a_replayed_answer_is_dropped() {
    let mut wire = Wire::new(Bmc::default(), parameters("password", &[17]));
    wire.open().unwrap();
    let mut old = vec![];
    for round in 0..65 {
        wire.session.request(
            &GetChassisStatus.request(),
            None,
            Retry::default(),
            wire.now,
        );
        let request = wire.session.transmit().unwrap();
        let answer = wire.bmc.receive(&request).remove(0);
        if round == 0 {
            old = answer.clone();
        }
        // After 64 requests the numbers repeat; only the session's number tells them apart.
        wire.session.receive(&old, wire.now);
        if round == 0 {
            assert!(wire.session.outcome().unwrap().is_ok());
            continue;
        }
        assert!(wire.session.outcome().is_none(), "round {round}");
        wire.session.receive(&answer, wire.now);
        assert!(wire.session.outcome().unwrap().is_ok());
    }
}

/// Our BMC against a console nobody here wrote, with the suite that `ipmi_sim` lacks.
#[test]
#[ignore = "needs ipmitool"]
fn ipmitool_agrees() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    let bmc = std::thread::spawn(move || {
        let mut bmc = Bmc::default();
        bmc.machine.on = true;
        socket
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let mut buffer = [0; 2048];
        while let Ok((len, from)) = socket.recv_from(&mut buffer) {
            for answer in bmc.receive(&buffer[..len]) {
                socket.send_to(&answer, from).unwrap();
            }
        }
    });
    for suite in ["17", "16", "15", "3", "2", "1"] {
        let output = std::process::Command::new("ipmitool")
            .args(["-I", "lanplus", "-C", suite, "-H", "127.0.0.1", "-p"])
            .arg(port.to_string())
            .args(["-U", "admin", "-P", "password", "power", "status"])
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "Chassis Power is on\n",
            "suite {suite}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    bmc.join().unwrap();
}
