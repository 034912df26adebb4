//! What pages show: one struct for each template of `assets/templates/`.

mod account;
mod api;
mod api_example;
mod audit;
mod browse;
mod module_forms;
mod organization;
mod providers;
mod shell;

pub(super) use account::{
    LoginPage, NewTokenPage, PasswordPage, ProblemPage, SetupPage, TokenRow, TokensPage,
};
pub(super) use api::ApiPage;
pub(super) use audit::{AuditPage, AuditRow};
pub(super) use browse::{
    Banner, ChangeRow, Crumb, DependenciesTab, DiffPage, Drawn, Entry, Facet, FacetValue, FilesTab,
    FolderChanges, FolderPage, FolderRow, FoldersTab, FramedPage, GraphTab, Head, HomePage,
    InputsTab, Main, Mark, ModuleRow, NamedLink, NamespacePage, OutputsTab, Overview, ReasonRow,
    ResourcesTab, SearchPage, SortChoice, Source, Tab, UsedByTab, VersionRow, VersionsTab,
};
pub(super) use module_forms::{DeletePage, LifecyclePage, PublishPage};
pub(super) use organization::{
    AccessBox, MemberRow, NewOrganizationPage, OrganizationPage, OrganizationRow,
    OrganizationsPage, TeamRow,
};
pub(super) use providers::{
    KeyFacts, MirroredRow, PackageRow, ProviderPage, ProviderRow, ProvidersPage,
};
pub(super) use shell::{PageShell, minute};
