//! Grants: values that prove that a caller was allowed to do something.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::domain::{Actor, ModuleAddress, Organization, Right, TokenRestriction};

use super::{Authenticated, Caller, TokenFault};

/// An action that needs a right. Each one is an empty type below.
pub trait Action {
    /// The right that the action needs.
    const RIGHT: Right;
}

macro_rules! action {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl Action for $name {
            const RIGHT: Right = Right::$name;
        }
    };
    ($(#[$doc:meta])* change $name:ident) => {
        action!($(#[$doc])* $name);

        impl Change for $name {}
    };
}

/// An action that changes something. Nobody gets a grant for it without a valid token, so the
/// journal always has an actor to record.
pub trait Change: Action {}

/// See an organization and its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOrganization {}

impl Action for ReadOrganization {
    const RIGHT: Right = Right::Read;
}

action!(/** Read and install modules. */ ReadModules);
action!(/** Read and install providers. */ ReadProviders);
action!(/** Create modules and publish versions. */ change PublishModules);
action!(/** Delete and change modules. */ change AdministerModules);
action!(/** Create providers, publish versions of them, and add keys. */ change PublishProviders);
action!(/** Delete providers, versions and keys. */ change ManageProviders);
action!(/** See the members of an organization, and leave it. */ change ReadMembers);
action!(/** Invite and remove members. */ change ManageMembership);
action!(/** See the projects of an organization. */ ReadProjects);
action!(/** Create, change and delete projects. */ change ManageProjects);
action!(/** See the secret teams of an organization. */ ReadSecretTeams);
action!(/** Manage an organization's SSH keys. */ change ManageVcsSettings);
action!(/** Create, change and delete teams. */ change ManageTeams);
action!(/** Issue and revoke team and organization tokens. */ change ManageTokens);
action!(/** Change an organization's settings. */ change ManageOrganization);
action!(/** Read the audit log of an organization. */ ReadAuditLog);
action!(/** Administer the registry. */ change AdministerSite);

/// Why a caller may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The caller has no valid token: the answer is 401, whether the object exists or not.
    Unauthenticated(TokenFault),
    /// The caller may not know whether the object exists: the answer is 404.
    Hidden,
    /// The caller can see the object but may not do this to it: the answer is 403.
    Forbidden(Right),
    /// The owner of the caller's token may do this but the token may not: the answer is 403.
    TokenTooNarrow(Right),
}

/// Proof that [`authorize`] allowed an [`Action`]. Only this file can make one.
#[derive(Debug, Clone)]
pub struct Grant<A: Action> {
    caller: Caller,
    organization: Option<Arc<Organization>>,
    module: Option<ModuleAddress>,
    action: PhantomData<A>,
}

impl<A: Change> Grant<A> {
    /// Returns who was allowed, as the journal records them.
    pub fn actor(&self) -> Actor {
        // `decide` refuses callers without an actor. The program itself, which the actor would
        // otherwise be, has no rights either.
        self.caller.actor().unwrap_or(Actor::System)
    }
}

impl<A: Action> Grant<A> {
    /// Returns who was allowed.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Returns the module that the grant is for, with the organization's own name in its address.
    pub fn module(&self) -> Option<&ModuleAddress> {
        self.module.as_ref()
    }

    /// Returns whether the grant includes this module: it is for this module, or for its whole
    /// organization.
    pub fn covers(&self, module: &ModuleAddress) -> bool {
        let in_organization = self
            .organization()
            .is_some_and(|organization| organization.name.is_same(&module.namespace));
        in_organization && self.module.as_ref().is_none_or(|only| only.is_same(module))
    }

    /// Returns the organization that the grant is for; `None` if it is for the whole registry.
    pub fn organization(&self) -> Option<&Organization> {
        self.organization.as_deref()
    }
}

/// Decides whether `caller` may do `A` in `organization`, or to `module` if one is given.
///
/// `organization` is `None` if the named one does not exist, and for [`AdministerSite`]. A caller
/// gets the same answer for what they may not see and for what does not exist.
///
/// # Errors
///
/// [`Denied`] says which status the response has: 401, 403 or 404.
pub fn authorize<A: Action>(
    caller: &Caller,
    organization: Option<Arc<Organization>>,
    module: Option<&ModuleAddress>,
) -> Result<Grant<A>, Denied> {
    // An organization may also be named by its id; the decision is about the module's real address.
    let module = module.map(|module| match &organization {
        Some(organization) => ModuleAddress {
            namespace: organization.name.clone(),
            ..module.clone()
        },
        None => module.clone(),
    });
    decide(caller, A::RIGHT, organization.as_deref(), module.as_ref())?;
    Ok(Grant {
        caller: caller.clone(),
        organization,
        module,
        action: PhantomData,
    })
}

/// Returns every right that `caller` has in `organization`, for responses that list them. It allows
/// nothing by itself.
pub fn rights_in(caller: &Caller, organization: &Organization) -> Vec<Right> {
    let is_given = |right: &Right| has_right(caller, *right, organization, None);
    Right::ALL.into_iter().filter(is_given).collect()
}

/// Returns whether `caller` has a right in `organization`, or to one module of it, for lists that
/// leave out what the caller may not see. It allows nothing by itself.
pub fn has_right(
    caller: &Caller,
    right: Right,
    organization: &Organization,
    module: Option<&ModuleAddress>,
) -> bool {
    decide(caller, right, Some(organization), module).is_ok()
}

fn decide(
    caller: &Caller,
    right: Right,
    organization: Option<&Organization>,
    module: Option<&ModuleAddress>,
) -> Result<(), Denied> {
    let readable_by_all =
        right.is_public() && organization.is_some_and(|o| o.public && !o.disabled);
    match caller {
        Caller::Anonymous(_) | Caller::Token(_) if readable_by_all => Ok(()),
        Caller::Anonymous(fault) => Err(Denied::Unauthenticated(*fault)),
        Caller::Token(holder) if holder.is_nobodys() => {
            Err(Denied::Unauthenticated(TokenFault::Missing))
        }
        Caller::Operator if right == Right::AdministerSite || organization.is_some() => Ok(()),
        Caller::Operator => Err(Denied::Hidden),
        Caller::Token(holder) if right == Right::AdministerSite => decide_site(holder),
        Caller::Token(holder) => match organization {
            Some(organization) => decide_in(holder, right, organization, module),
            None => Err(Denied::Hidden),
        },
    }
}

fn decide_site(holder: &Authenticated) -> Result<(), Denied> {
    let right = Right::AdministerSite;
    if !holder.site_admin {
        return Err(Denied::Forbidden(right));
    }
    if holder.scope < right.scope() || holder.restriction.is_some() {
        return Err(Denied::TokenTooNarrow(right));
    }
    Ok(())
}

fn decide_in(
    holder: &Authenticated,
    right: Right,
    organization: &Organization,
    module: Option<&ModuleAddress>,
) -> Result<(), Denied> {
    if organization.disabled && !holder.site_admin {
        return Err(Denied::Hidden);
    }
    let only_its_log = TokenRestriction::AuditLog(organization.id.clone());
    if right == Right::ReadAuditLog && holder.restriction == Some(only_its_log) {
        return Ok(());
    }
    let standing = holder.standing_in(&organization.id);
    if is_shared_with(holder, right, organization) && holder.reaches(&organization.id, module) {
        return Ok(());
    }
    let may_see = organization.public || holder.site_admin || standing.is_some();
    if !may_see || !(organization.public || holder.reaches(&organization.id, module)) {
        return Err(Denied::Hidden);
    }
    let given = holder.site_admin
        || standing.is_some_and(|standing| standing.owner || standing.access.gives(right));
    if !given {
        return Err(Denied::Forbidden(right));
    }
    if holder.scope < right.scope() || !holder.reaches(&organization.id, module) {
        return Err(Denied::TokenTooNarrow(right));
    }
    Ok(())
}

/// Returns whether the organization shares what this right reads with one that the holder belongs
/// to.
fn is_shared_with(holder: &Authenticated, right: Right, organization: &Organization) -> bool {
    right.shared_kind().is_some_and(|kind| {
        let sharing = organization.sharing(kind);
        let mut standings = holder.standings.iter();
        standings.any(|standing| sharing.includes(&standing.organization))
    })
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::auth::{Credential, Standing};
    use crate::domain::{
        AccessRules, KeptAttributes, OrganizationAccess, OrganizationId, SessionId, Sharing,
        Timestamp, TokenId, TokenRestriction, TokenScope,
    };

    /// What everybody may do in a public organization.
    const READING: [Right; 3] = [Right::Read, Right::ReadModules, Right::ReadProviders];

    fn organization(bits: u128, public: bool) -> Organization {
        Organization {
            id: OrganizationId::from_random(bits),
            name: "acme".parse().expect("a valid name"),
            email: crate::domain::ShortText::default(),
            public,
            allow_version_reuse: false,
            allow_revoked_downloads: false,
            enforce_semver: false,
            enforce_valid_configuration: false,
            public_curation: true,
            storage_limit: None,
            keeps_all_data: false,
            disabled: false,
            module_sharing: Sharing::Nobody,
            provider_sharing: Sharing::Nobody,
            kept: KeptAttributes::default(),
            access_rules: AccessRules::default(),
            default_project: None,
            created_at: Timestamp::from_micros(0),
        }
    }

    fn holder(scope: TokenScope, owner_of: Option<&Organization>) -> Authenticated {
        Authenticated {
            credential: Credential::Token(TokenId::from_random(1)),
            user: None,
            team: None,
            name: "somebody".to_owned(),
            scope,
            restriction: None,
            created_at: None,
            expires_at: None,
            site_admin: false,
            standings: owner_of
                .map(|o| Standing {
                    organization: o.id.clone(),
                    owner: true,
                    access: OrganizationAccess::default(),
                    teams: Vec::new(),
                })
                .into_iter()
                .collect(),
        }
    }

    fn decide_all(caller: &Caller, organization: Option<&Organization>) -> Vec<Right> {
        Right::ALL
            .into_iter()
            .filter(|right| decide(caller, *right, organization, None).is_ok())
            .collect()
    }

    #[test]
    fn t53_anonymous_callers_read_public_organizations_and_nothing_else() {
        let nobody = Caller::Anonymous(TokenFault::Missing);
        assert_eq!(decide_all(&nobody, Some(&organization(1, true))), READING);
        assert_eq!(decide_all(&nobody, Some(&organization(1, false))), []);
        assert_eq!(decide_all(&nobody, None), []);
    }

    #[test]
    fn a_session_that_belongs_to_no_user_has_no_rights() {
        let mine = organization(1, true);
        let mut nobodys = holder(TokenScope::Admin, Some(&mine));
        nobodys.credential = Credential::Session(SessionId::from_random(1));
        nobodys.site_admin = true;
        let caller = Caller::Token(Arc::new(nobodys));
        assert_eq!(caller.actor(), None);
        assert_eq!(decide_all(&caller, Some(&mine)), READING);
    }

    #[test]
    fn t52_another_organization_s_owner_sees_nothing() {
        let (mine, other) = (organization(1, false), organization(2, false));
        let caller = Caller::Token(Arc::new(holder(TokenScope::Admin, Some(&mine))));
        for right in Right::ALL {
            if right != Right::AdministerSite {
                assert_eq!(
                    decide(&caller, right, Some(&other), None),
                    Err(Denied::Hidden)
                );
                assert_eq!(decide(&caller, right, None, None), Err(Denied::Hidden));
            }
        }
    }

    #[test]
    fn t50_a_scope_cuts_what_the_owner_may_do() {
        const READS: [Right; 6] = [
            Right::Read,
            Right::ReadModules,
            Right::ReadProviders,
            Right::ReadMembers,
            Right::ReadProjects,
            Right::ReadSecretTeams,
        ];
        let mine = organization(1, false);
        let rights = |scope| {
            let caller = Caller::Token(Arc::new(holder(scope, Some(&mine))));
            decide_all(&caller, Some(&mine))
        };
        assert_eq!(rights(TokenScope::Read), READS);
        assert_eq!(
            rights(TokenScope::Publish),
            [
                Right::Read,
                Right::ReadModules,
                Right::ReadProviders,
                Right::PublishModules,
                Right::PublishProviders,
                Right::ReadMembers,
                Right::ReadProjects,
                Right::ReadSecretTeams,
            ]
        );
        assert_eq!(rights(TokenScope::Admin).len(), Right::ALL.len() - 1);
    }

    #[test]
    fn a_grant_for_one_module_covers_no_other() {
        let mine = Arc::new(organization(1, false));
        let address = |text: &str| text.parse::<ModuleAddress>().expect("an address");
        let grant = |module: Option<&ModuleAddress>| {
            authorize::<ReadModules>(&Caller::Operator, Some(Arc::clone(&mine)), module)
                .expect("the operator may")
        };
        let one = grant(Some(&address("acme/one/aws")));
        assert!(one.covers(&address("ACME/One/aws")));
        assert!(!one.covers(&address("acme/two/aws")));
        let all = grant(None);
        assert!(all.covers(&address("acme/two/aws")));
        assert!(!all.covers(&address("other/one/aws")));
    }

    #[test]
    fn t50_a_token_for_one_module_touches_no_other() {
        let mine = organization(1, false);
        let (one, two) = ("acme/one/aws", "acme/two/aws");
        let (one, two) = (
            one.parse().expect("an address"),
            two.parse().expect("an address"),
        );
        let mut limited = holder(TokenScope::Publish, Some(&mine));
        limited.restriction = Some(TokenRestriction::Module(one));
        let Some(TokenRestriction::Module(one)) = limited.restriction.clone() else {
            return;
        };
        let caller = Caller::Token(Arc::new(limited));
        let ask = |module| decide(&caller, Right::PublishModules, Some(&mine), module);
        assert_eq!(ask(Some(&one)), Ok(()));
        assert_eq!(ask(Some(&two)), Err(Denied::Hidden));
        assert_eq!(ask(None), Err(Denied::Hidden));
    }

    #[test]
    fn t52_what_is_shared_is_read_by_those_it_is_shared_with_and_nothing_else_is() {
        let (mine, rival) = (organization(1, false), organization(3, false));
        let mut other = organization(2, false);
        let member = |of| Caller::Token(Arc::new(holder(TokenScope::Admin, Some(of))));
        other.module_sharing = Sharing::with([mine.id.clone()].into());
        assert_eq!(
            decide_all(&member(&mine), Some(&other)),
            [Right::ReadModules]
        );
        assert_eq!(decide_all(&member(&rival), Some(&other)), []);
        let nobody = Caller::Anonymous(TokenFault::Missing);
        other.provider_sharing = Sharing::Everybody;
        assert_eq!(
            decide_all(&member(&rival), Some(&other)),
            [Right::ReadProviders]
        );
        assert_eq!(decide_all(&nobody, Some(&other)), []);
        let loner = Caller::Token(Arc::new(holder(TokenScope::Admin, None)));
        assert_eq!(decide_all(&loner, Some(&other)), []);
        // A token that is limited to its own organization stays there.
        let mut limited = holder(TokenScope::Read, Some(&mine));
        limited.restriction = Some(TokenRestriction::Organization(mine.id));
        assert_eq!(
            decide_all(&Caller::Token(Arc::new(limited)), Some(&other)),
            []
        );
    }

    #[test]
    fn t52_only_administrators_reach_a_disabled_organization() {
        let mut mine = organization(1, true);
        mine.disabled = true;
        mine.module_sharing = Sharing::Everybody;
        let mut owner = holder(TokenScope::Admin, Some(&mine));
        assert_eq!(
            decide_all(&Caller::Token(Arc::new(owner.clone())), Some(&mine)),
            []
        );
        let nobody = Caller::Anonymous(TokenFault::Missing);
        assert_eq!(decide_all(&nobody, Some(&mine)), []);
        owner.site_admin = true;
        let rights = decide_all(&Caller::Token(Arc::new(owner)), Some(&mine));
        assert_eq!(rights.len(), Right::ALL.len());
    }
}
