//! Projects by id and by name.

use crate::domain::{OrganizationId, Project, ProjectId, ProjectName};
use crate::storage::{Ownership, Prefix, Store, StoreError, Table, Tx};

/// Projects by id.
#[derive(Debug)]
pub enum Projects {}

impl Table for Projects {
    const ID: u8 = 87;
    const NAME: &'static str = "projects";
    const OWNER: Ownership = Ownership::Organization;
    type Key = String;
    type Row = Project;
}

/// Project ids by organization id and folded project name.
#[derive(Debug)]
pub enum ProjectNames {}

impl Table for ProjectNames {
    const ID: u8 = 88;
    const NAME: &'static str = "project_names";
    const OWNER: Ownership = Ownership::Organization;
    type Key = (String, String);
    type Row = ProjectId;
}

fn name_key(organization: &OrganizationId, name: &ProjectName) -> (String, String) {
    (organization.to_string(), name.folded())
}

fn of_organization(organization: &OrganizationId) -> Prefix {
    Prefix::of(|key| key.text(organization.as_str()))
}

/// Returns the project with an id.
pub fn by_id(store: &Store, id: &ProjectId) -> Result<Option<Project>, StoreError> {
    store.get::<Projects>(&id.to_string())
}

/// Returns an organization's projects, by name.
pub fn list(store: &Store, organization: &OrganizationId) -> Result<Vec<Project>, StoreError> {
    let mut projects = Vec::new();
    for entry in store.scan::<ProjectNames>(&of_organization(organization)) {
        projects.extend(by_id(store, &entry?.1)?);
    }
    Ok(projects)
}

/// Returns the ids of an organization's projects, as the running write sees them.
pub fn ids_in_tx(tx: &Tx<'_>, organization: &OrganizationId) -> Result<Vec<ProjectId>, StoreError> {
    tx.scan::<ProjectNames>(&of_organization(organization))
        .map(|entry| entry.map(|(_, id)| id))
        .collect()
}

/// Returns the project with an id, as the running write sees it.
pub fn in_tx(tx: &Tx<'_>, id: &ProjectId) -> Result<Option<Project>, StoreError> {
    tx.get::<Projects>(&id.to_string())
}

/// Returns the id of the project with a name, as the running write sees it.
pub fn id_of_name(
    tx: &Tx<'_>,
    organization: &OrganizationId,
    name: &ProjectName,
) -> Result<Option<ProjectId>, StoreError> {
    tx.get::<ProjectNames>(&name_key(organization, name))
}

/// Adds a project, or changes it; the caller has checked that the name is free.
pub fn put(tx: &mut Tx<'_>, project: &Project) -> Result<(), StoreError> {
    if let Some(before) = in_tx(tx, &project.id)? {
        tx.remove::<ProjectNames>(&name_key(&before.organization, &before.name))?;
    }
    tx.put::<ProjectNames>(&name_key(&project.organization, &project.name), &project.id)?;
    tx.put::<Projects>(&project.id.to_string(), project)
}

/// Removes a project.
pub fn remove(tx: &mut Tx<'_>, id: &ProjectId) -> Result<(), StoreError> {
    if let Some(project) = in_tx(tx, id)? {
        tx.remove::<ProjectNames>(&name_key(&project.organization, &project.name))?;
        tx.remove::<Projects>(&id.to_string())?;
    }
    Ok(())
}
