//! A browser without scripts: cookies, pages, and the forms on them.

use std::collections::BTreeMap;

use reqwest::blocking::{RequestBuilder, Response, multipart};
use serde_json::json;

use crate::harness::Appliance;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A browser, and the registry that it looks at.
pub(crate) struct Browser<'a> {
    pub(crate) registry: &'a Appliance,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// A response, whose cookies the browser has stored.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) text: String,
}

/// Gives a user the password that all tests use.
pub(crate) fn set_password(registry: &Appliance, username: &str) {
    registry.command(&json!({
        "subject": "user", "command": "update", "username": username, "password": PASSWORD,
    }));
}

impl<'a> Browser<'a> {
    /// Makes a browser without a session.
    pub(crate) fn new(registry: &'a Appliance) -> Self {
        Self {
            registry,
            cookies: BTreeMap::new(),
        }
    }

    /// Makes a browser in which a user has signed in.
    pub(crate) fn of(registry: &'a Appliance, username: &str) -> Self {
        set_password(registry, username);
        let mut browser = Self::new(registry);
        let page = browser.sign_in(username, PASSWORD, "/settings/tokens");
        assert_eq!(
            (page.status, &*page.location),
            (303, "/settings/tokens"),
            "{}",
            page.text
        );
        browser
    }

    /// Fills in the form for signing in.
    pub(crate) fn sign_in(&mut self, username: &str, password: &str, next: &str) -> Page {
        let fields = [
            ("username", username),
            ("password", password),
            ("next", next),
        ];
        self.submit("/login", "/login", &fields)
    }

    /// Requests a page.
    pub(crate) fn get(&mut self, path: &str) -> Page {
        let request = self.request("GET", path);
        self.send(request)
    }

    /// Sends a form that stands on `page` to `action`.
    pub(crate) fn submit(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.form_token(page);
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        let request = self.request("POST", action).form(&fields);
        let origin = self.registry.url.clone();
        self.send(request.header("origin", origin))
    }

    /// Sends the form for publishing.
    pub(crate) fn publish(&mut self, fields: &[(&str, &str)], archive: Vec<u8>) -> Page {
        let mut form = multipart::Form::new().text("csrf", self.form_token("/publish"));
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        let file = multipart::Part::bytes(archive).file_name("../../module.tar.gz");
        let request = self
            .request("POST", "/publish")
            .multipart(form.part("archive", file));
        let origin = self.registry.url.clone();
        self.send(request.header("origin", origin))
    }

    /// Returns the token of the forms on a page.
    pub(crate) fn form_token(&mut self, page: &str) -> String {
        let page = self.get(page);
        assert_eq!(page.status, 200, "{}", page.text);
        let start = "name=\"csrf\" value=\"";
        let (_, rest) = page.text.split_once(start).expect("a form");
        rest.split('"').next().expect("its token").to_owned()
    }

    /// Prepares a request with the cookies.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let line = pairs.collect::<Vec<_>>().join("; ");
        self.registry
            .request(method, path, None)
            .header("cookie", line)
    }

    /// Sends a request and stores the cookies of the response.
    pub(crate) fn send(&mut self, request: RequestBuilder) -> Page {
        let answer = request.send().expect("an answer");
        for line in set_cookies(&answer) {
            let pair = line.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = answer.headers().get("location");
        Page {
            status: answer.status().as_u16(),
            location: location.map_or_else(String::new, |location| {
                location.to_str().expect("a text").to_owned()
            }),
            text: answer.text().expect("a body"),
        }
    }
}

/// Returns the `Set-Cookie` lines of an answer.
pub(crate) fn set_cookies(answer: &Response) -> Vec<String> {
    let lines = answer.headers().get_all("set-cookie").iter();
    lines
        .map(|line| line.to_str().expect("a text").to_owned())
        .collect()
}
