//! Logging in: sessions, basic, refusals; how often a BMC sees our credentials.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use drivers_redfish_client::{AuthType, BmcPool, Credentials, ErrorKind, ResourcePath};
use serde_json::json;
use support::{Act, FakeBmc, Seen, json};

const SYSTEM: &str = "/redfish/v1/Systems/1";

fn path(text: &str) -> ResourcePath {
    ResourcePath::parse(text).unwrap()
}

fn root(seen: &Seen) -> Option<Act> {
    (seen.line() == "GET /redfish/v1/").then(|| {
        json(
            200,
            json!({"SessionService": {"@odata.id": "/redfish/v1/SessionService"},
            "Links": {"Sessions": {"@odata.id": "/redfish/v1/SessionService/Sessions"}}}),
        )
    })
}

fn login(token: &str) -> Act {
    let headers = vec![
        ("X-Auth-Token", token.to_owned()),
        (
            "Location",
            "/redfish/v1/SessionService/Sessions/7".to_owned(),
        ),
    ];
    Act::Say(201, headers, "{}".to_owned())
}

#[tokio::test]
async fn one_login_serves_all_requests_and_is_ended() {
    let fake = FakeBmc::start(|seen, _| match root(seen) {
        Some(act) => act,
        None if seen.method == "POST" => login("t1"),
        None if seen.header("x-auth-token") == Some("t1") => json(200, json!({"Id": "1"})),
        None => json(401, json!({})),
    })
    .await;
    let pool = BmcPool::new(10);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let bmc = pool.bmc(fake.settings(AuthType::Session));
            tokio::spawn(async move { bmc.get(&path(SYSTEM)).await.map(drop) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let logins: Vec<_> = fake
        .seen()
        .into_iter()
        .filter(|seen| seen.method == "POST")
        .collect();
    assert_eq!(logins.len(), 1);
    assert_eq!(
        logins[0].body,
        r#"{"UserName":"admin","Password":"s3cret"}"#
    );
    pool.close().await;
    assert_eq!(
        fake.lines().last().unwrap(),
        "DELETE /redfish/v1/SessionService/Sessions/7"
    );
}

#[tokio::test]
async fn an_expired_session_is_renewed_once() {
    let fake = FakeBmc::start(|seen, before| match root(seen) {
        Some(act) => act,
        None if seen.method == "POST" && seen.path.ends_with("Sessions") => {
            login(if before < 4 { "old" } else { "new" })
        }
        // The old token works once.
        None if seen.header("x-auth-token") == Some("old") && before < 3 => {
            json(200, json!({"Id": "1"}))
        }
        None if seen.header("x-auth-token") == Some("new") => json(200, json!({"Id": "1"})),
        None => json(401, json!({})),
    })
    .await;
    let bmc = fake.bmc(AuthType::Auto);
    bmc.get(&path(SYSTEM)).await.unwrap();
    bmc.get(&path(SYSTEM)).await.unwrap();
    assert_eq!(
        fake.lines(),
        [
            "GET /redfish/v1/",
            "POST /redfish/v1/SessionService/Sessions",
            "GET /redfish/v1/Systems/1",
            "GET /redfish/v1/Systems/1",
            "POST /redfish/v1/SessionService/Sessions",
            "GET /redfish/v1/Systems/1"
        ]
    );
}

#[tokio::test]
async fn a_wrong_password_is_sent_once_and_named() {
    for auth in [AuthType::Session, AuthType::Auto, AuthType::Basic] {
        let fake = FakeBmc::start(|seen, _| {
            root(seen).unwrap_or_else(|| json(401, json!({"error": {"code": "Base.1.0.GeneralError", "message": "Authorization required"}})))
        })
        .await;
        let bmc = fake.bmc(auth);
        let error = bmc.get(&path(SYSTEM)).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Access { status: 401, .. }),
            "{auth}: {error}"
        );
        assert!(
            error
                .to_string()
                .contains("Authorization required. Correct the user name and password")
                || error
                    .to_string()
                    .contains("Authorization required). Correct the user name and password"),
            "{error}"
        );
        assert!(!error.to_string().contains("s3cret"));
        let attempts = fake.seen().len();
        for _ in 0..20 {
            let error = bmc.get(&path(SYSTEM)).await.unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::LoginPaused { failures: 1, .. }),
                "{error}"
            );
            assert!(error.is_access());
        }
        assert_eq!(
            fake.seen().len(),
            attempts,
            "{auth}: a refused password must not be repeated"
        );
    }
}

#[tokio::test]
async fn a_corrected_password_does_not_wait() {
    let fake = FakeBmc::start(|seen, _| match seen.header("authorization") {
        // admin:right
        Some("Basic YWRtaW46cmlnaHQ=") => json(200, json!({"Id": "1"})),
        _ => json(401, json!({})),
    })
    .await;
    let pool = BmcPool::new(10);
    assert!(
        pool.bmc(fake.settings(AuthType::Basic))
            .get(&path(SYSTEM))
            .await
            .unwrap_err()
            .is_access()
    );
    let mut corrected = fake.settings(AuthType::Basic);
    corrected.credentials = Some(Credentials {
        username: "admin".to_owned(),
        password: "right".into(),
    });
    pool.bmc(corrected).get(&path(SYSTEM)).await.unwrap();
}

#[tokio::test]
async fn auto_uses_basic_where_there_are_no_sessions() {
    // Nothing offered: no login is tried. Offered but broken: basic after the attempt.
    let plain = FakeBmc::start(|seen, _| match seen.header("authorization") {
        _ if seen.path == "/redfish/v1/" => json(
            200,
            json!({"Systems": {"@odata.id": "/redfish/v1/Systems"}}),
        ),
        Some("Basic YWRtaW46czNjcmV0") => json(200, json!({"Id": "1"})),
        _ => json(401, json!({})),
    })
    .await;
    plain.bmc(AuthType::Auto).get(&path(SYSTEM)).await.unwrap();
    assert_eq!(
        plain.lines(),
        ["GET /redfish/v1/", "GET /redfish/v1/Systems/1"]
    );

    for status in [403, 404, 405, 500] {
        let broken = FakeBmc::start(move |seen, _| match (root(seen), seen.method.as_str()) {
            (Some(act), _) => act,
            (None, "POST") => json(status, json!({})),
            _ => json(200, json!({"Id": "1"})),
        })
        .await;
        broken.bmc(AuthType::Auto).get(&path(SYSTEM)).await.unwrap();
        assert_eq!(broken.lines().len(), 3, "{status}");
    }
}

#[tokio::test]
async fn without_an_account_nothing_is_sent() {
    let fake = FakeBmc::start(|_, _| json(200, json!({"Id": "1"}))).await;
    let mut settings = fake.settings(AuthType::Auto);
    settings.credentials = None;
    BmcPool::new(1)
        .bmc(settings)
        .get(&path(SYSTEM))
        .await
        .unwrap();
    let seen = fake.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (
            seen[0].header("authorization"),
            seen[0].header("x-auth-token")
        ),
        (None, None)
    );
}

#[tokio::test]
async fn credentials_do_not_follow_redirects() {
    let elsewhere = FakeBmc::start(|_, _| json(200, json!({}))).await;
    let target = format!("{}/redfish/v1/Systems/1", elsewhere.origin);
    let fake = FakeBmc::start(move |seen, _| match seen.path.as_str() {
        "/away" => Act::Say(302, vec![("Location", target.clone())], String::new()),
        "/near" => Act::Say(308, vec![("Location", "/there".to_owned())], String::new()),
        "/loop" => Act::Say(302, vec![("Location", "/loop".to_owned())], String::new()),
        _ => json(200, json!({"Id": "there"})),
    })
    .await;
    let bmc = fake.bmc(AuthType::Basic);
    assert!(matches!(
        bmc.get(&path("/away")).await.unwrap_err().kind(),
        ErrorKind::Redirect { .. }
    ));
    assert!(elsewhere.seen().is_empty());
    assert_eq!(
        bmc.get(&path("/near")).await.unwrap().id().unwrap(),
        "there"
    );
    let seen = fake.seen();
    let there = seen.iter().find(|seen| seen.path == "/there").unwrap();
    assert_eq!(there.header("authorization"), None);
    assert!(matches!(
        bmc.get(&path("/loop")).await.unwrap_err().kind(),
        ErrorKind::Redirect { .. }
    ));
}
