//! Steps that people take in a browser, and where each leads.

use serde_json::{Map, Value, json};

use super::tools::Tools;
use crate::harness::Appliance;

/// Takes the steps, and checks each: the address it leads to, the status, and the words on the
/// page.
pub(super) fn take(tools: &Tools, registry: &Appliance, scripts: bool, steps: &[Step]) -> Value {
    let list: Vec<&Value> = steps.iter().map(|step| &step.does).collect();
    let work = json!({ "origin": registry.url, "scripts": scripts, "steps": list });
    let found = tools.run("steps.mjs", &work);
    let taken = found["steps"].as_array().expect("a list");
    for (step, seen) in steps.iter().zip(taken) {
        assert_eq!(seen["says"], true, "{}: {seen:#}", step.does);
        match step.below {
            None => assert_eq!(seen["path"], step.lands, "{}", step.does),
            Some(parent) => {
                let path = seen["path"].as_str().expect("a path");
                let rest = path.strip_prefix(parent).expect("a page below");
                assert!(rest.starts_with('/'), "{path}: {}", step.does);
            }
        }
        assert_eq!(seen["status"], step.status, "{}", step.does);
        assert_eq!(seen["problems"], json!([]), "{}", step.does);
    }
    assert_eq!(taken.len(), steps.len());
    found
}

/// A step, and where it leads.
pub(super) struct Step {
    /// The task for the script `steps.mjs`.
    pub(super) does: Value,
    /// The address afterwards.
    pub(super) lands: &'static str,
    /// The address above the one afterwards, which has an id in it; `None` if `lands` says it.
    pub(super) below: Option<&'static str>,
    /// The status of the answer; 0 where there was none.
    pub(super) status: u16,
}

/// Makes a step of a task and its expected result.
pub(super) fn step(mut does: Value, lands: &'static str, status: u16, says: &str) -> Step {
    does["says"] = says.into();
    Step {
        does,
        lands,
        below: None,
        status,
    }
}

/// Makes the step of typing an address.
pub(super) fn visit(path: &'static str, says: &str) -> Step {
    step(json!({ "visit": path }), path, 200, says)
}

/// Makes the step of clicking a link.
pub(super) fn follow(link: &str, lands: &'static str, says: &str) -> Step {
    step(json!({ "follow": link }), lands, 200, says)
}

/// Makes the step of clicking a link to a page below another one.
pub(super) fn follow_below(link: &str, parent: &'static str, says: &str) -> Step {
    let mut step = follow(link, "", says);
    step.below = Some(parent);
    step
}

/// Makes the step of sending the form for an address, which may begin or end with `*`. Of several
/// addresses that begin so, it is the first one with all these fields.
pub(super) fn send(action: &str, fields: Value, lands: &'static str, says: &str) -> Step {
    let selector = match (action.strip_prefix('*'), action.strip_suffix('*')) {
        (Some(end), _) => format!("form[action$='{end}']"),
        (_, Some(start)) => {
            let names = fields.as_object().into_iter().flat_map(Map::keys);
            let form = format!("form[action^='{start}']");
            names.fold(form, |form, name| form + ":has([name='" + name + "'])")
        }
        _ => format!("form[action='{action}']"),
    };
    let mut does = json!({ "send": selector });
    does["fields"] = fields;
    step(does, lands, 200, says)
}

/// Makes the step of searching in the search box of a place.
pub(super) fn find(place: &str, words: &str, lands: &'static str) -> Step {
    let does = json!({ "send": place, "fields": { "q": words } });
    step(does, lands, 200, "0 modules")
}
