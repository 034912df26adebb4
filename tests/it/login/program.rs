//! A program that wants to sign in through a browser.

use data_encoding::BASE64URL_NOPAD;
use reqwest::blocking::Response;
use serde_json::Value;
use terrakeep::domain::Sha256;
use url::Url;

use crate::harness::Appliance;
use crate::ui::browser::{Browser, Page};

/// What a program asks for. Its fields can be changed before they are sent.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) verifier: String,
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Program {
    /// Asks as terraform 1.11.4 and tofu 1.11.0 do.
    pub(crate) fn new() -> Self {
        let verifier = "7f3f6b4e-52d1-4d55-9bb1-3c2b8a2f4a10.123456789".to_owned();
        let challenge = challenge_of(&verifier);
        Self {
            verifier,
            fields: vec![
                ("client_id", "terraform-cli".to_owned()),
                ("code_challenge", challenge),
                ("code_challenge_method", "S256".to_owned()),
                ("redirect_uri", "http://localhost:40163/login".to_owned()),
                ("response_type", "code".to_owned()),
                ("state", "f0c6a1c8-6d2f-4d6e-9c1e-0b8a3f1d2e4c".to_owned()),
            ],
        }
    }

    /// Returns it with another value of a parameter, or without it.
    pub(crate) fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.fields.retain(|(it, _)| *it != name);
        let value = value.map(|value| (name, value.to_owned()));
        self.fields.extend(value);
        self
    }

    fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(it, _)| *it == name);
        found.map_or("", |(_, value)| value)
    }

    /// Returns the query of the address that it opens.
    pub(crate) fn query(&self) -> String {
        let mut url = Url::parse("http://localhost/").expect("a URL");
        url.query_pairs_mut().extend_pairs(&self.fields);
        url.query().expect("a query").to_owned()
    }

    /// Returns the path of the page that it opens.
    pub(crate) fn path(&self) -> String {
        format!("/oauth/authorize?{}", self.query())
    }

    /// Answers on that page, as a person does.
    pub(crate) fn answer(&self, browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Page {
        let query = self.query();
        let mut fields = fields.to_vec();
        fields.push(("request", &query));
        browser.submit(&self.path(), "/oauth/authorize", &fields)
    }

    /// Says yes to a scope, and returns the code.
    pub(crate) fn allowed(&self, browser: &mut Browser<'_>, scope: &str) -> String {
        let page = self.answer(browser, &[("answer", "yes"), ("scope", scope)]);
        code_of(&page)
    }

    /// Sends a code to the registry.
    pub(crate) fn bring(&self, registry: &Appliance, code: &str) -> (u16, Value) {
        read(self.bring_as(registry, code, "Terraform/1.11.4"))
    }

    /// Sends a code to the registry as a program that has a name.
    pub(crate) fn bring_as(&self, registry: &Appliance, code: &str, name: &str) -> Response {
        send(registry, &self.exchange(code), name)
    }

    /// Returns the fields with which it brings a code.
    pub(crate) fn exchange(&self, code: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", self.field("client_id").to_owned()),
            ("code", code.to_owned()),
            ("code_verifier", self.verifier.clone()),
            ("redirect_uri", self.field("redirect_uri").to_owned()),
        ]
    }
}

/// Returns the challenge that a verifier makes.
pub(crate) fn challenge_of(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(Sha256::of(verifier.as_bytes()).as_bytes())
}

/// Sends fields to the endpoint for tokens.
pub(crate) fn send(registry: &Appliance, fields: &[(&str, String)], name: &str) -> Response {
    let request = registry.request("POST", "/oauth/token", None);
    let request = request.header("user-agent", name).form(fields);
    request.send().expect("an answer")
}

/// Returns the status and the JSON of an answer.
pub(crate) fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    (status, answer.json().expect("JSON"))
}

/// Returns the address to which a page leads the browser at once.
pub(crate) fn callback(page: &Page) -> Url {
    assert_eq!(page.status, 200, "{}", page.text);
    let start = "<meta http-equiv=\"refresh\" content=\"0;url=";
    let (_, rest) = page.text.split_once(start).expect("it leads on");
    let address = rest.split('"').next().expect("an address");
    Url::parse(&address.replace("&#38;", "&")).expect("a URL")
}

/// Returns the code in the address to which a page leads.
pub(crate) fn code_of(page: &Page) -> String {
    let callback = callback(page);
    let code = callback.query_pairs().find(|(name, _)| name == "code");
    code.expect("a code").1.into_owned()
}
