//! Runs a registry with a private organization that has one of everything, and with one caller of
//! each role.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::made::Objects;
use super::role::{ROLES, Role};
use crate::harness::Appliance;
use crate::ui::browser::{Browser, PASSWORD, set_password};

/// The private organization that all requests are about. The names of what it has begin with
/// [`MARK`], too.
pub(crate) const ORGANIZATION: &str = "hush-corp";

/// The organization that modules and providers are shared with.
pub(crate) const ALLY: &str = "ally";

/// The beginning of the names of everything in the organization.
pub(crate) const MARK: &str = "hush-";

/// The credentials of a browser: the cookies, and a token for the forms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Session {
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) form_token: String,
}

/// The registry, and the credentials of each role.
pub(crate) struct World {
    pub(crate) registry: Appliance,
    tokens: BTreeMap<Role, String>,
    sessions: RefCell<BTreeMap<Role, Session>>,
    objects: Option<Objects>,
    made: Cell<u32>,
}

impl World {
    /// Starts a registry and makes everything.
    pub(crate) fn new() -> Self {
        // Relative to the directory in which the data directory lies.
        let registry = Appliance::start_with(&[("storage.backup_dir", "backups")]);
        registry.organization(ORGANIZATION, false);
        registry.organization("rival", false);
        registry.organization(ALLY, false);
        let mut world = Self {
            registry,
            tokens: BTreeMap::new(),
            sessions: RefCell::default(),
            objects: None,
            made: Cell::new(0),
        };
        world.make_people();
        world.make_tokens();
        for role in ROLES.into_iter().filter(|role| role.username().is_some()) {
            world.sign_in(role);
        }
        world.end_sessions();
        world.objects = Some(world.make_objects());
        world.wait_for_expiry();
        world.wait_for_search();
        world
    }

    /// Returns the objects of the requests that change nothing.
    pub(crate) fn objects(&self) -> &Objects {
        self.objects.as_ref().expect("made at the beginning")
    }

    /// Returns a number that is in no name yet.
    pub(crate) fn next(&self) -> u32 {
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    /// Returns the token of a role.
    pub(crate) fn token(&self, role: Role) -> Option<&str> {
        self.tokens.get(&role).map(String::as_str)
    }

    /// Returns the session of a role; an empty one for those that have none.
    pub(crate) fn session(&self, role: Role) -> Session {
        let sessions = self.sessions.borrow();
        sessions.get(&role).cloned().unwrap_or_default()
    }

    /// Signs a user in, and replaces their earlier session.
    pub(crate) fn sign_in(&self, role: Role) {
        let username = role.username().expect("a user");
        let session = self.new_session(username);
        self.sessions.borrow_mut().insert(role, session);
    }

    fn new_session(&self, username: &str) -> Session {
        let mut browser = Browser::new(&self.registry);
        let page = browser.sign_in(username, PASSWORD, "/settings/tokens");
        assert_eq!(page.status, 303, "{username}: {}", page.text);
        let form_token = browser.form_token("/settings/tokens");
        let cookies = browser.cookies;
        Session {
            cookies,
            form_token,
        }
    }

    /// Makes a user a member of an organization, in a team or in none.
    pub(crate) fn add_member(&self, organization: &str, username: &str, team: Option<&str>) {
        match team {
            Some(team) => self.registry.join(organization, team, username),
            None => drop(self.registry.command(&json!({
                "subject": "organization", "command": "add-member",
                "name": organization, "username": username,
            }))),
        }
    }

    /// Gives the roles the same rights in an organization that they have in the first.
    pub(crate) fn fill_organization(&self, organization: &str) {
        let team = format!("{MARK}builders");
        self.registry.command(&json!({
            "subject": "team", "command": "create", "organization": organization, "name": team,
            "access": { "manage-modules": true, "manage-providers": true },
        }));
        for (role, team) in [
            (Role::Reader, None),
            (Role::Publisher, Some(&*team)),
            (Role::Owner, Some("owners")),
        ] {
            self.add_member(organization, role.username().expect("a user"), team);
        }
    }

    fn make_people(&mut self) {
        for role in ROLES {
            let Some(username) = role.username() else {
                continue;
            };
            let token = if role == Role::Admin {
                self.registry.admin.clone()
            } else {
                self.registry.user(username)
            };
            set_password(&self.registry, username);
            self.tokens.insert(role, token);
        }
        self.fill_organization(ORGANIZATION);
        let owner = Role::OtherOwner.username().expect("a user");
        self.registry.join("rival", "owners", owner);
        let owner = Role::Consumer.username().expect("a user");
        self.registry.join(ALLY, "owners", owner);
        for kind in ["modules", "providers"] {
            self.registry.command(&json!({
                "subject": "organization", "command": "share",
                "name": ORGANIZATION, "kind": kind, "with": [ALLY],
            }));
        }
        let policy =
            format!("/api/v2/organizations/{ORGANIZATION}/relationships/data-retention-policy");
        let keep = json!({ "data": { "type": "data-retention-policy-dont-deletes" } });
        let request = self
            .registry
            .request("POST", &policy, Some(&self.registry.admin));
        assert_eq!(request.json(&keep).send().expect("an answer").status(), 201);
        self.registry.command(&json!({
            "subject": "token", "command": "create", "scope": "read",
            "description": format!("{MARK}laptop"),
            "owner": { "kind": "user", "username": Role::Reader.username() },
        }));
    }

    fn make_tokens(&mut self) {
        let of_organization = json!({ "kind": "organization", "organization": ORGANIZATION });
        let revoked = self.registry.command(&json!({
            "subject": "token", "command": "create", "scope": "admin", "owner": of_organization,
        }));
        let end = json!({ "subject": "token", "command": "revoke", "id": revoked["id"] });
        self.registry.command(&end);
        let expired = self.registry.command(&json!({
            "subject": "token", "command": "create", "scope": "admin", "lifetime_seconds": 1,
            "owner": of_organization,
        }));
        let secret = |made: &Value| made["token"].as_str().expect("a token").to_owned();
        let registry = &self.registry;
        self.tokens.extend([
            (Role::Expired, secret(&expired)),
            (Role::Revoked, secret(&revoked)),
            (
                Role::ReadToken,
                registry.organization_token(ORGANIZATION, "read"),
            ),
            (
                Role::PublishToken,
                registry.organization_token(ORGANIZATION, "publish"),
            ),
        ]);
    }

    /// Makes sessions of a member and ends them: one by signing out, one by a new password.
    fn end_sessions(&self) {
        let username = format!("{MARK}former");
        self.registry.user(&username);
        self.add_member(ORGANIZATION, &username, Some("owners"));
        set_password(&self.registry, &username);
        for role in [Role::Expired, Role::Revoked] {
            let session = self.new_session(&username);
            let mut browser = Browser::new(&self.registry);
            browser.cookies.clone_from(&session.cookies);
            if role == Role::Expired {
                browser.submit("/settings/tokens", "/logout", &[]);
            } else {
                set_password(&self.registry, &username);
            }
            self.sessions.borrow_mut().insert(role, session);
        }
    }

    fn wait_for_expiry(&self) {
        let token = self.token(Role::Expired);
        wait("a token of one second is still good after ten", || {
            self.registry.get("/v1/modules", token).status() == 401
        });
    }

    fn wait_for_search(&self) {
        wait("a published module is not found", || {
            let found = self.registry.json("/v1/modules/search?q=vpc");
            found.to_string().contains(MARK)
        });
    }
}

fn wait(problem: &str, is_over: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !is_over() {
        assert!(Instant::now() < until, "{problem}");
        std::thread::yield_now();
    }
}
