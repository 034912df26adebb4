//! The expected outcomes: a rule says who may use a route.

use terrakeep::http::access::Access;

use super::role::Role;

/// The rule that says who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Everybody may use it.
    Anybody,
    /// Everybody who knows a password may use it; the roles that are users know their own.
    Password,
    /// Everybody with valid credentials may use it.
    Known,
    /// Everybody with valid credentials may use it, for themselves only.
    Own,
    /// Users may use it, for themselves only; organizations and their tokens have no account.
    OwnAccount,
    /// The user whom the route names may use it: the reader.
    Themself,
    /// It lists what belongs to the user whom the route names; others see an empty list.
    ListOfThemself,
    /// Nobody may use it.
    Nobody,
    /// It lists what the caller may see.
    Lists,
    /// It lists the organizations that the caller may publish in.
    ListsToPublish,
    /// Callers who may read in the organization may use it.
    Reads,
    /// Callers who may publish in the organization may use it.
    Publishes,
    /// Callers who may manage the organization's providers may use it.
    ManagesProviders,
    /// Its owners may use it; others who may read get 403.
    Owns,
    /// Its owners may use it, and the members of the team that the route names: the reader.
    OwnsOrIsMember,
    /// Its owners may use it, and the members of each team that manage its tokens.
    OwnsOrIsInTeam,
    /// Its owners may use it; others get 404.
    OwnsUnseen,
    /// Its owners may read it, with tokens of any scope; others get 403.
    OwnsToRead,
    /// Its owners may read it, with tokens of any scope; others get 404.
    OwnsUnseenToRead,
    /// Its owners may change it; their tokens of a narrow scope get 403, and others get 404.
    OwnsUnseenToChange,
    /// Its owners may use it; the tokens of the organization itself get 404.
    OwnsInPerson,
    /// Administrators of the registry may use it; others get 403.
    Site,
    /// Administrators of the registry may use it; others get 404.
    SiteUnseen,
}

/// The outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The request succeeds.
    Done,
    /// The request succeeds, and the response names no other role.
    DoneAlone,
    /// The request succeeds, and the response names what the organization has.
    Shows,
    /// The request succeeds, and the response names nothing of the organization.
    Hides,
    /// The response leads to the page for signing in.
    SignIn,
    /// The response has this status code.
    Status(u16),
}

impl Outcome {
    /// Returns whether the request succeeds.
    pub(crate) fn is_done(self) -> bool {
        match self {
            Self::Done | Self::DoneAlone | Self::Shows | Self::Hides => true,
            Self::SignIn | Self::Status(_) => false,
        }
    }
}

/// Returns the rule of a route whose access decides it; `None` if it must have a cell of its own.
pub(crate) fn of_access(access: Access) -> Option<Rule> {
    match access {
        Access::Read | Access::ReadMembers | Access::Signed => Some(Rule::Reads),
        Access::Publish | Access::PublishProviders => Some(Rule::Publishes),
        Access::ManageProviders => Some(Rule::ManagesProviders),
        Access::AdministerModules
        | Access::ManageOrganization
        | Access::ManageMembership
        | Access::ManageProjects
        | Access::ManageTokens
        | Access::ManageTeams => Some(Rule::Owns),
        Access::ReadProjects => Some(Rule::OwnsToRead),
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
        | Access::Code
        | Access::Command
        | Access::Page
        | Access::Session
        | Access::Form => None,
    }
}

/// Returns whether a route reads the cookie of a session, and not tokens.
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
        | Access::ReadProjects
        | Access::ManageProjects
        | Access::ManageTeams
        | Access::ManageTokens
        | Access::ManageOrganization
        | Access::SshKeys
        | Access::Ticket
        | Access::Signed
        | Access::Site
        | Access::HiddenSite
        | Access::Password
        | Access::Code
        | Access::Command => false,
    }
}

/// Returns the outcome that the matrix expects.
#[expect(clippy::match_same_arms, reason = "a table has a line for each rule")]
pub(crate) fn expected(about: Rule, access: Access, in_browser: bool, role: Role) -> Outcome {
    use Outcome::{Done, DoneAlone, Hides, Shows, Status};
    // What is shared is read by its own rule; all else is as hidden as from any outsider.
    let role = if role == Role::Consumer {
        Role::OtherOwner
    } else {
        role
    };
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
    let owners_by_any_token = [
        Role::ReadToken,
        Role::PublishToken,
        Role::Owner,
        Role::Admin,
    ];
    if role.is_nobody(in_browser) {
        return of_nobody(about, access, in_browser);
    }
    match about {
        Rule::Anybody | Rule::Known => Done,
        Rule::Password if role.username().is_some() => Done,
        Rule::Password => Status(401),
        Rule::Own => DoneAlone,
        Rule::OwnAccount if role.username().is_some() => DoneAlone,
        Rule::OwnAccount => Status(404),
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
        Rule::OwnsOrIsMember => allowed(&[Role::Reader, Role::Owner, Role::Admin], 403),
        Rule::OwnsOrIsInTeam => allowed(
            &[Role::Reader, Role::Publisher, Role::Owner, Role::Admin],
            403,
        ),
        Rule::OwnsUnseen => allowed(&owners, 404),
        Rule::OwnsToRead => allowed(&owners_by_any_token, 403),
        Rule::OwnsUnseenToRead => allowed(&owners_by_any_token, 404),
        Rule::OwnsUnseenToChange if matches!(role, Role::ReadToken | Role::PublishToken) => {
            Status(403)
        }
        Rule::OwnsUnseenToChange => allowed(&owners, 404),
        Rule::OwnsInPerson if role.username().is_none() => Status(404),
        Rule::OwnsInPerson => allowed(&owners, 403),
        Rule::Site | Rule::SiteUnseen if role == Role::Admin => Done,
        Rule::Site => Status(403),
        Rule::SiteUnseen => Status(404),
    }
}

/// Returns the outcome for the owner of an organization that modules and providers are shared with.
pub(crate) fn expected_of_consumer(line: &str, outcome: Outcome) -> Outcome {
    // A list can be asked for with POST, too.
    let reads = line.starts_with("GET /") || line.ends_with("/modules/{namespace}");
    let is_shared = reads
        && [
            "/v1/modules",
            "/v1/providers",
            "GET /modules/",
            "GET /providers",
            "/archives/",
            "/registry-modules",
            "/registry-providers",
            "/gpg-keys",
            "GET /search",
        ]
        .iter()
        .any(|part| line.contains(part));
    if outcome == Outcome::Hides && (is_shared || line == "GET /") {
        return Outcome::Shows;
    }
    if outcome == Outcome::Status(404) && is_shared && !is_for_owners(line) {
        return Outcome::Done;
    }
    outcome
}

/// Returns whether a page about modules is for those who may change them.
fn is_for_owners(line: &str) -> bool {
    line.ends_with("/delete") || line.ends_with("/lifecycle")
}

/// Returns the outcome for callers without valid credentials.
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
