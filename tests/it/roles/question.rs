//! One request: a role requests a route about something that exists.

use reqwest::blocking::{RequestBuilder, Response};
use terrakeep::http::access::Access;
use terrakeep::ui::files;

use super::cells;
use super::made::Objects;
use super::role::Role;
use super::rules::{Outcome, Rule, expected, expected_of_consumer, is_in_browser};
use super::sent::Sent;
use super::world::{MARK, ORGANIZATION, World};
use crate::login::program::Program;
use crate::ui::browser::Browser;

/// A route with its rule.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) access: Access,
    pub(crate) rule: Rule,
}

/// The response to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    /// The media type; empty where there is none.
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl From<Response> for Answer {
    fn from(answer: Response) -> Self {
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value.map_or_else(String::new, |it| it.to_str().expect("a text").to_owned())
        };
        let (location, kind) = (header("location"), header("content-type"));
        let status = answer.status().as_u16();
        let bytes = answer.bytes().expect("a body");
        Self {
            status,
            location,
            kind,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

impl Route {
    /// Makes a route from a line of the route table, with its rule.
    pub(crate) fn of((method, path, access): (&'static str, String, Access)) -> Option<Self> {
        let rule = cells::rule(method, &path, access)?;
        Some(Self {
            method,
            path,
            access,
            rule,
        })
    }

    /// Returns the method and the path.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns whether it reads cookies, and not tokens.
    pub(crate) fn is_in_browser(&self) -> bool {
        is_in_browser(&self.path, self.access)
    }

    /// Returns the expected outcome for a role.
    pub(crate) fn expected(&self, role: Role) -> Outcome {
        let mut outcome = expected(self.rule, self.access, self.is_in_browser(), role);
        if role == Role::Consumer {
            outcome = expected_of_consumer(&self.line(), outcome);
        }
        // Whoever may publish from a repository is told that it is not done here.
        let from_repository = self.path.ends_with("/registry-modules/vcs")
            || self.line() == "POST /api/v2/registry-modules";
        if from_repository && outcome.is_done() {
            return Outcome::Status(422);
        }
        outcome
    }

    /// Returns what a list must contain for callers who may see it, and for nobody else.
    fn mark<'a>(&self, objects: &'a Objects) -> &'a str {
        if self.path.ends_with("/gpg-keys") {
            &objects.key_id
        } else {
            MARK
        }
    }

    fn query(&self) -> String {
        if self.path == "/oauth/authorize" {
            return format!("?{}", Program::new().query());
        }
        let query = match &*self.path {
            path if path.ends_with("/search") => "?q=vpc",
            path if path.ends_with("/private/v2/gpg-keys") => "?filter[namespace]=hush-corp,rival",
            path if path.ends_with("/version") => "?module_version=1.0.0",
            path if path.ends_with("/diff") => "?from=1.0.0&to=1.1.0",
            "/api/v2/organization-memberships" => "?include=user",
            "/login" => "?other=yes",
            _ => "",
        };
        query.to_owned()
    }
}

impl Objects {
    /// A path of the table with its parameters filled in.
    pub(crate) fn fill_in(&self, path: &str) -> String {
        let file = if path.contains("/archives/providers/") {
            format!("terraform-provider-{}_1.0.0_linux_amd64.zip", self.provider)
        } else if path.starts_with("/mirror/") {
            "1.0.0.json".to_owned()
        } else {
            "1.0.0.tar.gz".to_owned()
        };
        let (namespace, name) = match path {
            _ if path.contains("mirror/") => ("elsewhere", &self.imported),
            _ if path.contains("providers/") => (&*self.organization, &self.provider),
            _ => (&*self.organization, &self.module),
        };
        let inside = match path {
            _ if path.contains("/submodules/") => "modules/inside",
            _ if path.contains("/examples/") => "examples/simple",
            _ if path.contains("/raw/") => "badge.png",
            _ if path.contains("/docs/") => "resources/thing",
            _ if path.contains("/pictures/") => "docs/badge.png",
            _ => "main.tf",
        };
        let filled = [
            ("{namespace}", namespace),
            ("{organization}", &self.organization),
            ("{registry}", "private"),
            ("{name}", name),
            ("{system}", "null"),
            ("{provider}", "null"),
            ("{version}", "1.0.0"),
            ("{file}", &file),
            ("{platform}", "linux_amd64"),
            ("{host}", "registry.example.com"),
            ("{os}", "linux"),
            ("{arch}", "amd64"),
            ("{*path}", inside),
            ("{ticket}", &self.ticket),
            ("{provider_id}", &self.provider_id),
            ("{key_id}", &self.key_id),
            ("{module_id}", &self.module_id),
            ("{team_id}", &self.team_id),
            ("{membership}", &self.membership),
            ("{invitation}", &self.invitation),
            ("{invited}", &self.invited),
            ("{action}", "suspend"),
            ("{user}", &self.user_id),
            ("{username}", &self.username),
            ("{team}", &self.team),
            ("{token}", &self.token),
            ("{ssh_key}", &self.ssh_key),
            ("{project}", &self.project),
            ("{page}", "use"),
            ("/static/{hash}/{asset}", &files::address("app.css")),
        ]
        .iter()
        .fold(path.to_owned(), |path, (parameter, value)| {
            path.replace(parameter, value)
        });
        assert!(
            !filled.contains('{'),
            "a parameter without a value: {filled}"
        );
        filled
    }
}

impl World {
    /// Returns the objects for a role's request of a route: fresh objects if the route changes
    /// them.
    pub(crate) fn objects_for(&self, route: &Route, role: Role) -> Objects {
        if route.method != "GET" && route.expected(role).is_done() {
            self.fresh(&route.path)
        } else {
            self.objects().clone()
        }
    }

    /// Requests a route as a role, about these objects.
    pub(crate) fn ask(&self, route: &Route, objects: &Objects, role: Role) -> Answer {
        let to = format!("{}{}", objects.fill_in(&route.path), route.query());
        let answer = if route.is_in_browser() {
            self.ask_in_browser(route, objects, (&to, role))
        } else {
            let request = self.registry.request(route.method, &to, self.token(role));
            if route.method == "GET" {
                request
            } else {
                match self.body(&route.line(), objects, role) {
                    Sent::Bytes(bytes) => request.body(bytes),
                    Sent::Json(body) => request.json(&body),
                    Sent::Form(fields) => request.form(&fields),
                }
            }
            .send()
            .expect("an answer")
            .into()
        };
        let ends_session = ["/logout", "/settings/password", "/account/password"];
        let is_user = role.username().is_some();
        if is_user && route.method != "GET" && ends_session.iter().any(|it| to.ends_with(it)) {
            self.sign_in(role);
        }
        answer
    }

    fn ask_in_browser(&self, route: &Route, objects: &Objects, (to, role): (&str, Role)) -> Answer {
        let session = self.session(role);
        let (mut browser, mut form_token) = (Browser::new(&self.registry), session.form_token);
        if route.line() == "POST /login" {
            form_token = browser.form_token("/login");
        } else {
            browser.cookies = session.cookies;
        }
        let mut request: RequestBuilder = browser.request(route.method, to);
        if let (true, Some(token)) = (role.username().is_none(), self.token(role)) {
            // It must count for nothing.
            request = request.bearer_auth(token);
        }
        if route.method != "GET" {
            request = request.header("origin", &self.registry.url);
            request = if to.starts_with("/publish") {
                request.multipart(self.form_with_file(&route.line(), form_token))
            } else {
                let mut fields = self.fields(&route.line(), objects, role);
                fields.push(("csrf", form_token));
                request.form(&fields)
            };
        }
        request.send().expect("an answer").into()
    }
}

/// Returns what is wrong with a response; `None` if it is as expected.
pub(crate) fn fault(
    route: &Route,
    objects: &Objects,
    (role, answer): (Role, &Answer),
) -> Option<String> {
    let outcome = route.expected(role);
    let to_sign_in = answer.location.starts_with("/login?");
    let is_done = (200..400).contains(&answer.status) && !to_sign_in;
    let names_mark = answer.text.contains(route.mark(objects));
    let fits = match outcome {
        Outcome::Done => is_done,
        Outcome::DoneAlone => is_done && !names_others(&answer.text, role),
        Outcome::Shows => is_done && names_mark,
        Outcome::Hides => is_done && !names_mark,
        Outcome::SignIn => answer.status == 303 && to_sign_in,
        Outcome::Status(status) => answer.status == status,
    };
    if !fits {
        return Some(format!(
            "expected {outcome:?}, came {} {} {}",
            answer.status, answer.location, answer.text
        ));
    }
    let seen = answer.text.clone() + &answer.location;
    let seen = without_the_question(route, objects, seen);
    let may_be_seen = !role.is_outside() || route.rule == Rule::Known;
    (!may_be_seen && seen.contains(MARK)).then(|| format!("tells of the organization: {seen}"))
}

/// Returns whether a text names a user of another role.
fn names_others(text: &str, role: Role) -> bool {
    let others = super::role::ROLES
        .into_iter()
        .filter(|other| *other != role);
    let mut names = others
        .filter_map(Role::username)
        .filter(|name| *name != "admin");
    names.any(|name| text.contains(name))
}

/// Returns a response without the names in the request: an error repeats them.
fn without_the_question(route: &Route, objects: &Objects, text: String) -> String {
    let mut asked: Vec<&str> = vec![
        ORGANIZATION,
        &objects.organization,
        &objects.module,
        &objects.provider,
        &objects.team,
        &objects.username,
        &objects.stranger,
    ];
    if route.method == "GET" {
        asked
            .retain(|value| objects.fill_in(&route.path).contains(value) || *value == ORGANIZATION);
    }
    asked.sort_by_key(|value| std::cmp::Reverse(value.len()));
    asked
        .into_iter()
        .fold(text, |text, value| text.replace(value, "…"))
}
