//! Migrations: steps that bring the rows of an older program up to date when a registry is opened.

use super::counting::Counted;
use crate::auth::random_bits;
use crate::domain::{Actor, Organization, Project, ProjectId, ProjectName};
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{
    accounts, migrations, module_ids, modules, organizations, projects, unpublished, usage,
};
use crate::storage::{StoreError, Tx};

/// How many rows one journal record brings up to date.
const AT_ONCE: usize = 1000;

const MODULE_IDS: &str = "module_ids";
const MEMBERSHIP_IDS: &str = "membership_ids";
const USAGE: &str = "usage";
const DEFAULT_PROJECTS: &str = "default_projects";

impl Registry {
    /// Runs the steps that are not done yet. A step that is interrupted by a stop runs again at the
    /// next start.
    pub fn bring_up_to_date(&self) -> Result<(), Error> {
        if !migrations::is_done(&self.store, MODULE_IDS)? {
            let modules = modules::list(&self.store, None)
                .map(|module| module.map(|module| (module.id, module.address)));
            self.fill(MODULE_IDS, "note module ids", modules, module_ids::fill)?;
        }
        if !migrations::is_done(&self.store, MEMBERSHIP_IDS)? {
            let memberships = accounts::all_memberships(&self.store);
            let action = "note membership ids";
            self.fill(
                MEMBERSHIP_IDS,
                action,
                memberships,
                accounts::fill_membership_ids,
            )?;
        }
        if !migrations::is_done(&self.store, USAGE)? {
            self.count_usage()?;
        }
        if !migrations::is_done(&self.store, DEFAULT_PROJECTS)? {
            let organizations = organizations::all(&self.store);
            let action = "add default projects";
            self.fill(
                DEFAULT_PROJECTS,
                action,
                organizations,
                add_default_projects,
            )?;
        }
        Ok(())
    }

    /// Fills the tables of usage and of unpublished versions, which an older program had not.
    fn count_usage(&self) -> Result<(), Error> {
        let counted = Counted::of(&self.store)?;
        for some in counted.modules.chunks(AT_ONCE) {
            self.write(&Actor::System, "note unpublished versions", |tx| {
                Ok::<_, Error>(unpublished::fill_modules(tx, some)?)
            })?;
        }
        for some in counted.providers.chunks(AT_ONCE) {
            self.write(&Actor::System, "note unpublished versions", |tx| {
                Ok::<_, Error>(unpublished::fill_providers(tx, some)?)
            })?;
        }
        let now = self.now();
        self.write(&Actor::System, "count what is stored", |tx| {
            usage::fill(tx, &counted.usage)?;
            Ok(migrations::done(tx, USAGE, now)?)
        })
    }

    /// Returns whether every step is done that reading needs.
    pub fn is_up_to_date(&self) -> Result<bool, Error> {
        Ok(migrations::is_done(&self.store, MODULE_IDS)?
            && migrations::is_done(&self.store, MEMBERSHIP_IDS)?)
    }

    /// Gives all `rows` to `write`, some in each journal record, and records that `step` is done.
    /// It fills tables that an older program did not have.
    fn fill<R>(
        &self,
        step: &str,
        action: &'static str,
        rows: impl Iterator<Item = Result<R, StoreError>>,
        write: fn(&mut Tx<'_>, &[R]) -> Result<(), StoreError>,
    ) -> Result<(), Error> {
        let mut waiting = Vec::new();
        for row in rows {
            waiting.push(row?);
            if waiting.len() == AT_ONCE {
                let full = std::mem::take(&mut waiting);
                self.write(&Actor::System, action, |tx| {
                    Ok::<_, Error>(write(tx, &full)?)
                })?;
            }
        }
        let now = self.now();
        self.write(&Actor::System, action, |tx| {
            write(tx, &waiting)?;
            Ok(migrations::done(tx, step, now)?)
        })
    }
}

/// Gives each organization that has none its default project.
fn add_default_projects(tx: &mut Tx<'_>, all: &[Organization]) -> Result<(), StoreError> {
    for organization in all {
        if organization.default_project.is_none() {
            let id = ProjectId::from_random(random_bits());
            let owner = organization.id.clone();
            let name = ProjectName::of_default();
            let project = Project::new(id, owner, name, organization.created_at);
            projects::put(tx, &project)?;
            let changed = Organization {
                default_project: Some(project.id),
                ..organization.clone()
            };
            organizations::update(tx, &changed)?;
        }
    }
    Ok(())
}
