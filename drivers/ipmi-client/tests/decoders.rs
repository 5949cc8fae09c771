//! No decoder panics, whatever arrives, and what we encode we understand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use drivers_ipmi_client::command::Command;
use drivers_ipmi_client::command::auth_capabilities::GetAuthCapabilities;
use drivers_ipmi_client::command::boot_options::GetBootFlags;
use drivers_ipmi_client::command::chassis::GetChassisStatus;
use drivers_ipmi_client::command::device_id::GetDeviceId;
use drivers_ipmi_client::command::fru::{GetFruAreaInfo, ReadFru};
use drivers_ipmi_client::command::sdr::{GetSdr, ReserveSdrRepository};
use drivers_ipmi_client::command::sel::{ClearSel, GetSelEntry, GetSelInfo, ReserveSel};
use drivers_ipmi_client::command::sensor::{
    GetSensorEventEnable, GetSensorEventStatus, GetSensorReading,
};
use drivers_ipmi_client::command::session::SetSessionPrivilege;
use drivers_ipmi_client::command::session15::{ActivateSession, GetSessionChallenge};
use drivers_ipmi_client::crypto::confidentiality;
use drivers_ipmi_client::fru::Inventory;
use drivers_ipmi_client::sdr::{Record, SensorRecord};
use drivers_ipmi_client::session::entropy::System;
use drivers_ipmi_client::session::retry::Retry;
use drivers_ipmi_client::session::{Credentials, Parameters, Privilege, Session, rakp};
use drivers_ipmi_client::wire::message::{self, Addressing, NetFn, Request};
use drivers_ipmi_client::wire::{asf, bridge, rmcp, session15, session20};
use drivers_ipmi_client::{Client, ClientConfig, Limits, Target};
use drivers_sim::ipmi::{Bmc, IpmiBmc};
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..120)
}

/// Decodes as every command; only panics count.
fn decode_as_every_command(data: &[u8]) {
    macro_rules! all {
        ($($command:ty),+ $(,)?) => { $(let _ = <$command>::decode(data);)+ };
    }
    all!(
        GetAuthCapabilities,
        GetSessionChallenge,
        ActivateSession,
        SetSessionPrivilege,
        GetDeviceId,
        GetChassisStatus,
        GetBootFlags,
        GetFruAreaInfo,
        ReadFru,
        ReserveSdrRepository,
        GetSdr,
        GetSelInfo,
        ReserveSel,
        GetSelEntry,
        ClearSel,
        GetSensorReading,
        GetSensorEventEnable,
        GetSensorEventStatus,
    );
}

fn parameters(v15: bool) -> Parameters {
    let credentials = Credentials::new("admin", &"password".into(), None).unwrap();
    if v15 {
        Parameters::v15(credentials, Privilege::Administrator).unwrap()
    } else {
        Parameters::v20(credentials, Privilege::Administrator, &[17, 3, 1]).unwrap()
    }
}

/// An RMCP+ datagram with a valid header around anything.
fn framed(payload_type: u8, payload: &[u8]) -> Vec<u8> {
    let mut datagram = vec![0x06, 0x00, 0xff, 0x07, 0x06, payload_type];
    datagram.extend([0; 8]);
    datagram.extend(u16::try_from(payload.len()).unwrap().to_le_bytes());
    datagram.extend(payload);
    datagram
}

proptest! {
    #[test]
    fn wire_decoders(data in bytes()) {
        let _ = rmcp::decode(&data);
        let _ = asf::decode_pong(&data);
        let _ = session15::decode(&data);
        let _ = session20::decode(&data);
        let _ = message::decode_response(&data);
        let _ = rakp::open_session_response(&data);
        let _ = rakp::rakp2(&data);
        let _ = rakp::rakp4(&data);
        let _ = confidentiality::decrypt(&[7; 16], &data);
    }

    #[test]
    fn command_decoders(data in bytes()) {
        decode_as_every_command(&data);
    }

    #[test]
    fn sensor_records(kind in 1u8..4, body in bytes(), raw in any::<u8>()) {
        let mut record = vec![1, 0, 0x51, kind, u8::try_from(body.len()).unwrap()];
        record.extend(body);
        if let Ok(Some(sensor)) = SensorRecord::decode(&record)
            && let Some(conversion) = sensor.conversion()
        {
            let _ = (conversion.value(raw), conversion.difference(raw));
        }
    }

    #[test]
    fn records_of_any_type(kind in any::<u8>(), claimed in any::<u8>(), body in bytes()) {
        let honest = u8::try_from(body.len()).unwrap();
        for length in [honest, claimed] {
            let mut record = vec![1, 0, 0x51, kind, length];
            record.extend(&body);
            let _ = Record::decode(&record);
        }
        let _ = Record::decode(&body);
    }

    /// Inventories whose header and areas are framed well enough to be looked into.
    #[test]
    fn inventories(kind in 2usize..5, area in vec(any::<u8>(), 0..200), raw in bytes()) {
        let _ = Inventory::decode(&raw);
        let sum = |bytes: &[u8]| bytes.iter().fold(0u8, |sum, byte| sum.wrapping_sub(*byte));
        let mut header = vec![1, 0, 0, 0, 0, 0, 0];
        header[kind] = 1;
        header.push(sum(&header));
        let mut framed = vec![1, u8::try_from(area.len() / 8 + 2).unwrap()];
        framed.extend(&area);
        framed.resize(usize::from(framed[1]) * 8 - 1, 0);
        framed.push(sum(&framed));
        header.extend(framed);
        let inventory = Inventory::decode(&header).unwrap();
        let found = [inventory.chassis.is_some(), inventory.board.is_some(), inventory.product.is_some()];
        prop_assert!(found[kind - 2]);
    }

    #[test]
    fn event_log_entries(entry in any::<[u8; 16]>(), kind in prop::sample::select(vec![0x02u8, 0xc0, 0xdf, 0xe0, 0xff])) {
        let mut entry = entry;
        entry[2] = kind;
        let record = GetSelEntry::decode(&[&[0, 0], &entry[..]].concat()).unwrap();
        let event = record.event();
        prop_assert_eq!(event.id, u16::from_le_bytes([entry[0], entry[1]]));
        prop_assert!(!event.what.is_empty());
    }

    #[test]
    fn bridged_answers(data in bytes(), completion in any::<u8>()) {
        let _ = bridge::unwrap(message::Response {
            netfn: NetFn::APP,
            command: bridge::SEND_MESSAGE,
            sequence: 1,
            completion,
            data,
        });
    }

    #[test]
    fn requests_survive_the_wire(
        command in any::<u8>(),
        lun in 0u8..4,
        sequence in 0u8..64,
        data in bytes(),
    ) {
        let request = Request { netfn: NetFn::STORAGE, lun, command, data };
        let addressing = Addressing { responder: 0x20, requester: 0x81, sequence };
        let encoded = message::encode_request(&request, addressing);
        prop_assert_eq!(message::checksum(&encoded[..3]), 0);
        prop_assert_eq!(message::checksum(&encoded[3..]), 0);
        prop_assert_eq!(&encoded[6..encoded.len() - 1], &request.data[..]);
        prop_assert_eq!((encoded[1], encoded[4] >> 2, encoded[5]),
            (0x0a << 2 | lun, sequence, command));
    }

    #[test]
    fn encrypted_payloads_survive(key in any::<[u8; 16]>(), iv in any::<[u8; 16]>(), data in bytes()) {
        let payload = confidentiality::encrypt(&key, iv, &data);
        prop_assert_eq!(confidentiality::decrypt(&key, &payload).unwrap(), data);
    }

    /// A session that is being opened is fed with anything, framed well enough to get deep.
    #[test]
    fn opening_sessions(
        v15 in any::<bool>(),
        datagrams in vec((0u8..0x18, bytes()), 1..12),
        answered in 0usize..4,
    ) {
        let now = Instant::now();
        let mut session =
            Session::new(Arc::new(parameters(v15)), Retry::default(), Box::new(System));
        let mut bmc = Bmc::default();
        session.open(now);
        for _ in 0..answered {
            let Some(datagram) = session.transmit() else { break };
            for answer in bmc.receive(&datagram) {
                session.receive(&answer, now);
            }
        }
        for (payload_type, payload) in datagrams {
            session.receive(&payload, now);
            session.receive(&framed(payload_type, &payload), now);
        }
    }

    /// A damaged answer to a command never counts as an answer.
    #[test]
    fn damaged_answers(position in any::<prop::sample::Index>(), flip in 1u8..) {
        let now = Instant::now();
        let mut session =
            Session::new(Arc::new(parameters(false)), Retry::default(), Box::new(System));
        let mut bmc = Bmc::default();
        session.open(now);
        while let Some(datagram) = session.transmit() {
            for answer in bmc.receive(&datagram) {
                session.receive(&answer, now);
            }
        }
        prop_assert!(session.is_open());
        let _ = session.outcome();
        session.request(&GetChassisStatus.request(), None, Retry::default(), now);
        let request = session.transmit().unwrap();
        let mut answer = bmc.receive(&request).remove(0);
        // The RMCP header's reserved and sequence bytes are not protected.
        let index = 3 + position.index(answer.len() - 3);
        answer[index] ^= flip;
        session.receive(&answer, now);
        prop_assert!(session.outcome().is_none());
    }
}

/// Network function and number of every command that walks records, logs or inventories.
const WALKS: [(u8, u8); 10] = [
    (0x04, 0x29),
    (0x04, 0x2b),
    (0x04, 0x2d),
    (0x0a, 0x10),
    (0x0a, 0x11),
    (0x0a, 0x22),
    (0x0a, 0x23),
    (0x0a, 0x40),
    (0x0a, 0x42),
    (0x0a, 0x43),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a BMC answers, under a valid integrity code, its walks end in time.
    #[test]
    fn walks_end(
        answers in vec((prop::sample::select(WALKS.to_vec()), bytes(), prop::option::weighted(0.1, any::<u8>())), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(walk(answers));
    }
}

type Answer = ((u8, u8), Vec<u8>, Option<u8>);

async fn walk(answers: Vec<Answer>) {
    const PATIENCE: Duration = Duration::from_millis(150);
    let bmc = IpmiBmc::start(Bmc::default()).await.unwrap();
    for (command, data, refusal) in answers {
        let answer = refusal.map_or(Ok(data), Err);
        bmc.lock().raw_replies.insert(command, answer);
    }
    let target = Target {
        host: bmc.address().ip().to_string(),
        port: bmc.address().port(),
        parameters: Arc::new(parameters(false)),
        route: None,
    };
    let client = Client::new(ClientConfig::default());
    let began = Instant::now();
    for what in 0..3 {
        let limits = Limits::within(PATIENCE);
        let mut operation = client.operation(&target, limits).await.unwrap();
        // Panics and lateness count, failures do not.
        match what {
            0 => drop(operation.sensors().await),
            1 => {
                for record in operation.event_log().await.unwrap_or_default() {
                    assert!(!record.event().what.is_empty());
                }
            }
            _ => drop(operation.inventory(0).await),
        }
    }
    assert!(began.elapsed() < PATIENCE * 3 + Duration::from_millis(500));
    client.shutdown().await;
}
