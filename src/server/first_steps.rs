//! The content that `terrakeep quickstart` creates: an administrator, an organization, a module.

use std::io::Write;

use rust_embed::RustEmbed;

use super::StartupError;
use crate::archive::{ArchivePath, ArchiveWriter};
use crate::auth::{AdministerSite, Caller, Grant, PublishModules, SignInSecret, TokenSecret};
use crate::domain::{
    KeptChange, ModuleAddress, ModuleVersionAddress, ShortText, TokenScope, Username,
};
use crate::registry::commands::{Command, OrganizationCommand};
use crate::registry::{Error, NewToken, NewUser, Registry, disk_error};

#[derive(RustEmbed)]
#[folder = "assets/example-module/"]
struct ExampleModule;

const USER: &str = "admin";
const MODULE: &str = "acme/hello/null";
const VERSION: &str = "1.0.0";
/// What the token is for, in the list of tokens.
const TOKEN: &str = "quickstart";

/// The result of the first steps.
#[derive(Debug)]
pub struct FirstSteps {
    /// The administrator's name.
    pub user: String,
    /// The secret of a link that signs the administrator in once.
    pub sign_in: SignInSecret,
    /// A new token of the administrator, in the place of that of the last start; shown once.
    pub token: TokenSecret,
    /// The example module and its version.
    pub module: ModuleVersionAddress,
}

/// Creates what is missing, and a new token in the place of that of the last start. What exists
/// already stays as it is.
pub fn take_first_steps(registry: &Registry) -> Result<FirstSteps, StartupError> {
    let operator = Caller::Operator;
    let module: ModuleAddress = MODULE.parse().map_err(Error::internal)?;
    let version = VERSION.parse().map_err(Error::internal)?;
    let user: Username = USER.parse().map_err(Error::internal)?;
    let grant = registry.site_grant(&operator)?;
    let address = ModuleVersionAddress { module, version };
    let new_user = NewUser {
        username: user.clone(),
        email: ShortText::default(),
        password: None,
        site_admin: true,
    };
    unless_there(registry.create_user(&grant, new_user))?;
    let create_organization = OrganizationCommand::Create {
        name: address.module.namespace.clone(),
        email: ShortText::default(),
        public: false,
        owner: Some(user.clone()),
    };
    unless_there(registry.carry_out(&operator, Command::Organization(create_organization)))?;
    match publish_example(registry, &operator, &address) {
        // Somebody has deleted the example, and a full disk must not prevent the start.
        Err(error @ Error::NoSpace) => tracing::warn!(%error, "there is no example module"),
        published => published?,
    }
    let token = replace_token(registry, &grant, &operator, &user)?;
    Ok(FirstSteps {
        user: USER.to_owned(),
        sign_in: registry.create_sign_in_link(&grant, &user)?,
        token,
        module: address,
    })
}

/// Revokes the tokens that earlier starts made, and makes a new one.
fn replace_token(
    registry: &Registry,
    grant: &Grant<AdministerSite>,
    operator: &Caller,
    user: &Username,
) -> Result<TokenSecret, Error> {
    let description: ShortText = TOKEN.parse().map_err(Error::internal)?;
    for token in registry.list_user_tokens(grant, user)? {
        if token.description.as_ref() == Some(&description) {
            registry.revoke_token(operator, &token.id)?;
        }
    }
    // It has no end of its own, because every token that is made with it would end with it.
    let new = NewToken {
        description: Some(description),
        scope: TokenScope::Admin,
        restriction: None,
        end: None,
    };
    let (_, token) = registry.create_user_token(grant, operator, user, new)?;
    Ok(token)
}

fn publish_example(
    registry: &Registry,
    operator: &Caller,
    address: &ModuleVersionAddress,
) -> Result<(), Error> {
    let grant = registry.module_grant::<PublishModules>(operator, &address.module)?;
    unless_there(registry.create_module(&grant, address.module.clone(), KeptChange::default()))?;
    let announced = registry.create_pending_version(&grant, address.clone(), None);
    let Some((_, _, ticket)) = unless_there(announced)? else {
        return Ok(());
    };
    let mut incoming = registry.incoming()?;
    incoming
        .write_all(&example_archive()?)
        .map_err(disk_error)?;
    registry.publish_module_version(&registry.redeem_ticket(&ticket)?, incoming)?;
    Ok(())
}

fn example_archive() -> Result<Vec<u8>, Error> {
    let mut archive = ArchiveWriter::new(Vec::new()).map_err(disk_error)?;
    let mut names: Vec<_> = ExampleModule::iter().collect();
    names.sort();
    for name in names {
        let path: ArchivePath = name.parse().map_err(Error::internal)?;
        let file = ExampleModule::get(&name).ok_or_else(|| Error::internal("a file is missing"))?;
        let size = u64::try_from(file.data.len()).map_err(Error::internal)?;
        archive
            .file(&path, false, size, &*file.data)
            .map_err(disk_error)?;
    }
    archive.finish().map_err(disk_error)
}

/// Returns what was created; `None` if it existed before.
fn unless_there<T>(made: Result<T, Error>) -> Result<Option<T>, Error> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(
            Error::AlreadyExists(_)
            | Error::Invalid {
                field: "version", ..
            },
        ) => Ok(None),
        Err(error) => Err(error),
    }
}
