//! `tag-bindings` and `effective-tag-bindings` of projects: list, add.
//!
//! Source: `tests/fixtures/contracts/projects.toml`.

use actix_web::web;

use super::projects::grant;
use super::view::{self, EffectiveTagResource};
use crate::api::tfe::kit::{
    ById, Reply, TagBindingResource, TagBindingsBody, Unpaged, tag_binding,
};
use crate::auth::{ManageProjects, ReadProjects};
use crate::domain::ProjectId;
use crate::http::access::Access;
use crate::routes;

routes! {
    /// Lists the tags of a project.
    GET "/projects/{project}/tag-bindings" => list [Access::ById] -> 200 Unpaged<TagBindingResource<'_>>,
    /// Adds tags to a project. A key that is there gets the new value.
    PATCH "/projects/{project}/tag-bindings" => add [Access::ById] takes(TagBindingsBody) -> 200 Unpaged<TagBindingResource<'_>>,
    /// Lists the tags that hold for a project, with where they come from.
    GET "/projects/{project}/effective-tag-bindings" => effective [Access::ById] -> 200 Unpaged<EffectiveTagResource<'_>>,
}

async fn list(ById(call, id): ById<ProjectId>) -> Reply {
    let (_, project) = grant::<ReadProjects>(&call, id).await?;
    Ok(Unpaged::of(project.tags.iter().map(tag_binding)).answer())
}

async fn add(ById(call, id): ById<ProjectId>, payload: web::Payload) -> Reply {
    let (grant, project) = grant::<ManageProjects>(&call, id).await?;
    let body: TagBindingsBody = call.read(payload).await?;
    let tags = body.pairs()?;
    let tags = call
        .run(move |registry| registry.add_project_tags(&grant, &project.id, tags))
        .await?;
    Ok(Unpaged::of(tags.iter().map(tag_binding)).answer())
}

async fn effective(ById(call, id): ById<ProjectId>) -> Reply {
    let (_, project) = grant::<ReadProjects>(&call, id).await?;
    Ok(Unpaged::of(view::effective_tags(&project)).answer())
}
