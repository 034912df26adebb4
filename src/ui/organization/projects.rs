//! The projects of an organization: list, create, change, tag, delete.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::page::{Section, frame};
use crate::auth::{Caller, Grant, ManageProjects, ReadProjects};
use crate::domain::{Organization, Project, ProjectId, ProjectMode, ShortText};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::{Error, Kind, NewProject, ProjectChange, Registry, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect, sentence};
use crate::ui::views::{PageShell, ProjectRow, ProjectsPage, TagRow};
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/projects" => show [Access::Session],
    POST "/settings/organizations/{organization}/projects" => create [Access::Form],
    POST "/settings/organizations/{organization}/projects/{project}" => change [Access::Form],
    POST "/settings/organizations/{organization}/projects/{project}/tags" => add_tag [Access::Form],
    POST "/settings/organizations/{organization}/projects/{project}/tags/remove" => remove_tag [Access::Form],
    POST "/settings/organizations/{organization}/projects/{project}/delete" => delete [Access::Form],
}

/// The parameters of all addresses above; those that an address lacks are `None`.
#[derive(Debug, Deserialize)]
struct Parameters {
    organization: String,
    project: Option<String>,
}

impl Parameters {
    fn project(&self) -> Result<ProjectId, Error> {
        let id = self.project.as_deref().unwrap_or_default();
        id.parse()
            .map_err(|_| Error::NotFound("the project".to_owned()))
    }
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &path, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let (caller, shell) = (visitor.caller.clone(), visitor.shell());
    let name = path.organization.clone();
    let mut page = app
        .run(move |registry| gather(registry, &caller, shell, &name))
        .await?;
    page.frame.problem = refused.map(sentence);
    Ok(form_page(page.render()?, refused))
}

fn gather(
    registry: &Registry,
    caller: &Caller,
    shell: PageShell,
    name: &str,
) -> Result<ProjectsPage, Error> {
    let grant = registry.grant::<ReadProjects>(caller, name)?;
    let organization = organization_of(&grant)?;
    let projects = registry.list_projects(&grant)?;
    let heading = format!("Projects of {}", organization.name);
    Ok(ProjectsPage {
        frame: frame(registry, caller, organization, Section::Projects, heading),
        shell,
        name: organization.name.to_string(),
        projects: projects.iter().map(|it| row(organization, it)).collect(),
        may_change: registry.grant::<ManageProjects>(caller, name).is_ok(),
    })
}

fn row(organization: &Organization, project: &Project) -> ProjectRow {
    let tags = project.tags.iter().map(TagRow::of);
    let duration = project.auto_destroy_after.as_ref();
    ProjectRow {
        id: project.id.to_string(),
        name: project.name.to_string(),
        description: project.description.as_str().to_owned(),
        duration: duration.map_or_else(String::new, |it| it.as_str().to_owned()),
        mode: project.mode.map_or("", ProjectMode::as_str),
        is_default: organization.default_project.as_ref() == Some(&project.id),
        tags: tags.collect(),
    }
}

/// Makes a change with the right to manage projects, then shows the page again: by a redirect, or
/// with the error.
async fn attempt(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    change: impl FnOnce(&Registry, &Grant<ManageProjects>) -> Result<(), Error> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let (caller, name) = (visitor.caller.clone(), path.organization.clone());
    let done = app.run(move |registry| {
        let grant = registry.grant::<ManageProjects>(&caller, &name)?;
        change(registry, &grant)?;
        let name = grant.organization().map(|it| it.name.to_string());
        Ok(name.unwrap_or_default())
    });
    match done.await {
        Ok(name) => Ok(redirect(&Section::Projects.address(&name))),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Conflict) => {
            render_page(app, visitor, path, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let new = read_new(&sent);
    drop(sent);
    attempt(&app, &visitor, &path, move |registry, grant| {
        registry.create_project(grant, new?).map(drop)
    })
    .await
}

fn read_new(sent: &Form) -> Result<NewProject, Error> {
    Ok(NewProject {
        name: sent.parsed("name")?,
        rest: ProjectChange {
            description: Some(sent.parsed("description")?),
            ..ProjectChange::default()
        },
    })
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (id, change) = (path.project()?, read_change(&sent));
    drop(sent);
    attempt(&app, &visitor, &path, move |registry, grant| {
        registry.update_project(grant, &id, change?).map(drop)
    })
    .await
}

fn read_change(sent: &Form) -> Result<ProjectChange, Error> {
    Ok(ProjectChange {
        name: Some(sent.parsed("name")?),
        description: Some(sent.parsed("description")?),
        auto_destroy_after: Some(sent.parsed_if_given("duration")?),
        mode: Some(sent.parsed_if_given("mode")?),
        tags: None,
    })
}

async fn add_tag(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (id, tag) = (path.project()?, read_tag(&sent));
    drop(sent);
    attempt(&app, &visitor, &path, move |registry, grant| {
        registry.add_project_tags(grant, &id, vec![tag?]).map(drop)
    })
    .await
}

fn read_tag(sent: &Form) -> Result<(ShortText, ShortText), Error> {
    Ok((sent.parsed("key")?, sent.parsed("value")?))
}

async fn remove_tag(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (id, key) = (path.project()?, sent.raw("key").to_owned());
    drop(sent);
    attempt(&app, &visitor, &path, move |registry, grant| {
        registry.remove_project_tag(grant, &id, &key)
    })
    .await
}

async fn delete(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let id = path.project()?;
    attempt(&app, &visitor, &path, move |registry, grant| {
        registry.delete_project(grant, &id)
    })
    .await
}
