//! What pages show: one struct for each template of `assets/templates/`.

mod account;
mod api;
mod api_example;
mod article;
mod audit;
mod browse;
mod consent;
mod feed;
mod listing;
mod module_forms;
mod organization;
mod organization_rules;
mod projects;
mod provider_docs;
mod providers;
mod safe_html;
mod settings_frame;
mod shell;
mod ssh_keys;
mod teams;
mod users;

pub(super) use account::{
    LoginPage, NewTokenPage, PasswordPage, ProblemPage, SetupPage, SignInLinkPage, TokenRow,
    TokensPage,
};
pub(super) use api::ApiPage;
pub(super) use article::{ArticleLink, ArticlePage};
pub(super) use audit::{AuditObject, AuditPage, AuditRow};
pub(super) use browse::{
    Badge, Banner, BuiltCall, ChangeRow, CountLink, Crumb, DependenciesTab, DiffPage, Drawn, Entry,
    FilesTab, FolderChanges, FolderPage, FolderRow, FoldersTab, FramedPage, GraphTab, Head,
    ImpactChanges, InputsTab, Main, NamedLink, OutputsTab, Overview, ResourcesTab, Source, Tab,
    UnreadablePart, UsedByTab, VersionLink, VersionRow, VersionsTab,
};
pub(super) use consent::{ConsentPage, LoginAnsweredPage, ScopeChoice};
pub(super) use feed::{BadgeDrawing, Feed, FeedEntry};
pub(super) use listing::{
    Facet, FacetValue, HomePage, ModuleRow, NamespacePage, ReasonRow, SearchPage, SortChoice,
};
pub(super) use module_forms::{DeletePage, LifecyclePage, PublishPage, PublishProviderPage};
pub(super) use organization::{
    DeleteOrganizationPage, MembersPage, NewOrganizationPage, OrganizationPage, OrganizationRow,
    OrganizationTokensPage, OrganizationsPage, PersonRow, ShareForm, SharingPage,
};
pub(super) use organization_rules::{OrganizationRulesPage, PolicyField};
pub(super) use projects::{ProjectRow, ProjectsPage, TagRow};
pub(super) use provider_docs::{DocsGroup, DocsLink, DocsShown, DocsTab};
pub(super) use providers::{
    KeyFacts, MirroredRow, PackageRow, ProviderHead, ProviderPage, ProviderRow, ProviderVersionRow,
    ProvidersPage,
};
pub(super) use safe_html::{Html, inline};
pub(super) use settings_frame::SettingsFrame;
pub(super) use shell::{AccountLinks, PageShell, minute};
pub(super) use ssh_keys::{SshKeyRow, SshKeysPage};
pub(super) use teams::{AccessBox, TeamPage, TeamRow, TeamsPage};
pub(super) use users::{AccountPage, UserRow, UsersPage};
