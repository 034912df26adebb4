//! Projects of organizations, and their tags.
//!
//! Every organization has a default project from its beginning, which can be changed but not
//! deleted.

use crate::auth::{Action, Caller, Grant, ManageProjects, ReadProjects, random_bits};
use crate::domain::{
    ActivityDuration, MOST_PROJECT_TAGS, Organization, Project, ProjectDescription, ProjectId,
    ProjectMode, ProjectName, ShortText, TagBinding, with_tags,
};
use crate::registry::base::{Error, Registry, organization_of, replace_tags};
use crate::storage::Tx;
use crate::storage::tables::{organizations, projects};

/// A tag that a request gives: key and value.
type NewTag = (ShortText, ShortText);

/// A project to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProject {
    /// Its name.
    pub name: ProjectName,
    /// Everything else, where it is given.
    pub rest: ProjectChange,
}

/// A change of a project; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectChange {
    /// The new name.
    pub name: Option<ProjectName>,
    /// The new description.
    pub description: Option<ProjectDescription>,
    /// After which idle time workspaces are destroyed; `Some(None)` for never.
    pub auto_destroy_after: Option<Option<ActivityDuration>>,
    /// Where runs take place; `Some(None)` for the organization's default.
    pub mode: Option<Option<ProjectMode>>,
    /// All tags, in place of those before.
    pub tags: Option<Vec<NewTag>>,
}

impl ProjectChange {
    fn apply(self, project: Project) -> Result<Project, Error> {
        let tags = match self.tags {
            Some(tags) => replace_tags(&project.tags, tags, MOST_PROJECT_TAGS)?,
            None => project.tags,
        };
        Ok(Project {
            name: self.name.unwrap_or(project.name),
            description: self.description.unwrap_or(project.description),
            auto_destroy_after: self
                .auto_destroy_after
                .unwrap_or(project.auto_destroy_after),
            mode: self.mode.unwrap_or(project.mode),
            tags,
            ..project
        })
    }
}

impl Registry {
    /// Returns the project with an id, and the right to do `A` in its organization. A caller who
    /// may not see projects gets the same answer as for one that does not exist.
    pub fn project_grant<A: Action>(
        &self,
        caller: &Caller,
        id: &ProjectId,
    ) -> Result<(Grant<A>, Project), Error> {
        let missing = || missing(id);
        self.require_authenticated(caller)?;
        let project = projects::by_id(&self.store, id)?.ok_or_else(missing)?;
        let organization = project.organization.as_str();
        self.grant::<ReadProjects>(caller, organization)
            .map_err(|_| missing())?;
        Ok((self.grant::<A>(caller, organization)?, project))
    }

    /// Returns an organization's projects by name, the default project last.
    pub fn list_projects(&self, grant: &Grant<ReadProjects>) -> Result<Vec<Project>, Error> {
        let organization = organization_of(grant)?;
        let mut projects = projects::list(&self.store, &organization.id)?;
        projects.sort_by_key(|project| is_default(organization, &project.id));
        Ok(projects)
    }

    /// Returns an organization's default project; `None` only before the first start after an
    /// upgrade.
    pub fn default_project(&self, grant: &Grant<ReadProjects>) -> Result<Option<Project>, Error> {
        match &organization_of(grant)?.default_project {
            Some(id) => Ok(projects::by_id(&self.store, id)?),
            None => Ok(None),
        }
    }

    /// Creates a project. No two of an organization have names that differ only in case.
    pub fn create_project(
        &self,
        grant: &Grant<ManageProjects>,
        new: NewProject,
    ) -> Result<Project, Error> {
        let organization = organization_of(grant)?.id.clone();
        let id = ProjectId::from_random(random_bits());
        let project = Project::new(id, organization, new.name, self.now());
        let project = new.rest.apply(project)?;
        self.write(&grant.actor(), "create project", |tx| {
            check_name(tx, &project)?;
            projects::put(tx, &project)?;
            Ok(())
        })?;
        Ok(project)
    }

    /// Changes a project.
    pub fn update_project(
        &self,
        grant: &Grant<ManageProjects>,
        id: &ProjectId,
        change: ProjectChange,
    ) -> Result<Project, Error> {
        self.write(&grant.actor(), "update project", |tx| {
            let before = existing(tx, grant, id)?;
            let project = change.apply(before)?;
            check_name(tx, &project)?;
            projects::put(tx, &project)?;
            Ok(project)
        })
    }

    /// Adds tags to a project; a key that is there gets the new value. Returns the tags that were
    /// given, in their order.
    pub fn add_project_tags(
        &self,
        grant: &Grant<ManageProjects>,
        id: &ProjectId,
        tags: Vec<NewTag>,
    ) -> Result<Vec<TagBinding>, Error> {
        self.write(&grant.actor(), "tag project", |tx| {
            let before = existing(tx, grant, id)?;
            let keys: Vec<ShortText> = tags.iter().map(|(key, _)| key.clone()).collect();
            let all = with_tags(&before.tags, tags);
            let project = Project {
                tags: replace_tags(&before.tags, all, MOST_PROJECT_TAGS)?,
                ..before
            };
            projects::put(tx, &project)?;
            let find = |key: &ShortText| project.tags.iter().find(|tag| tag.key == *key).cloned();
            Ok(keys.iter().filter_map(find).collect())
        })
    }

    /// Takes the tag with a key away from a project; one that is not there is no error.
    pub fn remove_project_tag(
        &self,
        grant: &Grant<ManageProjects>,
        id: &ProjectId,
        key: &str,
    ) -> Result<(), Error> {
        self.write(&grant.actor(), "untag project", |tx| {
            let mut project = existing(tx, grant, id)?;
            project.tags.retain(|tag| tag.key.as_str() != key);
            projects::put(tx, &project)?;
            Ok(())
        })
    }

    /// Deletes a project; the default project of an organization stays.
    pub fn delete_project(
        &self,
        grant: &Grant<ManageProjects>,
        id: &ProjectId,
    ) -> Result<(), Error> {
        self.write(&grant.actor(), "delete project", |tx| {
            let project = existing(tx, grant, id)?;
            let organization = organizations::in_tx(tx, &project.organization)?;
            if organization.is_some_and(|organization| is_default(&organization, id)) {
                let reason = "the default project of an organization cannot be deleted";
                return Err(Error::Conflict(reason.to_owned()));
            }
            projects::remove(tx, id)?;
            Ok(())
        })
    }
}

fn is_default(organization: &Organization, id: &ProjectId) -> bool {
    organization.default_project.as_ref() == Some(id)
}

fn missing(id: &ProjectId) -> Error {
    Error::NotFound(format!("the project `{id}`"))
}

/// Returns a project of the organization that the grant is for.
fn existing(tx: &Tx<'_>, grant: &Grant<ManageProjects>, id: &ProjectId) -> Result<Project, Error> {
    let organization = &organization_of(grant)?.id;
    projects::in_tx(tx, id)?
        .filter(|project| project.organization == *organization)
        .ok_or_else(|| missing(id))
}

fn check_name(tx: &Tx<'_>, project: &Project) -> Result<(), Error> {
    match projects::id_of_name(tx, &project.organization, &project.name)? {
        Some(other) if other != project.id => {
            Err(Error::invalid("name", "Name has already been taken"))
        }
        Some(_) | None => Ok(()),
    }
}
