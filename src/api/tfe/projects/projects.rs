//! `projects`: list, create, show, change, delete.
//!
//! Source: `tests/fixtures/contracts/projects.toml`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::ProjectBody;
use super::view::{self, ProjectResource};
use crate::api::tfe::kit::{
    Body, ById, Call, Document, IncludeQuery, Included, Page, PageQuery, Reply, ResourceId,
    TagFilter, TagQuery, TagRelationships, created, included, matches_part, no_content, ok,
    organization_of,
};
use crate::auth::{Action, Grant, ManageProjects, ReadProjects};
use crate::domain::{Project, ProjectId};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, NewProject};
use crate::routes;

routes! {
    /// Lists an organization's projects: by name, the default project last.
    GET "/organizations/{organization}/projects" => list [Access::ReadProjects] query(ProjectQuery, TagQuery, IncludeQuery, PageQuery) -> 200 Page<ProjectResource<'_>>,
    /// Creates a project.
    POST "/organizations/{organization}/projects" => create [Access::ManageProjects] takes(Body<ProjectBody, TagRelationships>) -> 201 Document<ProjectResource<'_>>,
    /// Shows a project.
    GET "/projects/{project}" => show [Access::ById] query(IncludeQuery) -> 200 Document<ProjectResource<'_>>,
    /// Changes a project. Given tags replace those that it has.
    PATCH "/projects/{project}" => change [Access::ById] takes(Body<ProjectBody, TagRelationships>) -> 200 Document<ProjectResource<'_>>,
    /// Deletes a project. The default project of an organization cannot be deleted.
    DELETE "/projects/{project}" => delete [Access::ById] -> 204,
}

impl ResourceId for ProjectId {
    const RESOURCE: &'static str = "project";
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct ProjectQuery {
    /// A part of the name; `None` lists all projects.
    q: Option<String>,
    /// Names of projects, with commas between them; `None` lists all projects.
    #[serde(rename = "filter[names]")]
    names: Option<String>,
}

impl ProjectQuery {
    fn matches(&self, project: &Project) -> bool {
        let name = project.name.as_str();
        let names = self.names.as_deref().unwrap_or_default();
        let is_named = |given: &str| given.trim().eq_ignore_ascii_case(name);
        matches_part(self.q.as_deref(), &[name])
            && (names.is_empty() || names.split(',').any(is_named))
    }
}

/// The resources that a response can include: the tags that hold for projects.
const INCLUDES: &[&str] = &["effective_tag_bindings"];

/// Returns the tags of projects for `included`; `None` if the request does not ask for them.
fn beside(include: &Included, projects: &[Project]) -> Option<Vec<Value>> {
    let tags = projects.iter().flat_map(view::effective_tags);
    (!include.is_empty()).then(|| included(tags))
}

async fn list(
    call: Call,
    name: web::Path<String>,
    filter: Query<ProjectQuery>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadProjects>(&name)?;
    let organization = organization_of(&grant)?;
    let include = include.0.parse(INCLUDES)?;
    let rights = call.app.registry.rights_in(&call.caller, &organization);
    let tagged = TagFilter::of(call.request.query_string());
    let mut projects = call
        .run(move |registry| registry.list_projects(&grant))
        .await?;
    projects.retain(|project| filter.0.matches(project) && tagged.matches(&project.tags));
    let projects = pages.0.cut(projects);
    let page = projects.page(&call.list_address(), |it| {
        view::project(it, &organization, &rights)
    });
    let beside = beside(&include, &projects.items);
    Ok(page.including(beside).answer())
}

async fn create(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageProjects>(&name)?;
    let organization = organization_of(&grant)?;
    let (body, tags) = call
        .resource::<ProjectBody, TagRelationships>(payload)
        .await?;
    let name = body.name()?;
    let mut rest = body.change(view::default_mode(&organization))?;
    rest.tags = tags.pairs()?;
    let new = NewProject { name, rest };
    let project = call
        .run(move |registry| registry.create_project(&grant, new))
        .await?;
    let rights = call.app.registry.rights_in(&call.caller, &organization);
    Ok(created(view::project(&project, &organization, &rights)))
}

async fn show(ById(call, id): ById<ProjectId>, include: Query<IncludeQuery>) -> Reply {
    let (grant, project) = grant::<ReadProjects>(&call, id).await?;
    let organization = organization_of(&grant)?;
    let include = include.0.parse(INCLUDES)?;
    let rights = call.app.registry.rights_in(&call.caller, &organization);
    let document = Document::of(view::project(&project, &organization, &rights));
    let beside = beside(&include, std::slice::from_ref(&project));
    Ok(document.including(beside).answer())
}

async fn change(ById(call, id): ById<ProjectId>, payload: web::Payload) -> Reply {
    let (grant, project) = grant::<ManageProjects>(&call, id).await?;
    let organization = organization_of(&grant)?;
    let (body, tags) = call
        .resource::<ProjectBody, TagRelationships>(payload)
        .await?;
    let mut change = body.change(view::default_mode(&organization))?;
    change.tags = tags.pairs()?;
    let project = call
        .run(move |registry| registry.update_project(&grant, &project.id, change))
        .await?;
    let rights = call.app.registry.rights_in(&call.caller, &organization);
    Ok(ok(view::project(&project, &organization, &rights)))
}

async fn delete(ById(call, id): ById<ProjectId>) -> Reply {
    let (grant, project) = grant::<ManageProjects>(&call, id).await?;
    call.run(move |registry| registry.delete_project(&grant, &project.id))
        .await?;
    Ok(no_content())
}

/// Returns a project and the right to do `A` in its organization.
pub(super) async fn grant<A: Action + Send + 'static>(
    call: &Call,
    id: ProjectId,
) -> Result<(Grant<A>, Project), Error> {
    call.run_as_caller(move |registry, caller| registry.project_grant::<A>(caller, &id))
        .await
}
