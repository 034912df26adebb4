//! Administration as values: the commands of `terrakeep org|user|team|token|module|key|audit …`.
//!
//! The command line sends a [`Command`] to a running registry, or carries it out itself on the data
//! directory of a stopped one. Both call [`Registry::carry_out`], so both do the same, and each
//! command needs the same right.

mod audit;
mod key;
mod module;
mod organization;
mod outcome;
mod password;
mod team;
mod token;
mod user;

use serde::{Deserialize, Serialize};

pub use audit::AuditCommand;
pub use key::KeyCommand;
pub use module::ModuleCommand;
pub use organization::OrganizationCommand;
pub use outcome::{ListedToken, MemberTeams, Outcome};
pub use password::Password;
pub use team::TeamCommand;
pub use token::{Owner, TokenCommand};
pub use user::UserCommand;

use crate::auth::Caller;
use crate::registry::base::{Error, Registry};

/// One administrative command: `{"subject": "team", "command": "add", …}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "subject", rename_all = "kebab-case")]
pub enum Command {
    /// A command about an organization and its members.
    Organization(OrganizationCommand),
    /// A command about users.
    User(UserCommand),
    /// A command about an organization's teams.
    Team(TeamCommand),
    /// A command about tokens.
    Token(TokenCommand),
    /// A command about versions of modules.
    Module(ModuleCommand),
    /// A command about the keys that providers are signed with.
    Key(KeyCommand),
    /// A command about the audit log.
    Audit(AuditCommand),
}

impl Registry {
    /// Carries out one command and returns its outcome.
    pub fn carry_out(&self, caller: &Caller, command: Command) -> Result<Outcome, Error> {
        self.require_authenticated(caller)?;
        match command {
            Command::Organization(command) => organization::carry_out(self, caller, command),
            Command::User(command) => user::carry_out(self, caller, command),
            Command::Team(command) => team::carry_out(self, caller, command),
            Command::Token(command) => token::carry_out(self, caller, command),
            Command::Key(command) => key::carry_out(self, caller, command),
            Command::Audit(command) => audit::carry_out(self, caller, command),
            Command::Module(command) => module::carry_out(self, caller, command),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn commands_travel_as_json() {
        let text = r#"{"subject":"team","command":"create","organization":"acme","name":"ci","access":{"manage-modules":true}}"#;
        let command: Command = serde_json::from_str(text).expect("a command");
        let Command::Team(TeamCommand::Create { access, .. }) = &command else {
            panic!("another command: {command:?}");
        };
        assert!(access.manage_modules);
        let again: Value = serde_json::to_value(&command).expect("JSON");
        assert_eq!(again["subject"], "team");
        assert_eq!(again["command"], "create");
    }

    #[test]
    fn t33_a_password_is_not_shown() {
        let command = Command::User(UserCommand::Update {
            username: "alice".parse().expect("a name"),
            email: None,
            password: Some(Password::new("correct horse battery".to_owned())),
            site_admin: None,
            suspended: None,
        });
        assert!(!format!("{command:?}").contains("horse"));
    }
}
