//! BMCs that misbehave: each ends in a typed error, in time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::time::{Duration, Instant};

use drivers_redfish_client::{
    AuthType, Bmc, BmcAddress, BmcSettings, ErrorKind, ResourcePath, Retry,
};
use serde_json::json;
use support::{Act, FakeBmc, json};

fn path(text: &str) -> ResourcePath {
    ResourcePath::parse(text).unwrap()
}

async fn reason(fake: &FakeBmc) -> ErrorKind {
    let started = Instant::now();
    let error = fake
        .bmc(AuthType::None)
        .within(Duration::from_secs(2))
        .get(&path("/redfish/v1/Systems/1"))
        .await
        .unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(4), "{error}");
    assert!(
        error
            .to_string()
            .starts_with(&format!("BMC {}: GET /redfish/v1/Systems/1: ", fake.origin)),
        "{error}"
    );
    error.kind().clone()
}

#[tokio::test]
async fn silent_slow_and_endless_answers() {
    assert!(matches!(
        reason(&FakeBmc::start(|_, _| Act::Hang).await).await,
        ErrorKind::Overdue { answered: 0, .. }
    ));
    assert!(matches!(
        reason(&FakeBmc::start(|_, _| Act::Drip).await).await,
        ErrorKind::Overdue { answered: 0, .. }
    ));
    let fake = FakeBmc::start(|_, _| Act::Hang).await;
    let mut settings = fake.settings(AuthType::None);
    settings.timeouts.operation = Duration::from_secs(1);
    let hurried = Bmc::new(settings).within(Duration::from_secs(60));
    let error = hurried.get(&path("/")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    let fake = FakeBmc::start(|_, _| Act::Flood).await;
    let mut settings = fake.settings(AuthType::None);
    settings.limits.body = 1 << 20;
    let error = Bmc::new(settings).get(&path("/")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooLarge(1 << 20));
}

#[tokio::test]
async fn an_announced_flood_is_not_read() {
    let fake = FakeBmc::start(|_, _| {
        Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n".to_vec())
    })
    .await;
    assert!(matches!(reason(&fake).await, ErrorKind::TooLarge(_)));
}

#[tokio::test]
async fn garbage() {
    let not_http = FakeBmc::start(|_, _| Act::Raw(b"\x16\x03\x01 what?".to_vec())).await;
    assert!(matches!(reason(&not_http).await, ErrorKind::Broken(_)));
    let cut = FakeBmc::start(|_, _| {
        Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":".to_vec())
    })
    .await;
    assert!(matches!(reason(&cut).await, ErrorKind::Broken(_)));
    let html = FakeBmc::start(|_, _| Act::Say(200, vec![], "<html>login</html>".to_owned())).await;
    assert!(matches!(reason(&html).await, ErrorKind::NotJson(_)));
    let list = FakeBmc::start(|_, _| json(200, json!([1]))).await;
    assert!(matches!(reason(&list).await, ErrorKind::NotJson(_)));
    let deep = FakeBmc::start(|_, _| {
        Act::Say(
            200,
            vec![],
            format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000)),
        )
    })
    .await;
    assert!(matches!(reason(&deep).await, ErrorKind::TooDeep(_)));
}

#[tokio::test]
async fn a_closed_port_is_tried_as_often_as_configured() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut settings = BmcSettings::new(
        BmcAddress::parse(&origin, None).unwrap(),
        AuthType::None,
        None,
    );
    settings.retry = Retry {
        attempts: 4,
        interval: Duration::from_millis(50),
    };
    let started = Instant::now();
    let error = Bmc::new(settings)
        .post(&path("/redfish/v1"), None)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    assert!(error.is_connection());
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn busy_bmcs_are_asked_again_but_actions_are_not_repeated() {
    let fake = FakeBmc::start(|seen, before| match (seen.method.as_str(), before) {
        ("GET", 0) => Act::Say(503, vec![("Retry-After", "0".to_owned())], String::new()),
        ("GET", 1) => json(500, json!({})),
        ("GET", _) => json(200, json!({"Id": "1"})),
        _ => json(503, json!({"error": {"message": "rebooting"}})),
    })
    .await;
    let bmc = fake.bmc(AuthType::None);
    assert_eq!(bmc.get(&path("/s")).await.unwrap().id().unwrap(), "1");
    let error = bmc
        .post(&path("/s/Actions/Reset"), Some(json!({"ResetType": "On"})))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert_eq!(
        fake.lines(),
        ["GET /s", "GET /s", "GET /s", "POST /s/Actions/Reset"]
    );
}

#[tokio::test]
async fn a_lost_answer_to_an_action_is_not_repeated() {
    let fake = FakeBmc::start(|_, _| Act::Raw(Vec::new())).await;
    let error = fake
        .bmc(AuthType::None)
        .post(&path("/s/Actions/Reset"), None)
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Broken(_)), "{error}");
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn etags_guard_changes() {
    // The BMC's resource changes between our read and our write.
    let fake =
        FakeBmc::start(
            |seen, before| match (seen.method.as_str(), seen.header("if-match")) {
                ("GET", _) => Act::Say(
                    200,
                    vec![(
                        "ETag",
                        if before == 0 { "\"1\"" } else { "\"2\"" }.to_owned(),
                    )],
                    "{}".to_owned(),
                ),
                ("PATCH", Some("\"2\"")) => Act::Say(204, vec![], String::new()),
                _ => json(412, json!({})),
            },
        )
        .await;
    let bmc = fake.bmc(AuthType::None);
    let system = bmc.get(&path("/s")).await.unwrap();
    bmc.patch(&system, json!({"IndicatorLED": "Lit"}))
        .await
        .unwrap();
    let tags: Vec<_> = fake
        .seen()
        .iter()
        .filter_map(|seen| seen.header("if-match").map(str::to_owned))
        .collect();
    assert_eq!(tags, ["\"1\"", "\"2\""]);

    // A BMC that hands out weak ETags and takes strong ones only.
    let weak = FakeBmc::start(
        |seen, _| match (seen.method.as_str(), seen.header("if-match")) {
            ("GET", _) => Act::Say(200, vec![("ETag", "W/\"7\"".to_owned())], "{}".to_owned()),
            ("PATCH", Some("\"7\"")) => Act::Say(204, vec![], String::new()),
            _ => json(412, json!({})),
        },
    )
    .await;
    let bmc = weak.bmc(AuthType::None);
    let system = bmc.get(&path("/s")).await.unwrap();
    bmc.patch(&system, json!({})).await.unwrap();
}

#[tokio::test]
async fn a_bmc_that_settles_is_asked_after_a_pause_and_never_without_an_etag() {
    // It refuses every ETag until the resource has been read three times.
    let fake =
        FakeBmc::start(
            |seen, before| match (seen.method.as_str(), seen.header("if-match")) {
                ("GET", _) => {
                    let tag = format!("\"{before}\"");
                    Act::Say(200, vec![("ETag", tag)], "{}".to_owned())
                }
                ("PATCH", Some("\"4\"")) => Act::Say(204, vec![], String::new()),
                _ => json(412, json!({})),
            },
        )
        .await;
    let mut settings = fake.settings(AuthType::None);
    settings.settling = Some(Duration::from_millis(20));
    let bmc = Bmc::new(settings);
    let disk = bmc.get(&path("/d")).await.unwrap();
    bmc.patch(&disk, json!({"HotspareType": "None"}))
        .await
        .unwrap();
    let tags = |fake: &FakeBmc| -> Vec<String> {
        let seen = fake.seen();
        let patches = seen.iter().filter(|seen| seen.method == "PATCH");
        patches
            .map(|seen| seen.header("if-match").unwrap_or("none").to_owned())
            .collect()
    };
    assert_eq!(tags(&fake), ["\"0\"", "\"2\"", "\"4\""]);

    // It never takes one: the refusal is told after the one pause.
    let never = FakeBmc::start(|seen, _| match seen.method.as_str() {
        "GET" => Act::Say(200, vec![("ETag", "\"1\"".to_owned())], "{}".to_owned()),
        _ => json(412, json!({})),
    })
    .await;
    let mut settings = never.settings(AuthType::None);
    settings.settling = Some(Duration::from_millis(20));
    let bmc = Bmc::new(settings);
    let disk = bmc.get(&path("/d")).await.unwrap();
    let error = bmc.patch(&disk, json!({})).await.unwrap_err();
    assert_eq!(error.status(), Some(412));
    assert_eq!(tags(&never), ["\"1\"", "\"1\""]);
}

#[tokio::test]
async fn collections_neither_run_in_circles_nor_grow_for_ever() {
    let circle =
        FakeBmc::start(|_, _| json(200, json!({"Members": [], "Members@odata.nextLink": "/c"})))
            .await;
    let error = circle
        .bmc(AuthType::None)
        .members(&path("/c"))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooMany(_)), "{error}");

    let endless = FakeBmc::start(|_, before| {
        json(
            200,
            json!({"Members": [], "Members@odata.nextLink": format!("/c?page={before}")}),
        )
    })
    .await;
    let error = endless
        .bmc(AuthType::None)
        .members(&path("/c"))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooMany(_)), "{error}");

    let many = FakeBmc::start(|_, _| {
        json(
            200,
            json!({"Members": vec![json!({"@odata.id": "/m"}); 2000]}),
        )
    })
    .await;
    let error = many
        .bmc(AuthType::None)
        .members(&path("/c"))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooMany(_)), "{error}");

    let foreign = FakeBmc::start(|_, _| {
        json(
            200,
            json!({"Members": [{"@odata.id": "http://evil.example/x"}]}),
        )
    })
    .await;
    let error = foreign
        .bmc(AuthType::None)
        .collect(&path("/c"))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Link { .. }), "{error}");
}

#[tokio::test]
async fn pages_and_expanded_members_are_read() {
    let fake = FakeBmc::start(|seen, _| match seen.path.as_str() {
        "/c" => json(200, json!({"Members": [{"@odata.id": "/c/1", "Id": "1", "Name": "expanded"}], "Members@odata.nextLink": "/c?$skip=1"})),
        "/c?$skip=1" => json(200, json!({"Members": [{"@odata.id": "/c/2"}]})),
        _ => json(200, json!({"Id": "2", "Name": "read"})),
    })
    .await;
    let members = fake.bmc(AuthType::None).collect(&path("/c")).await.unwrap();
    let names: Vec<_> = members
        .iter()
        .map(|member| member.field("Name").text().unwrap().unwrap())
        .collect();
    assert_eq!(names, ["expanded", "read"]);
    assert_eq!(fake.lines(), ["GET /c", "GET /c?$skip=1", "GET /c/2"]);
}

#[tokio::test]
async fn tasks_are_followed_to_their_end() {
    let fake = FakeBmc::start(|seen, before| match (seen.method.as_str(), before) {
        ("POST", _) => Act::Say(202, vec![("Location", "/monitor".to_owned())], String::new()),
        (_, 1) => Act::Say(202, vec![("Retry-After", "0".to_owned())], String::new()),
        (_, 2) => Act::Say(202, vec![("Retry-After", "0".to_owned())], json!({"Id": "1", "TaskState": "Running"}).to_string()),
        _ => json(200, json!({"TaskState": "Exception", "TaskStatus": "Critical", "Messages": [{"Message": "bad image"}]})),
    })
    .await;
    let bmc = fake.bmc(AuthType::None);
    let answer = bmc.post(&path("/update"), Some(json!({}))).await.unwrap();
    let error = bmc
        .wait_for_task(&answer.task().unwrap())
        .await
        .unwrap_err();
    assert_eq!(
        *error.kind(),
        ErrorKind::Task {
            state: "Exception".to_owned(),
            messages: "bad image".to_owned()
        }
    );
}

#[tokio::test]
async fn an_operation_that_takes_too_long_says_how_far_it_got() {
    let fake = FakeBmc::start(|seen, _| match seen.path.as_str() {
        "/redfish/v1/Many" => {
            let members: Vec<_> = (0..9)
                .map(|n| json!({"@odata.id": format!("/redfish/v1/Many/{n}")}))
                .collect();
            json(200, json!({ "Members": members }))
        }
        "/redfish/v1/Many/5" => Act::Hang,
        _ => json(200, json!({"Id": "x"})),
    })
    .await;
    let bmc = fake.bmc(AuthType::None);
    let hurried = bmc.within(Duration::from_secs(1));
    let many = path("/redfish/v1/Many");
    let error = hurried.collect(&many).await.unwrap_err();
    let overdue = ErrorKind::Overdue {
        total: Duration::from_secs(1),
        answered: 6,
    };
    assert_eq!(*error.kind(), overdue, "{error}");
    assert!(error.is_connection() && error.attempted().ends_with("/Many/5"));
    // The same operation asks nothing more; another one does.
    let asked = fake.seen().len();
    assert!(hurried.get(&many).await.unwrap_err().is_overdue());
    assert_eq!(fake.seen().len(), asked);
    assert!(hurried.afresh().get(&many).await.is_ok());
}
