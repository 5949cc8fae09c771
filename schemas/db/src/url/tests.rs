//! URLs as operators write them.

use super::*;

fn target(url: &str) -> Target {
    Target::parse(url).unwrap()
}

#[test]
fn sqlite_paths_count_slashes() {
    assert_eq!(target("sqlite:///a/b.db").file(), Some(Path::new("a/b.db")));
    assert_eq!(
        target("sqlite:////var/lib/x.db").file(),
        Some(Path::new("/var/lib/x.db"))
    );
    assert!(target("sqlite://").is_memory());
    assert!(target("sqlite:///:memory:").is_memory());
}

#[test]
fn sqlite_paths_are_decoded_and_have_no_host() {
    let path = |url: &str| target(url).file().map(Path::to_owned);
    assert_eq!(
        path("sqlite:////srv/a%20b%25.db?timeout=30"),
        Some("/srv/a b%.db".into())
    );
    assert_eq!(
        path("sqlite:////srv/x:y@z.db"),
        Some("/srv/x:y@z.db".into())
    );
    for wrong in ["sqlite://srv/x.db", "sqlite://u:p@/x.db"] {
        assert!(
            matches!(Target::parse(wrong), Err(UrlError::Malformed(_))),
            "{wrong}"
        );
    }
}

/// The right-hand sides were asked of SQLAlchemy's `make_url`.
#[test]
fn passwords_may_hold_what_other_urls_encode() {
    for (password, read) in [
        ("p/w", "p/w"),
        ("p?w#x", "p?w#x"),
        ("p%40w", "p@w"),
        ("p%zzw", "p%zzw"),
        ("p:w", "p:w"),
        ("a+b c", "a+b c"),
        ("h\u{e4}user", "h\u{e4}user"),
        ("", ""),
    ] {
        let parts = Parts::parse(&format!("ironic:{password}@db/ironic?x=y")).unwrap();
        assert_eq!(parts.user.as_deref(), Some("ironic"));
        assert!(
            parts.password.is_some_and(|found| found.matches(read)),
            "{password}"
        );
        assert_eq!((&*parts.host, &*parts.database), ("db", "ironic"));
        let given = target(&format!("mysql+pymysql://ironic:{password}@db/ironic"));
        let url = url::Url::parse(given.url().expose()).unwrap();
        assert_eq!(decoded(url.password().unwrap_or_default()), read);
        assert_eq!(url.path(), "/ironic");
    }
}

#[test]
fn the_parts_of_a_url() {
    for (rest, user, host, port, database) in [
        ("db/x", None, "db", None, "x"),
        ("u@db/x", Some("u"), "db", None, "x"),
        ("u@corp@db:1/x", Some("u@corp"), "db", Some(1), "x"),
        (
            "u@corp:p@[fd00::1]:5432/x",
            Some("u@corp"),
            "fd00::1",
            Some(5432),
            "x",
        ),
        ("[::1]/x?a=b", None, "::1", None, "x"),
        ("/x", None, "", None, "x"),
        ("u%2f:p@/x", Some("u/"), "", None, "x"),
    ] {
        let parts = Parts::parse(rest).unwrap();
        assert_eq!(
            (
                parts.user.as_deref(),
                &*parts.host,
                parts.port,
                &*parts.database
            ),
            (user, host, port, database),
            "{rest}"
        );
    }
    assert!(matches!(
        Parts::parse("db:http/x"),
        Err(UrlError::Malformed(_))
    ));
}

#[test]
fn localhost_is_a_host_unless_there_is_a_socket() {
    let library = |url: &str| target(url).url().expose().clone();
    assert_eq!(
        library("mysql://u@localhost:3307/x"),
        "mysql://u@127.0.0.1:3307/x"
    );
    assert_eq!(library("mysql+pymysql:///x"), "mysql://127.0.0.1/x");
    assert_eq!(
        library("mysql+pymysql://u@localhost/x?unix_socket=/run/my.sock&charset=utf8"),
        "mysql://u@localhost/x?unix_socket=%2Frun%2Fmy.sock"
    );
    assert!(library("postgresql:///x").starts_with("postgresql:///x?"));
}

#[test]
fn a_certificate_authority_is_believed_only_for_the_right_name() {
    let mode = |options: &str| {
        let kept = mysql_options(&Parts::parse(&format!("db/x?{options}")).unwrap().options);
        let mode = kept.into_iter().find(|(name, _)| name == "ssl_mode");
        mode.map(|(_, value)| value)
    };
    for (options, expected) in [
        ("charset=utf8", None),
        ("ssl_ca=/ca", Some("verify_identity")),
        (
            "ssl_ca=/ca&ssl_check_hostname=true",
            Some("verify_identity"),
        ),
        ("ssl_ca=/ca&ssl_check_hostname=false", Some("verify_ca")),
        ("ssl_cert=/c&ssl_key=/k", Some("required")),
        ("ssl_ca=/ca&ssl_mode=verify_ca", Some("verify_ca")),
        ("ssl_verify_identity=true", Some("verify_identity")),
    ] {
        assert_eq!(mode(options).as_deref(), expected, "{options}");
    }
}

#[test]
fn drivers_are_dropped() {
    let mysql = target("mysql+pymysql://u:p%40ss@db:3306/ironic?charset=utf8");
    assert_eq!(mysql.backend(), Backend::Mysql);
    assert_eq!(mysql.url().expose(), "mysql://u:p%40ss@db:3306/ironic");
    let postgresql = target("postgresql+psycopg2://u:p@db/ironic?connect_timeout=3");
    assert_eq!(postgresql.backend(), Backend::Postgresql);
    assert!(
        postgresql
            .url()
            .expose()
            .starts_with("postgresql://u:p@db/ironic?connect_timeout=3")
    );
    assert_eq!(target("postgres://db/x").backend(), Backend::Postgresql);
    assert_eq!(
        target("mariadb+mariadbconnector://db/x").backend(),
        Backend::Mysql
    );
}

#[test]
fn what_is_wrong_is_said_without_the_password() {
    assert_eq!(Target::parse("ironic.db").unwrap_err(), UrlError::NotAUrl);
    assert_eq!(
        Target::parse("oracle://u:hunter2@db/x").unwrap_err(),
        UrlError::UnknownDialect("oracle".into())
    );
    assert_eq!(
        Target::parse("mysql://u:hunter2@db").unwrap_err(),
        UrlError::NoDatabase
    );
    let redacted = target("mysql://u:hunter2@db/x").redact("denied for u (hunter2)");
    assert_eq!(redacted, "denied for u (***)");
}
