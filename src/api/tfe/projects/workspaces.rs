//! `workspaces`: the list, which is empty, since this registry has no workspaces.
//!
//! The Terraform provider lists the workspaces of a project where it reads the project, and takes
//! every other answer for an error. Source: `tests/fixtures/contracts/projects.toml#workspaces`.

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::tfe::kit::{Call, Page, PageQuery, Reply};
use crate::auth::ReadOrganization;
use crate::http::Query;
use crate::http::access::Access;
use crate::routes;

routes! {
    /// Lists the workspaces of an organization: there are none.
    GET "/organizations/{organization}/workspaces" => list [Access::Read] query(WorkspaceQuery, PageQuery) -> 200 Page<WorkspaceResource>,
}

/// The parameters that clients send; the list is empty with each of them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct WorkspaceQuery {
    /// The id of the project that the workspaces are in.
    #[serde(rename = "filter[project][id]")]
    _project: Option<String>,
}

/// A workspace.
#[derive(Serialize, JsonSchema)]
struct WorkspaceResource {
    id: String,
}

async fn list(call: Call, name: web::Path<String>, pages: Query<PageQuery>) -> Reply {
    call.grant::<ReadOrganization>(&name)?;
    let none = pages.0.cut(Vec::<WorkspaceResource>::new());
    Ok(none.into_page(&call.list_address()).answer())
}
