//! The difference between two versions of a module.

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::json;

use super::module::{VersionRequest, refused};
use super::version_page::{module_base, segment};
use crate::auth::{Caller, ReadModules};
use crate::compare::{
    Change, ChangeKind, Difference, Impact, Subject, Verdict, VersionStep, compare, version_step,
};
use crate::domain::{ModuleAddress, Version, counted, number};
use crate::http::Query;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::registry::{Error, Registry};
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{ChangeRow, CountLink, DiffPage, FolderChanges, ImpactChanges};

routes! {
    GET "/modules/{namespace}/{name}/{system}/diff" => difference [Access::Page],
}

#[derive(Debug, Default, Deserialize)]
struct Between {
    from: Option<String>,
    to: Option<String>,
    format: Option<String>,
    /// The only impact whose changes are shown.
    show: Option<String>,
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
    let only = IMPACTS
        .into_iter()
        .find(|impact| between.0.show.as_deref() == Some(word(*impact)));
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
    Content::render(title(&compared), &page(&compared, only))?.answer(&asked.visitor)
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
    let module = &compared.address;
    format!("{module} {} → {}", compared.from, compared.to)
}

/// Returns the page with the changes of all impacts, or of one `only`.
fn page(compared: &Compared, only: Option<Impact>) -> DiffPage {
    let base = module_base(&compared.address);
    let (from, to) = (compared.from.to_string(), compared.to.to_string());
    let verdict = compared.difference.verdict();
    let step = version_step(&compared.from, &compared.to);
    let is_honest = step.allows(verdict);
    let all: Vec<&Change> = compared
        .difference
        .folders()
        .iter()
        .flat_map(|folder| &folder.changes)
        .collect();
    let folders = compared.difference.folders().iter();
    let folders = folders.map(|folder| folder_changes(folder, only));
    let address = format!("{base}/diff?from={}&to={}", segment(&from), segment(&to));
    DiffPage {
        namespace: compared.address.namespace.to_string(),
        name: compared.address.name.to_string(),
        json: format!("{address}&format=json"),
        counts: counts(&all, &address, only),
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
        folders: folders.filter(|folder| folder.count > 0).collect(),
    }
}

/// The impacts, the worst first.
const IMPACTS: [Impact; 3] = [Impact::Breaking, Impact::Compatible, Impact::Patch];

/// How many changes a list may have before it is folded.
const MANY_CHANGES: usize = 40;

/// Returns the word for an impact, on the page and in its address.
fn word(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "breaking",
        Impact::Compatible => "compatible",
        Impact::Patch => "patch",
    }
}

/// Returns how many changes there are in all and of each impact, as links that show only those.
fn counts(all: &[&Change], address: &str, only: Option<Impact>) -> Vec<CountLink> {
    let whole = CountLink {
        label: counted(all.len(), "change"),
        href: address.to_owned(),
        is_shown: only.is_none(),
        tone: "",
    };
    let of_impact = |impact: Impact| {
        let count = all.iter().filter(|change| change.impact == impact).count();
        (count > 0).then(|| CountLink {
            label: format!("{} {}", number(count), word(impact)),
            href: format!("{address}&show={}", word(impact)),
            is_shown: only == Some(impact),
            tone: tone(impact),
        })
    };
    std::iter::once(whole)
        .chain(IMPACTS.into_iter().filter_map(of_impact))
        .collect()
}

/// Returns the changes of a folder by their impact, the worst first.
fn folder_changes(
    folder: &crate::compare::FolderDifference,
    only: Option<Impact>,
) -> FolderChanges {
    let of_impact = |impact: Impact| {
        let changes = folder.changes.iter();
        let changes: Vec<ChangeRow> = changes
            .filter(|change| change.impact == impact)
            .map(row)
            .collect();
        (!changes.is_empty()).then(|| ImpactChanges {
            word: word(impact),
            tone: tone(impact),
            is_open: impact == Impact::Breaking || only.is_some() || changes.len() <= MANY_CHANGES,
            is_long: changes.len() > MANY_CHANGES,
            changes,
        })
    };
    let impacts: Vec<ImpactChanges> = IMPACTS
        .into_iter()
        .filter(|impact| only.is_none_or(|only| only == *impact))
        .filter_map(of_impact)
        .collect();
    FolderChanges {
        path: folder.path.clone(),
        count: impacts.iter().map(|impact| impact.changes.len()).sum(),
        has_breaking: impacts.iter().any(|impact| impact.word == "breaking"),
        impacts,
    }
}

fn tone(impact: Impact) -> &'static str {
    match impact {
        Impact::Breaking => "bad",
        Impact::Compatible | Impact::Patch => "good",
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
        impact: word(change.impact),
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
