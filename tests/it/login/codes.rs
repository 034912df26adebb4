//! Tests how a code becomes a token, and when it does not.

use serde_json::{Value, json};

use super::program::{Program, code_of, read, send};
use crate::builders::module;
use crate::harness::Appliance;
use crate::ui::browser::Browser;

fn status(registry: &Appliance, token: &str) -> u16 {
    let answer = registry.get("/api/v2/account/details", Some(token));
    answer.status().as_u16()
}

fn refused(answer: &(u16, Value), error: &str, says: &str) {
    let (status, body) = answer;
    assert_eq!(*status, 400, "{body}");
    assert_eq!(body["error"], error, "{body}");
    let text = body["error_description"].as_str().expect("a text");
    assert!(text.contains(says), "{text}");
}

#[test]
fn a_code_becomes_a_token_of_its_user_with_the_scope_they_chose() {
    let registry = Appliance::start();
    registry.publish("acme/vpc/null", "1.0.0", module("one"));
    registry.user("mia");
    registry.join("acme", "owners", "mia");
    let mut browser = Browser::of(&registry, "mia");
    let program = Program::new();
    let code = program.allowed(&mut browser, "publish");
    let (status_code, body) = program.bring(&registry, &code);
    assert_eq!(status_code, 200, "{body}");
    assert_eq!(body["token_type"], "bearer");
    let token = body["access_token"].as_str().expect("a token");
    assert_eq!(status(&registry, token), 200);
    let versions = registry.get("/v1/modules/acme/vpc/null/versions", Some(token));
    assert_eq!(versions.status(), 200);
    let page = browser.get("/settings/tokens").text;
    assert!(page.contains("terraform login, Terraform/1.11.4"), "{page}");
    assert!(
        page.contains("<span class=\"tag\">publish</span>"),
        "{page}"
    );
    // A token of this scope makes no others.
    let made = registry.request("POST", "/api/terrakeep/v1/commands", Some(token));
    let made = made.json(&json!({ "subject": "token", "command": "create",
        "owner": { "kind": "myself" }, "scope": "admin" }));
    assert_eq!(made.send().expect("an answer").status(), 403);
    let mut admin = Browser::of(&registry, "admin");
    let audit = admin.get("/settings/audit").text;
    for action in ["allow terraform login", "create token by terraform login"] {
        assert!(audit.contains(action), "{action}: {audit}");
    }
    assert!(!audit.contains(&code) && !audit.contains(token));
}

#[test]
fn a_token_is_named_after_the_program() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    for (name, expected) in [
        ("OpenTofu/1.11.0", "tofu login, OpenTofu/1.11.0"),
        ("", "terraform login"),
        (
            &*"x".repeat(300),
            &*format!("terraform login, {}", "x".repeat(120)),
        ),
        ("<b>bold</b>", "terraform login, &#60;b&#62;bold"),
    ] {
        let program = Program::new();
        let code = program.allowed(&mut browser, "read");
        assert_eq!(program.bring_as(&registry, &code, name).status(), 200);
        let page = browser.get("/settings/tokens").text;
        assert!(page.contains(&format!("<strong>{expected}")), "{page}");
    }
}

#[test]
fn i52_only_the_program_that_asked_can_use_its_code() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let code = program.allowed(&mut browser, "read");
    let with = |name: &'static str, value: Option<&str>| {
        let mut fields = program.exchange(&code);
        fields.retain(|(it, _)| *it != name);
        fields.extend(value.map(|value| (name, value.to_owned())));
        read(send(&registry, &fields, "Terraform/1.11.4"))
    };
    let request = "invalid_request";
    refused(
        &with("code_verifier", None),
        request,
        "`code_verifier` is missing",
    );
    for verifier in ["", "short", &"a".repeat(43), &"a".repeat(129)] {
        refused(
            &with("code_verifier", Some(verifier)),
            "invalid_grant",
            "another `code_verifier`",
        );
    }
    for other in [
        "http://localhost:40164/login",
        "http://127.0.0.1:40163/login",
        "nonsense",
    ] {
        refused(
            &with("redirect_uri", Some(other)),
            "invalid_grant",
            "`redirect_uri`",
        );
    }
    refused(
        &with("redirect_uri", None),
        request,
        "`redirect_uri` is missing",
    );
    refused(
        &with("client_id", Some("other")),
        "invalid_client",
        "terraform-cli",
    );
    refused(
        &with("grant_type", Some("password")),
        "unsupported_grant_type",
        "authorization_code",
    );
    refused(
        &with("grant_type", None),
        request,
        "`grant_type` is missing",
    );
    refused(&with("code", None), request, "`code` is missing");
    for unknown in ["nonsense", &"A".repeat(43)] {
        refused(
            &with("code", Some(unknown)),
            "invalid_grant",
            "not known here",
        );
    }
    let mut twice = program.exchange(&code);
    twice.push(("code", code.clone()));
    let answer = read(send(&registry, &twice, "x"));
    refused(&answer, request, "`code` is there more than once");
    let json = registry
        .request("POST", "/oauth/token", None)
        .json(&json!({}));
    refused(
        &read(json.send().expect("an answer")),
        request,
        "a form is expected",
    );
    let big = [("code", "x".repeat(20_000))];
    let (status, body) = read(send(&registry, &big, "x"));
    assert_eq!((status, &body["error"]), (413, &json!(request)));
    // None of these has used it up.
    assert_eq!(program.bring(&registry, &code).0, 200);
}

#[test]
fn i53_a_code_that_comes_twice_takes_its_token_away() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let code = program.allowed(&mut browser, "read");
    let (_, first) = program.bring(&registry, &code);
    let token = first["access_token"].as_str().expect("a token");
    assert_eq!(status(&registry, token), 200);
    let again = program.bring(&registry, &code);
    refused(
        &again,
        "invalid_grant",
        "this code was used before; run terraform login again",
    );
    assert_eq!(status(&registry, token), 401);
    refused(
        &program.bring(&registry, &code),
        "invalid_grant",
        "used before",
    );
    let audit = browser.get("/settings/audit").text;
    assert!(
        audit.contains("revoke token of a code that came twice"),
        "{audit}"
    );
}

#[test]
fn i53_of_many_that_bring_a_code_at_once_none_keeps_a_token() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let code = program.allowed(&mut browser, "read");
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let bring = || program.bring(&registry, &code);
        let all: Vec<_> = (0..8).map(|_| scope.spawn(bring)).collect();
        all.into_iter()
            .map(|it| it.join().expect("an answer"))
            .collect()
    });
    let tokens: Vec<&str> = answers
        .iter()
        .filter_map(|(_, it)| it["access_token"].as_str())
        .collect();
    let [token] = tokens.as_slice() else {
        panic!("{answers:?}");
    };
    assert_eq!(status(&registry, token), 401);
}

#[test]
fn i53_a_no_is_said_in_the_terminal() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let program = Program::new();
    let page = program.answer(&mut browser, &[("answer", "no")]);
    assert!(page.text.contains("You said no"), "{}", page.text);
    let code = code_of(&page);
    for _ in 0..2 {
        refused(
            &program.bring(&registry, &code),
            "access_denied",
            "you said no in the browser",
        );
    }
    assert!(
        !browser
            .get("/settings/tokens")
            .text
            .contains("terraform login")
    );
}

#[test]
fn i55_a_code_of_a_user_who_is_suspended_or_has_signed_out_is_worth_nothing() {
    let registry = Appliance::start();
    registry.user("mia");
    let suspend = |suspended: bool| {
        registry.command(&json!({
            "subject": "user", "command": "update", "username": "mia", "suspended": suspended,
        }));
    };
    let program = Program::new();
    let mut browser = Browser::of(&registry, "mia");
    let code = program.allowed(&mut browser, "read");
    suspend(true);
    refused(
        &program.bring(&registry, &code),
        "invalid_grant",
        "suspended",
    );
    suspend(false);
    refused(
        &program.bring(&registry, &code),
        "invalid_grant",
        "signed out",
    );
    let mut browser = Browser::of(&registry, "mia");
    let code = program.allowed(&mut browser, "read");
    assert_eq!(
        browser.submit("/settings/tokens", "/logout", &[]).status,
        303
    );
    refused(
        &program.bring(&registry, &code),
        "invalid_grant",
        "signed out",
    );
    let mut browser = Browser::of(&registry, "mia");
    let code = program.allowed(&mut browser, "read");
    registry.command(&json!({ "subject": "user", "command": "delete", "username": "mia" }));
    refused(
        &program.bring(&registry, &code),
        "invalid_grant",
        "not known here",
    );
}
