//! Projects and the tags that hold for them, as the JSON:API shows them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{AsText, BASE, SelfLink, TagAttributes, ToOne, ToOneOrNone, ToTags};
use crate::domain::{
    ActivityDuration, KeptValue, Organization, Project, ProjectMode, Right, Timestamp,
};

/// A project, as a caller with certain rights sees it.
#[derive(Serialize, JsonSchema)]
pub(in crate::api::tfe) struct ProjectResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ProjectAttributes<'a>,
    relationships: ProjectRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProjectAttributes<'a> {
    name: &'a str,
    description: &'a str,
    created_at: AsText<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_destroy_activity_duration: Option<&'a str>,
    default_execution_mode: &'a str,
    setting_overwrites: SettingOverwrites,
    is_unified: bool,
    permissions: ProjectPermissions,
}

/// Whether the project has settings of its own.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct SettingOverwrites {
    default_execution_mode: bool,
    default_agent_pool: bool,
}

/// The caller's permissions.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProjectPermissions {
    can_read: bool,
    can_update: bool,
    can_destroy: bool,
    can_create_workspace: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ProjectRelationships {
    organization: ToOne,
    default_agent_pool: ToOneOrNone,
    tag_bindings: ToTags,
    effective_tag_bindings: ToTags,
}

/// Returns the resource object of a project for a caller with these rights in its organization.
pub(in crate::api::tfe) fn project<'a>(
    project: &'a Project,
    organization: &'a Organization,
    rights: &[Right],
) -> ProjectResource<'a> {
    let path = format!("projects/{}", project.id);
    let may_change = rights.contains(&Right::ManageProjects);
    let is_default = organization.default_project.as_ref() == Some(&project.id);
    ProjectResource {
        id: project.id.as_str(),
        kind: "projects",
        attributes: ProjectAttributes {
            name: project.name.as_str(),
            description: project.description.as_str(),
            created_at: AsText(project.created_at),
            auto_destroy_activity_duration: project
                .auto_destroy_after
                .as_ref()
                .map(ActivityDuration::as_str),
            default_execution_mode: match project.mode {
                Some(mode) => mode.as_str(),
                None => default_mode(organization),
            },
            setting_overwrites: SettingOverwrites {
                default_execution_mode: project.mode.is_some(),
                default_agent_pool: project.mode.is_some(),
            },
            is_unified: false,
            permissions: ProjectPermissions {
                can_read: true,
                can_update: may_change,
                can_destroy: may_change && !is_default,
                can_create_workspace: false,
            },
        },
        relationships: ProjectRelationships {
            organization: ToOne::of("organizations", &organization.name),
            default_agent_pool: ToOneOrNone::default(),
            tag_bindings: ToTags::of("tag-bindings", &path, &project.tags),
            effective_tag_bindings: ToTags::of("effective-tag-bindings", &path, &project.tags),
        },
        links: SelfLink::at(format!("{BASE}/{path}")),
    }
}

/// Returns where runs in an organization take place, unless a project says otherwise.
pub(super) fn default_mode(organization: &Organization) -> &str {
    match organization.kept.get("default-execution-mode") {
        Some(KeptValue::Text(mode)) => mode,
        _ => ProjectMode::Remote.as_str(),
    }
}

/// A tag that holds for something: its own, or one of the project that it belongs to.
#[derive(Serialize, JsonSchema)]
pub(super) struct EffectiveTagResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: TagAttributes<'a>,
    relationships: EffectiveTagRelationships,
}

/// Where the tag comes from.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct EffectiveTagRelationships {
    tag_source: ToOne,
}

/// Returns the tags that hold for a project: its own.
pub(super) fn effective_tags(project: &Project) -> impl Iterator<Item = EffectiveTagResource<'_>> {
    project.tags.iter().map(move |tag| EffectiveTagResource {
        id: tag.id.as_str(),
        kind: "effective-tag-bindings",
        attributes: TagAttributes::of(tag),
        relationships: EffectiveTagRelationships {
            tag_source: ToOne::of("projects", &project.id),
        },
    })
}
