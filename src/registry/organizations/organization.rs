//! Creating, finding, listing and changing organizations.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access_rules::AccessRulesChange;
use super::memberships::active;
use crate::auth::{AdministerSite, Caller, Grant, ManageOrganization, random_bits};
use crate::domain::{
    AccessRules, KeptAttributes, KeptChange, Membership, Namespace, OWNERS_TEAM, Organization,
    OrganizationAccess, OrganizationId, Project, ProjectId, ProjectName, Right, Sharing, ShortText,
    Team, TeamId, TeamName, TeamVisibility, UserId,
};
use crate::registry::base::{Error, Registry, organization_of};
use crate::storage::tables::organizations::Organizations;
use crate::storage::tables::{accounts, organizations, projects};
use crate::storage::{Prefix, Tx};

/// The settings of a new organization.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Its name, which becomes the namespace of its modules.
    pub name: Namespace,
    /// The email address of its contact; may be empty.
    pub email: ShortText,
    /// Whether callers without a token may read its modules.
    pub public: bool,
    /// Settings for features that are not here yet.
    pub kept: KeptChange,
    /// Its first owner; `None` makes an organization without members.
    pub owner: Option<UserId>,
    /// What it demands of tokens and sessions, as a change of the defaults.
    pub rules: AccessRulesChange,
}

/// A change of an organization's settings; what is `None` stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationChange {
    /// The email address of its contact.
    pub email: Option<ShortText>,
    /// Whether callers without a token may read its modules.
    pub public: Option<bool>,
    /// Whether deleted version numbers may be published again with other content.
    pub allow_version_reuse: Option<bool>,
    /// Whether revoked versions are still served.
    pub allow_revoked_downloads: Option<bool>,
    /// Whether a version that breaks callers must say so by its number.
    pub enforce_semver: Option<bool>,
    /// Whether versions are refused if some of their code cannot be read.
    pub enforce_valid_configuration: Option<bool>,
    /// Whether it has a list of public modules and providers that it recommends.
    pub public_curation: Option<bool>,
    /// Whether it has the policy that no data is deleted automatically.
    #[serde(skip)]
    pub keeps_all_data: Option<bool>,
    /// Settings for features that are not here yet; only the JSON:API, which checks them, sets any.
    #[serde(skip)]
    pub kept: KeptChange,
    /// What it demands of tokens and sessions.
    pub rules: AccessRulesChange,
}

impl Registry {
    /// Creates an organization and its owners team.
    pub fn create_organization(
        &self,
        grant: &Grant<AdministerSite>,
        new: NewOrganization,
    ) -> Result<Organization, Error> {
        let reserved = |error| Error::invalid("name", error);
        new.name.check_unreserved().map_err(reserved)?;
        let now = self.now();
        let mut kept = KeptAttributes::default();
        kept.apply(new.kept);
        let mut access_rules = AccessRules::default();
        new.rules.apply(&mut access_rules, now)?;
        let id = OrganizationId::from_random(random_bits());
        let project = ProjectId::from_random(random_bits());
        let project = Project::new(project, id.clone(), ProjectName::of_default(), now);
        let organization = Organization {
            id,
            name: new.name,
            email: new.email,
            public: new.public,
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
            kept,
            access_rules,
            default_project: Some(project.id.clone()),
            created_at: now,
        };
        let owners = new_owners_team(&organization)?;
        self.write(&grant.actor(), "create organization", |tx| {
            if let Some(taken) = organizations::look_alike(tx, &organization.name)? {
                return Err(if taken.is_same(&organization.name) {
                    Error::AlreadyExists(format!("the organization `{taken}`"))
                } else {
                    let reason = format!("the name is too easily mistaken for `{taken}`");
                    Error::invalid("name", reason)
                });
            }
            organizations::insert(tx, &organization)?;
            projects::put(tx, &project)?;
            accounts::insert_team(tx, &owners)?;
            if let Some(user) = &new.owner {
                let membership = Membership {
                    teams: vec![owners.id.clone()],
                    ..active(&organization.id, user, now)
                };
                accounts::put_membership(tx, &membership)?;
            }
            Ok(())
        })?;
        Ok(organization)
    }

    /// Returns the organizations that the caller may see, by name.
    pub fn list_organizations(&self, caller: &Caller) -> Result<Vec<Organization>, Error> {
        self.organizations_with(caller, Right::Read)
    }

    /// Returns the organizations of which the caller may read the modules, by name: those that the
    /// caller may see, and those that share their modules.
    pub fn list_namespaces(&self, caller: &Caller) -> Result<Vec<Organization>, Error> {
        self.organizations_with(caller, Right::ReadModules)
    }

    fn organizations_with(
        &self,
        caller: &Caller,
        right: Right,
    ) -> Result<Vec<Organization>, Error> {
        let mut visible = Vec::new();
        for organization in organizations::all(&self.store) {
            let organization = organization?;
            if self.has_right(caller, right, &organization, None) {
                visible.push(organization);
            }
        }
        if let (true, Caller::Anonymous(fault)) = (visible.is_empty(), caller) {
            return Err(Error::Unauthenticated(*fault));
        }
        visible.sort_by_key(|organization| organization.name.folded());
        Ok(visible)
    }

    /// Changes an organization's settings.
    pub fn update_organization(
        &self,
        grant: &Grant<ManageOrganization>,
        change: OrganizationChange,
    ) -> Result<Organization, Error> {
        let (id, now) = (organization_of(grant)?.id.clone(), self.now());
        self.write(&grant.actor(), "update organization", |tx| {
            let mut organization = organization_in(tx, &id)?;
            organization.email = change.email.unwrap_or(organization.email);
            organization.public = change.public.unwrap_or(organization.public);
            organization.allow_version_reuse = change
                .allow_version_reuse
                .unwrap_or(organization.allow_version_reuse);
            organization.allow_revoked_downloads = change
                .allow_revoked_downloads
                .unwrap_or(organization.allow_revoked_downloads);
            organization.enforce_semver =
                change.enforce_semver.unwrap_or(organization.enforce_semver);
            organization.enforce_valid_configuration = change
                .enforce_valid_configuration
                .unwrap_or(organization.enforce_valid_configuration);
            organization.public_curation = change
                .public_curation
                .unwrap_or(organization.public_curation);
            organization.keeps_all_data =
                change.keeps_all_data.unwrap_or(organization.keeps_all_data);
            organization.kept.apply(change.kept);
            change.rules.apply(&mut organization.access_rules, now)?;
            organizations::update(tx, &organization)?;
            Ok(organization)
        })
    }

    /// Returns the organization with a name, in any case, or with an external id; `None` if there
    /// is none.
    pub(in crate::registry) fn organization(
        &self,
        name: &str,
    ) -> Result<Option<Arc<Organization>>, Error> {
        let key = name.to_ascii_lowercase();
        let revision = self.store.revision::<Organizations>(&Prefix::all());
        if let Some(organization) = self.state.organizations.by_name.get(&key, &revision) {
            return Ok(Some(organization));
        }
        let found = match (name.parse(), name.parse::<Namespace>()) {
            (Ok(id), _) => organizations::by_id(&self.store, &id)?,
            (_, Ok(name)) => organizations::by_name(&self.store, &name)?,
            _ => None,
        };
        Ok(found.map(|organization| {
            let organization = Arc::new(organization);
            self.state
                .organizations
                .by_name
                .put(key, revision, Arc::clone(&organization));
            organization
        }))
    }
}

/// Returns the owners team of a new organization.
fn new_owners_team(organization: &Organization) -> Result<Team, Error> {
    Ok(Team {
        id: TeamId::from_random(random_bits()),
        organization: organization.id.clone(),
        name: OWNERS_TEAM.parse::<TeamName>().map_err(Error::internal)?,
        access: OrganizationAccess::OWNER,
        allow_member_token_management: true,
        visibility: TeamVisibility::Organization,
        sso_id: None,
        created_at: organization.created_at,
    })
}

/// Returns the organization with an id, as the present write sees it.
pub(super) fn organization_in(tx: &Tx<'_>, id: &OrganizationId) -> Result<Organization, Error> {
    organizations::in_tx(tx, id)?.ok_or_else(|| Error::NotFound("the organization".to_owned()))
}
