//! What must come out: a rule says who may do what a route is about.

use terrakeep::http::access::Access;

use super::role::Role;

/// Who may do what a route is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It is for anybody.
    Anybody,
    /// It is for anybody who knows a password; the roles that are users know their own.
    Password,
    /// It is for anybody who is known.
    Known,
    /// It is for anybody who is known, and about nobody else.
    Own,
    /// It is for users, and about nobody else; organizations and their tokens have no account.
    OwnAccount,
    /// Users ask an administrator to do it for them.
    OwnAddress,
    /// It is for the user whom the route names: the reader.
    Themself,
    /// It lists what the user has whom the route names; others see an empty list.
    ListOfThemself,
    /// It is for nobody.
    Nobody,
    /// It lists what one may see.
    Lists,
    /// It lists where one may publish.
    ListsToPublish,
    /// It is for whoever may read in the organization.
    Reads,
    /// It is for whoever may publish in the organization.
    Publishes,
    /// It is for whoever may manage its providers.
    ManagesProviders,
    /// It is for its owners; others who may read know of it.
    Owns,
    /// It is for its owners; to others it is not there.
    OwnsUnseen,
    /// It is for its owners; to the tokens of the organization itself it is not there.
    OwnsInPerson,
    /// It is for administrators of the registry; others know of it.
    Site,
    /// It is for administrators of the registry; to others it is not there.
    SiteUnseen,
}

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It is done, and the answer names no other role.
    DoneAlone,
    /// It is done, and the answer names what the organization has.
    Shows,
    /// It is done, and the answer names nothing of the organization.
    Hides,
    /// The way to sign in.
    SignIn,
    /// An answer with this status code.
    Status(u16),
}

impl Outcome {
    /// Whether it is done.
    pub(crate) fn is_done(self) -> bool {
        match self {
            Self::Done | Self::DoneAlone | Self::Shows | Self::Hides => true,
            Self::SignIn | Self::Status(_) => false,
        }
    }
}

/// The rule of a route whose access says already what it is about; `None` where it must have a
/// cell of its own.
pub(crate) fn of_access(access: Access) -> Option<Rule> {
    match access {
        Access::Read | Access::ReadMembers | Access::Signed => Some(Rule::Reads),
        Access::Publish | Access::PublishProviders => Some(Rule::Publishes),
        Access::ManageProviders => Some(Rule::ManagesProviders),
        Access::AdministerModules
        | Access::ManageOrganization
        | Access::ManageMembership
        | Access::ManageTokens
        | Access::ManageTeams => Some(Rule::Owns),
        Access::SshKeys => Some(Rule::OwnsInPerson),
        Access::Site => Some(Rule::Site),
        Access::HiddenSite => Some(Rule::SiteUnseen),
        Access::Nobody => Some(Rule::Nobody),
        Access::Listing => Some(Rule::Lists),
        Access::Open
        | Access::Authenticated
        | Access::Account
        | Access::ById
        | Access::Ticket
        | Access::Password
        | Access::Command
        | Access::Page
        | Access::Session
        | Access::Form => None,
    }
}

/// Whether a route looks at the cookie of a session, and not at tokens.
pub(crate) fn is_in_browser(path: &str, access: Access) -> bool {
    match access {
        Access::Page | Access::Session | Access::Form => true,
        Access::Open => !path.starts_with("/api/") && !path.starts_with("/.well-known/"),
        Access::Authenticated
        | Access::Account
        | Access::ById
        | Access::Nobody
        | Access::Listing
        | Access::Read
        | Access::Publish
        | Access::AdministerModules
        | Access::PublishProviders
        | Access::ManageProviders
        | Access::ReadMembers
        | Access::ManageMembership
        | Access::ManageTeams
        | Access::ManageTokens
        | Access::ManageOrganization
        | Access::SshKeys
        | Access::Ticket
        | Access::Signed
        | Access::Site
        | Access::HiddenSite
        | Access::Password
        | Access::Command => false,
    }
}

/// The matrix.
#[expect(clippy::match_same_arms, reason = "a table has a line for each rule")]
pub(crate) fn expected(about: Rule, access: Access, in_browser: bool, role: Role) -> Outcome {
    use Outcome::{Done, DoneAlone, Hides, Shows, Status};
    let allowed = |allowed: &[Role], others: u16| {
        if allowed.contains(&role) {
            Done
        } else if role.is_outside() {
            Status(404)
        } else {
            Status(others)
        }
    };
    let owners = [Role::Owner, Role::Admin];
    if role.is_nobody(in_browser) {
        return of_nobody(about, access, in_browser);
    }
    match about {
        Rule::Anybody | Rule::Known => Done,
        Rule::Password if role.username().is_some() => Done,
        Rule::Password => Status(401),
        Rule::Own => DoneAlone,
        Rule::OwnAccount if role.username().is_some() => DoneAlone,
        Rule::OwnAddress if role == Role::Admin => DoneAlone,
        Rule::OwnAddress if role.username().is_some() => Status(422),
        Rule::OwnAccount | Rule::OwnAddress => Status(404),
        Rule::Themself if role == Role::Reader => Done,
        Rule::Themself => Status(404),
        Rule::ListOfThemself if role == Role::Reader => Shows,
        Rule::ListOfThemself => Hides,
        Rule::Nobody => Status(403),
        Rule::Lists if role.is_outside() => Hides,
        Rule::Lists => Shows,
        Rule::ListsToPublish if role.is_outside() || role == Role::Reader => Hides,
        Rule::ListsToPublish => Shows,
        Rule::Reads if role.is_outside() => Status(404),
        Rule::Reads => Done,
        Rule::Publishes => allowed(
            &[
                Role::PublishToken,
                Role::Publisher,
                Role::Owner,
                Role::Admin,
            ],
            403,
        ),
        Rule::ManagesProviders => allowed(&[Role::Publisher, Role::Owner, Role::Admin], 403),
        Rule::Owns => allowed(&owners, 403),
        Rule::OwnsUnseen => allowed(&owners, 404),
        Rule::OwnsInPerson if role.username().is_none() => Status(404),
        Rule::OwnsInPerson => allowed(&owners, 403),
        Rule::Site | Rule::SiteUnseen if role == Role::Admin => Done,
        Rule::Site => Status(403),
        Rule::SiteUnseen => Status(404),
    }
}

/// What comes out for nobody in particular.
fn of_nobody(rule: Rule, access: Access, in_browser: bool) -> Outcome {
    match (rule, access) {
        (Rule::Anybody, _) => Outcome::Done,
        (Rule::Lists, Access::Open) => Outcome::Hides,
        // The page with the form is shown again.
        (Rule::Password, Access::Form) => Outcome::Status(422),
        (_, Access::Form) => Outcome::Status(403),
        _ if in_browser => Outcome::SignIn,
        _ => Outcome::Status(401),
    }
}
