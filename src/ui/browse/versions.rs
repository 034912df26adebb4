//! The versions of a module, and the difference between two of them.

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::json;

use super::module::{VersionRequest, refused};
use super::notices::badge;
use super::overview::{day, published_at};
use super::version_page::{VersionPage, module_base, segment, version_base};
use crate::auth::{Caller, ReadModules};
use crate::compare::{
    Change, ChangeKind, Difference, Impact, Subject, Verdict, VersionStep, compare, version_step,
};
use crate::domain::{ModuleAddress, Version, bytes_in_words};
use crate::http::access::Access;
use crate::http::content::Content;
use crate::http::{App, Query};
use crate::registry::{Error, Registry};
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{ChangeRow, DiffPage, FolderChanges, VersionRow, VersionsTab};

routes! {
    GET "/modules/{namespace}/{name}/{system}/versions" => versions_of_latest [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/diff" => difference [Access::Page],
    GET "/modules/{namespace}/{name}/{system}/{version}/versions" => versions [Access::Page],
}

async fn versions_of_latest(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    asked.answer("versions".to_owned(), list).await
}

async fn versions(asked: VersionRequest) -> Result<HttpResponse, Problem> {
    asked.answer("versions".to_owned(), list).await
}

fn list(app: &App, shown: &VersionPage) -> Result<Content, Error> {
    let (registry, address) = (&app.registry, &shown.listing.module.address);
    let counts = registry.download_counts(&shown.grant, address)?;
    let latest = &shown.listing.latest.address.version;
    let mut rows = Vec::new();
    for version in shown.versions.iter().rev() {
        let archive = version.archive.as_ref();
        let number = &version.address.version;
        let published_at = published_at(version);
        rows.push(VersionRow {
            version: number.to_string(),
            href: version_base(&version.address),
            is_latest: number == latest,
            badge: badge(version),
            published_at: published_at.to_string(),
            published_day: day(published_at),
            size: bytes_in_words(archive.map_or(0, |archive| archive.size)),
            downloads: crate::domain::number(counts.by_version.get(number).copied().unwrap_or(0)),
            sha256: archive.map_or_else(String::new, |archive| archive.sha256.to_string()),
        });
    }
    let page = VersionsTab {
        head: &shown.head("Versions"),
        versions: rows,
    };
    Content::render(shown.title("Versions"), &page)
}

#[derive(Debug, Default, Deserialize)]
struct Between {
    from: Option<String>,
    to: Option<String>,
    format: Option<String>,
}

/// Two versions of a module and their difference.
struct Compared {
    address: ModuleAddress,
    from: Version,
    to: Version,
    versions: Vec<String>,
    difference: Difference,
}

async fn difference(
    asked: VersionRequest,
    between: Query<Between>,
) -> Result<HttpResponse, Problem> {
    let as_json = between.0.format.as_deref() == Some("json");
    let (caller, address) = (asked.visitor.caller.clone(), asked.address);
    let compared = asked
        .app
        .run(move |registry| compared(registry, &caller, &address, &between.0))
        .await
        .map_err(|error| refused(&asked.visitor, error))?;
    if as_json {
        let step = version_step(&compared.from, &compared.to);
        let verdict = compared.difference.verdict();
        return Ok(HttpResponse::Ok().json(json!({
            "from": compared.from.to_string(),
            "to": compared.to.to_string(),
            "verdict": verdict,
            "claim": step,
            "honest": step.allows(verdict),
            "difference": compared.difference,
        })));
    }
    Content::render(title(&compared), &page(&compared))?.answer(&asked.visitor)
}

/// Compares two versions; by default, the latest and the one before it.
fn compared(
    registry: &Registry,
    caller: &Caller,
    address: &ModuleAddress,
    between: &Between,
) -> Result<Compared, Error> {
    let grant = registry.module_grant::<ReadModules>(caller, address)?;
    let versions = registry.published_versions(&grant, address)?;
    let newest = versions.len().saturating_sub(1);
    let find = |asked: Option<&str>, otherwise: usize| {
        let found = match asked {
            None => versions.get(otherwise),
            Some(asked) => versions
                .iter()
                .find(|version| version.address.version.to_string() == asked),
        };
        found.ok_or_else(|| Error::NotFound("the module version".to_owned()))
    };
    let from = find(between.from.as_deref(), newest.saturating_sub(1))?;
    let to = find(between.to.as_deref(), newest)?;
    let difference = compare(&*registry.module_docs(from)?, &*registry.module_docs(to)?);
    let number = |version: &crate::domain::ModuleVersion| version.address.version.to_string();
    Ok(Compared {
        address: from.address.module.clone(),
        from: from.address.version.clone(),
        to: to.address.version.clone(),
        versions: versions.iter().rev().map(number).collect(),
        difference,
    })
}

fn title(compared: &Compared) -> String {
    let name = &compared.address.name;
    format!("{name} {} → {}", compared.from, compared.to)
}

fn page(compared: &Compared) -> DiffPage {
    let base = module_base(&compared.address);
    let (from, to) = (compared.from.to_string(), compared.to.to_string());
    let verdict = compared.difference.verdict();
    let step = version_step(&compared.from, &compared.to);
    let is_honest = step.allows(verdict);
    let folder = |folder: &crate::compare::FolderDifference| FolderChanges {
        path: folder.path.clone(),
        changes: folder.changes.iter().map(row).collect(),
    };
    DiffPage {
        namespace: compared.address.namespace.to_string(),
        name: compared.address.name.to_string(),
        json: format!(
            "{base}/diff?from={}&to={}&format=json",
            segment(&from),
            segment(&to)
        ),
        module_base: base,
        from,
        to,
        versions: compared.versions.clone(),
        tone: match (is_honest, verdict) {
            (false, _) => "bad",
            (true, Verdict::Breaking) => "warn",
            (true, Verdict::Nothing | Verdict::Patch | Verdict::Compatible) => "good",
        },
        verdict: match verdict {
            Verdict::Nothing => "Nothing has changed for callers.",
            Verdict::Patch => "A patch: callers do not have to change anything.",
            Verdict::Compatible => "Compatible: something is new, and callers work as before.",
            Verdict::Breaking => "Breaking: some callers have to change something.",
        },
        claim: format!(
            "The version number announces {}.{}",
            step_words(step),
            if is_honest {
                ""
            } else {
                " The changes go further than that."
            }
        ),
        incomplete: compared.difference.is_incomplete(),
        folders: compared.difference.folders().iter().map(folder).collect(),
    }
}

fn step_words(step: VersionStep) -> &'static str {
    match step {
        VersionStep::Major => "a major release",
        VersionStep::Minor => "a minor release",
        VersionStep::Patch => "a patch",
        VersionStep::InitialMinor => "a minor release before 1.0, which may break callers",
        VersionStep::InitialPatch => "a patch before 1.0",
        VersionStep::PreRelease => "a pre-release, which promises nothing",
        VersionStep::Rebuild => "the same version, built again",
        VersionStep::Backwards => "an older version",
    }
}

fn row(change: &Change) -> ChangeRow {
    let (kind, class) = kind(change.kind);
    ChangeRow {
        subject: subject(change.subject),
        name: change.name.clone(),
        kind,
        class,
        old: change.old.clone(),
        new: change.new.clone(),
        impact: match change.impact {
            Impact::Breaking => "breaking",
            Impact::Compatible => "compatible",
            Impact::Patch => "patch",
        },
        tone: match (change.impact, change.warning) {
            (Impact::Breaking, _) => "bad",
            (Impact::Compatible | Impact::Patch, true) => "warn",
            (Impact::Compatible | Impact::Patch, false) => "good",
        },
        reason: change.reason.clone(),
    }
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Submodule => "submodule",
        Subject::Input => "input",
        Subject::Output => "output",
        Subject::Resource => "resource",
        Subject::DataSource => "data source",
        Subject::EphemeralResource => "ephemeral resource",
        Subject::Provider => "provider",
        Subject::RequiredVersion => "terraform",
        Subject::ModuleCall => "module call",
    }
}

fn kind(kind: ChangeKind) -> (&'static str, &'static str) {
    match kind {
        ChangeKind::Added => ("added", "added"),
        ChangeKind::Removed => ("removed", "removed"),
        ChangeKind::Type => ("type", "changed"),
        ChangeKind::Default => ("default", "changed"),
        ChangeKind::MadeRequired => ("now required", "removed"),
        ChangeKind::MadeOptional => ("now optional", "added"),
        ChangeKind::Sensitive => ("sensitive", "changed"),
        ChangeKind::Nullable => ("nullable", "changed"),
        ChangeKind::Ephemeral => ("ephemeral", "changed"),
        ChangeKind::Deprecated => ("deprecated", "changed"),
        ChangeKind::Description => ("description", "changed"),
        ChangeKind::Validations => ("validations", "changed"),
        ChangeKind::Value => ("value", "changed"),
        ChangeKind::Source => ("source", "changed"),
        ChangeKind::Version => ("version", "changed"),
        ChangeKind::Aliases => ("aliases", "changed"),
    }
}
