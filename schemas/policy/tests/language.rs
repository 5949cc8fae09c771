//! Single checks, compared with oslo.policy's answers, and what policy files may get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schemas_policy::{
    Credentials, Decision, Enforcer, Options, PolicyOverride, Rule, Target, Warning, file,
};
use serde_json::Value;

fn enforcer(text: &str) -> (Enforcer, Vec<Warning>) {
    Enforcer::new(&Options::default(), file::parse(text).unwrap())
}

fn credentials() -> Credentials {
    Credentials {
        user_id: Some("u".to_owned()),
        project_id: Some("p1".to_owned()),
        project_name: Some("n".to_owned()),
        roles: vec!["Reader".to_owned(), "member".to_owned()],
        service_roles: vec!["a".to_owned(), "b".to_owned()],
        is_admin_project: true,
        ..Credentials::default()
    }
}

fn target() -> Target {
    Target::default()
        .with("node.owner", Some("p1"))
        .with("none", None::<&str>)
        .with("flag", Some("True"))
        .with("role", Some("member"))
        .with("empty", Some(""))
}

/// `data/checks.json`: a check and whether oslo.policy allows it to the user above. Where it
/// raises an error instead, we deny.
#[test]
fn single_checks_as_oslo_policy_answers() {
    let cases: Vec<(String, Value)> =
        serde_json::from_str(include_str!("data/checks.json")).unwrap();
    for (text, expected) in cases {
        let rule = |name: &str, text: &str| PolicyOverride {
            name: name.to_owned(),
            check: schemas_policy::Check::parse(text),
            understood: true,
        };
        let overrides = vec![
            rule("a", "role:reader"),
            rule("b", "rule:a and role:admin"),
            rule("c", "not rule:b"),
            rule("show_password", &text),
        ];
        let (enforcer, _) = Enforcer::new(&Options::default(), overrides);
        let allowed = enforcer
            .check(Rule::ShowPassword, &credentials(), &target())
            .is_allowed();
        assert_eq!(allowed, expected.as_bool().unwrap_or(false), "{text:?}");
    }
}

#[test]
fn a_cycle_denies_and_is_told() {
    let (enforcer, warnings) =
        enforcer("show_password: rule:x\nx: rule:y or rule:y\ny: rule:x or rule:x\n");
    assert_eq!(
        enforcer.check(Rule::ShowPassword, &credentials(), &target()),
        Decision::Denied
    );
    let cycles: Vec<_> = warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::Cycle { rule } => Some(rule.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(cycles, ["x", "y"]);
}

#[test]
fn the_work_of_one_question_is_bounded() {
    let mut text = String::from("show_password: rule:r0\n");
    for level in 0..30 {
        text.push_str(&format!(
            "r{level}: rule:r{n} or rule:r{n}\n",
            n = level + 1
        ));
    }
    text.push_str("r30: '!'\n");
    let (enforcer, _) = enforcer(&text);
    assert_eq!(
        enforcer.check(Rule::ShowPassword, &credentials(), &target()),
        Decision::Denied
    );
}

#[test]
fn mistakes_in_files_are_told() {
    let text = "show_password: rule:nowhere\n\
                baremetal:node:delete: role:admin and system_scope:all\n\
                is_node_owner: role:a b\n\
                baremetal:node:set_power_state: role:operator\n";
    let (enforcer, warnings) = enforcer(text);
    let texts: Vec<_> = warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        texts,
        [
            "policy is_node_owner is not understood and denies everybody",
            "policy baremetal:node:delete is the default anyway",
            "policy baremetal:node:set_power_state is now baremetal:node:set_boot_mode",
            "policy baremetal:node:set_power_state is now baremetal:node:set_secure_boot",
            "policy show_password refers to nowhere, which is not defined",
        ]
    );
    // The rule of today follows the change of the one that it was.
    let operator = Credentials {
        roles: vec!["operator".to_owned()],
        ..credentials()
    };
    assert!(
        enforcer
            .check(Rule::NodeSetBootMode, &operator, &target())
            .is_allowed()
    );
}

#[test]
fn files_of_a_directory_come_after_the_policy_file() {
    let directory = std::env::temp_dir().join(format!("ferric-policy-{}", std::process::id()));
    let parts = directory.join("policy.d");
    std::fs::create_dir_all(&parts).unwrap();
    let main = directory.join("policy.yaml");
    std::fs::write(&main, "show_password: role:x\nis_admin: role:x\n").unwrap();
    std::fs::write(parts.join("2.yaml"), "show_password: role:member\n").unwrap();
    std::fs::write(parts.join("1.json"), "{\"show_password\": \"role:y\"}").unwrap();
    std::fs::write(parts.join(".hidden"), "not: [yaml").unwrap();
    let overrides = file::load(Some(&main), &[parts, directory.join("absent.d")]).unwrap();
    let (enforcer, _) = Enforcer::new(&Options::default(), overrides);
    assert!(
        enforcer
            .check(Rule::ShowPassword, &credentials(), &target())
            .is_allowed()
    );
    assert!(
        !enforcer
            .check(Rule::IsAdmin, &credentials(), &target())
            .is_allowed()
    );
    let missing = file::load(Some(&directory.join("absent.yaml")), &[]);
    assert!(matches!(
        missing,
        Err(schemas_policy::PolicyFileError::Unreadable { .. })
    ));
    std::fs::remove_dir_all(&directory).unwrap();
}
