//! The right that a caller needs for an endpoint, as a word in the route table.
//!
//! The word decides nothing: `auth::authorize` does. It says what the decision must be, so that the
//! role matrix test can compare, for every route and every role, what happens with what should.

/// The right that a caller needs for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Nothing: discovery, health.
    Open,
    /// A valid token of any user, organization or team.
    Authenticated,
    /// A valid token of a user; tokens of organizations and teams get 404.
    Account,
    /// A valid token; callers who may not see what has this id get 404.
    ById,
    /// A valid token, but no caller has this right: the answer is 403.
    Nobody,
    /// Lists what the caller may see; anonymous callers get 401 unless something is public.
    Listing,
    /// The right to read in the organization.
    Read,
    /// The right to publish modules in the organization.
    Publish,
    /// The right to delete and change modules of the organization.
    AdministerModules,
    /// The right to publish providers in the organization.
    PublishProviders,
    /// The right to delete providers of the organization, and to manage their keys.
    ManageProviders,
    /// The right to see who belongs to the organization.
    ReadMembers,
    /// The right to invite and remove members.
    ManageMembership,
    /// The right to see the projects of the organization.
    ReadProjects,
    /// The right to create, change and delete projects.
    ManageProjects,
    /// The right to create, change and delete teams.
    ManageTeams,
    /// The right to make and revoke tokens of the organization and its teams.
    ManageTokens,
    /// The right to change the settings of the organization.
    ManageOrganization,
    /// The right to manage SSH keys of the organization; its own tokens get 404.
    SshKeys,
    /// The secret in the address itself; tokens are neither needed nor read.
    Ticket,
    /// A signature in the address, or the right to read.
    Signed,
    /// The right to administer the registry.
    Site,
    /// Like [`Access::Site`], but callers without the right get 404 instead of 403.
    HiddenSite,
    /// A username and its password, in the body.
    Password,
    /// A code that the browser of a user brought, in the body.
    Code,
    /// The right that the command in the body needs.
    Command,
    /// The right to read, by a session or because it is public. Callers without it are sent to the
    /// sign-in page.
    Page,
    /// A session; callers without one are sent to the sign-in page, even with a token.
    Session,
    /// The token of a form of this site and, except for signing in, a session. Without them the
    /// answer is 403.
    Form,
}

impl Access {
    /// Returns whether the endpoint reads the caller's token.
    pub(super) fn reads_token(self) -> bool {
        !matches!(
            self,
            Self::Open | Self::Ticket | Self::Password | Self::Code
        )
    }

    /// Describes what a caller needs; the text follows the word "Needs".
    pub(super) fn needs(self) -> &'static str {
        match self {
            Self::Open => "nothing",
            Self::Authenticated => "a token",
            Self::Account => "a token of a user",
            Self::ById => "a token of a caller who may see, and change, what has this id",
            Self::Nobody => "a right that no caller has here",
            Self::Listing => "a token, unless something is public",
            Self::Read => {
                "the right to read in the organization, which everybody has in a public one"
            }
            Self::Publish => "the right to publish modules",
            Self::AdministerModules => "the right to delete and change modules",
            Self::PublishProviders => "the right to publish providers",
            Self::ManageProviders => "the right to manage providers and their keys",
            Self::ReadMembers => "the right to see who belongs to the organization",
            Self::ManageMembership => "the right to invite and remove members",
            Self::ReadProjects => "the right to see projects",
            Self::ManageProjects => "the right to manage projects",
            Self::ManageTeams => "the right to manage teams",
            Self::ManageTokens => "the right to manage tokens of the organization and its teams",
            Self::ManageOrganization => "the right to change the organization's settings",
            Self::SshKeys => {
                "the right to manage SSH keys, by a token that is not the organization's own"
            }
            Self::Ticket => "the secret in the address, and no token",
            Self::Signed => "the signature in the address, or the right to read",
            Self::Site | Self::HiddenSite => "the right to administer the registry",
            Self::Password => "a username and its password, in the body",
            Self::Code => "a code that the browser of a user brought, in the body",
            Self::Command => "the right that the command needs",
            Self::Page | Self::Session => "a session of the browser",
            Self::Form => "a form of this site",
        }
    }
}
