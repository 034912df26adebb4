//! Tests that no async function asks the registry for anything that can wait for the disk: what
//! does goes through `App::run` and its relatives, which use threads of their own.

use std::collections::BTreeSet;

use crate::architecture::{sources, without_tests};

/// What async functions may ask the registry for: what it knows in memory, or reads as one row by
/// its key. A new line needs a look at all locks that the operation takes.
const AT_ONCE: &[&str] = &[
    "archive_in_memory",
    "archive_limit",
    "begin_sign_in",
    "count_provider_download",
    "grant",
    "has_room",
    "health",
    "is_read_only",
    "module_grant",
    "module_grant_by_id",
    "organization_audit",
    "prove_archive",
    "provider_upload_limit",
    "release_limit",
    "require_authenticated",
    "require_some_module",
    "rights_in",
    "search_goal",
    "sees_all_modules",
    "settings",
    "should_await",
    "sign_archive",
    "site_audit",
    "site_grant",
    "ssh_key_grant",
    "ssh_keys_grant",
    "stage_limit",
    "store_revision",
    "team_token_grant",
    "token_grant",
    "versions_revision",
];

/// The functions whose arguments run on threads that may wait.
const OFF_THE_ASYNC_THREADS: &[&str] = &[
    "attempt",
    "block",
    "open",
    "run",
    "run_as_caller",
    "run_blocking_with_app",
    "run_cpu_bound",
    "spawn_blocking",
];

#[test]
fn async_functions_ask_the_registry_only_for_what_it_answers_at_once() {
    let mut asked = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !["http/", "api/", "ui/", "server/"]
            .iter()
            .any(|part| path.starts_with(part))
        {
            continue;
        }
        for call in calls_in_async_functions(without_tests(&text)) {
            if !AT_ONCE.contains(&&*call) {
                wrong.push(format!("{path}: {call}"));
            }
            asked.insert(call);
        }
    }
    assert!(wrong.is_empty(), "these can wait:\n{}", wrong.join("\n"));
    let allowed = AT_ONCE.iter().map(|name| (*name).to_owned());
    let unused: Vec<_> = allowed.filter(|name| !asked.contains(name)).collect();
    assert!(unused.is_empty(), "nobody asks these: {unused:?}");
}

#[test]
fn a_call_that_can_wait_is_found_and_one_on_another_thread_is_not() {
    let calls = |body: &str| calls_in_async_functions(&format!("async fn a() {{\n{body}\n}}\n"));
    assert_eq!(
        calls("app.registry.latest_version(&grant)?;"),
        ["latest_version"]
    );
    assert_eq!(
        calls("let it = asked\n    .app\n    .registry\n    .sign(1);"),
        ["sign"]
    );
    assert_eq!(
        calls("let registry = &app.registry;\nregistry.list::<A>(1);"),
        ["list"]
    );
    assert!(calls("app.run(move |registry| registry.list((1, 2))).await").is_empty());
    assert!(calls("// app.registry.list()").is_empty());
    let other = "fn b(registry: &Registry) {\n    registry.list();\n}\n";
    assert!(calls_in_async_functions(other).is_empty());
    let after = "async fn a() {\n    1\n}\n\nfn b() {\n    registry.list();\n}\n";
    assert!(calls_in_async_functions(after).is_empty());
}

/// Returns the operations of the registry that async functions call on their own threads.
fn calls_in_async_functions(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut calls = Vec::new();
    for (start, _) in code.match_indices("async fn ") {
        let indent = code[..start].rsplit('\n').next().unwrap_or_default();
        let indent = &indent[..indent.len() - indent.trim_start().len()];
        // The formatter ends a function with a brace below its first letter.
        let end = code[start..].find(&format!("\n{indent}}}\n"));
        let body = &code[start..end.map_or(code.len(), |end| start + end)];
        calls.extend(calls_in(&without_other_threads(body)));
    }
    calls
}

/// Leaves out the arguments of functions that run them on other threads.
fn without_other_threads(body: &str) -> String {
    let mut rest = body.to_owned();
    for name in OFF_THE_ASYNC_THREADS {
        let call = format!("{name}(");
        let mut from = 0;
        while let Some(found) = rest[from..].find(&call) {
            let start = from + found;
            let open = start + call.len();
            from = open;
            let before = rest[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let mut depth = 1;
            let length = rest[open..].find(|c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            rest.replace_range(open..open + length.unwrap_or(0), "");
        }
    }
    rest
}

fn calls_in(body: &str) -> Vec<String> {
    let words = body.match_indices("registry");
    let call = |(start, word): (usize, &str)| {
        let before = body[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let after = body[start + word.len()..].trim_start().strip_prefix('.')?;
        let name: String = after
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let is_call = after.trim_start()[name.len()..].starts_with(['(', ':']);
        is_call.then_some(name)
    };
    words.filter_map(call).collect()
}
