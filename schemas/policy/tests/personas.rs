//! Who may do what, compared with the answers of oslo.policy under Ironic 39.0.0.
//!
//! `data/personas.json` has users, targets and, for each of both and each configuration, oslo.policy's
//! answers to all rules, run-length encoded: `+` allowed, `-` denied, `s` wrong scope.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schemas_policy::{Credentials, Decision, Enforcer, Options, Rule, Target, file};
use serde_json::Value;

fn data() -> Value {
    serde_json::from_str(include_str!("data/personas.json")).unwrap()
}

fn credentials(persona: &Value) -> Credentials {
    let text = |name: &str| persona[name].as_str().map(str::to_owned);
    Credentials {
        user_id: text("user_id"),
        user_domain_id: text("user_domain_id"),
        system_scope: text("system_scope"),
        domain_id: text("domain_id"),
        project_id: text("project_id"),
        project_name: text("project_name"),
        project_domain_id: text("project_domain_id"),
        roles: persona["roles"]
            .as_array()
            .unwrap()
            .iter()
            .map(|role| role.as_str().unwrap().to_owned())
            .collect(),
        is_admin_project: true,
        is_public_api: persona["is_public_api"].as_bool().unwrap_or(false),
        ..Credentials::default()
    }
}

fn target(target: &Value) -> Target {
    let attributes = target.as_object().unwrap();
    attributes
        .iter()
        .fold(Target::default(), |target, (name, value)| {
            target.with(name, value.as_str())
        })
}

fn enforcer(configuration: &str) -> Enforcer {
    let defaults = Options::default();
    let options = match configuration {
        "elevated" => Options {
            service_project: Some("service".to_owned()),
            ..defaults
        },
        "old-defaults" => Options {
            enforce_new_defaults: false,
            ..defaults
        },
        _ => defaults,
    };
    let overrides = match configuration {
        "file" => file::parse(include_str!("data/policy.yaml")).unwrap(),
        _ => Vec::new(),
    };
    Enforcer::new(&options, overrides).0
}

/// `3+2-` is `+++--`.
fn unpacked(text: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    for c in text.chars() {
        match c.to_digit(10) {
            Some(digit) => count = count * 10 + digit as usize,
            None => {
                out.extend(std::iter::repeat_n(c, count));
                count = 0;
            }
        }
    }
    out
}

#[test]
fn as_oslo_policy_answers() {
    let data = data();
    let rules: Vec<_> = data["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| Rule::named(name.as_str().unwrap()).unwrap())
        .collect();
    let answers = data["answers"].as_object().unwrap();
    assert_eq!(answers.len(), 4 * 16 * 5);
    let mut questions = 0;
    for (key, expected) in answers {
        let [configuration, persona, about] = key.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{key}");
        };
        let enforcer = enforcer(configuration);
        let credentials = credentials(&data["personas"][persona]);
        let target = target(&data["targets"][about]);
        let expected = unpacked(expected.as_str().unwrap());
        assert_eq!(expected.len(), rules.len());
        for (rule, expected) in rules.iter().zip(expected.chars()) {
            let answer = match enforcer.check(*rule, &credentials, &target) {
                Decision::Allowed => '+',
                Decision::Denied => '-',
                Decision::WrongScope => 's',
            };
            assert_eq!(answer, expected, "{key}: {rule}");
            questions += 1;
        }
    }
    assert_eq!(questions, 320 * 133);
}
