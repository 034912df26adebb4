//! Tests of the comparison as a whole.

use super::*;
use crate::domain::{
    DefaultValue, FolderDocs, Input, ModuleCall, ModuleDocs, Output, ProviderRequirement, Resource,
    ResourceKind, SourcePosition, Validation,
};

fn input(name: &str, type_expression: &str, default: Option<&str>) -> Input {
    Input {
        name: name.to_owned(),
        type_expression: Some(type_expression.to_owned()),
        default: default.map(|source| DefaultValue {
            source: source.to_owned(),
            value: serde_json::from_str(source).ok(),
        }),
        nullable: true,
        ..Input::default()
    }
}

fn output(name: &str) -> Output {
    Output {
        name: name.to_owned(),
        value: Some("aws_vpc.this.id".to_owned()),
        ..Output::default()
    }
}

fn resource(kind: ResourceKind, name: &str) -> Resource {
    Resource {
        kind,
        resource_type: "aws_vpc".to_owned(),
        name: name.to_owned(),
        provider: "aws".to_owned(),
        position: SourcePosition::default(),
    }
}

fn module(root: FolderDocs) -> ModuleDocs {
    ModuleDocs {
        root,
        ..ModuleDocs::default()
    }
}

fn inputs(inputs: Vec<Input>) -> ModuleDocs {
    module(FolderDocs {
        inputs,
        ..FolderDocs::default()
    })
}

fn outputs(outputs: Vec<Output>) -> ModuleDocs {
    module(FolderDocs {
        outputs,
        ..FolderDocs::default()
    })
}

fn provider(source: Option<&str>, version: &str, aliases: &[&str]) -> ModuleDocs {
    module(FolderDocs {
        provider_requirements: vec![ProviderRequirement {
            name: "aws".to_owned(),
            source: source.map(str::to_owned),
            version: Some(version.to_owned()),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        }],
        ..FolderDocs::default()
    })
}

/// Returns the only change from `old` to `new`.
fn only(old: &ModuleDocs, new: &ModuleDocs) -> Change {
    let difference = compare(old, new);
    let [folder] = difference.folders() else {
        panic!("one folder changed: {difference:?}");
    };
    let [change] = folder.changes.as_slice() else {
        panic!("one thing changed: {difference:?}");
    };
    assert_eq!(difference.verdict(), Verdict::from(change.impact));
    change.clone()
}

fn is(change: &Change, kind: ChangeKind, impact: Impact, warning: bool) {
    let found = (change.kind, change.impact, change.warning);
    assert_eq!(found, (kind, impact, warning), "{change:?}");
}

#[test]
fn inputs_come_and_go() {
    let none = ModuleDocs::default();
    let required = inputs(vec![input("azs", "list(string)", None)]);
    let optional = inputs(vec![input("azs", "list(string)", Some("[]"))]);
    is(
        &only(&required, &none),
        ChangeKind::Removed,
        Impact::Breaking,
        false,
    );
    is(
        &only(&optional, &none),
        ChangeKind::Removed,
        Impact::Breaking,
        false,
    );
    is(
        &only(&none, &required),
        ChangeKind::Added,
        Impact::Breaking,
        false,
    );
    is(
        &only(&none, &optional),
        ChangeKind::Added,
        Impact::Compatible,
        false,
    );
    is(
        &only(&optional, &required),
        ChangeKind::MadeRequired,
        Impact::Breaking,
        false,
    );
    is(
        &only(&required, &optional),
        ChangeKind::MadeOptional,
        Impact::Compatible,
        false,
    );
    let gone = only(&required, &none);
    assert_eq!(gone.reason, "input `azs` is gone: callers that set it fail");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of changes")]
fn inputs_change() {
    let text = || input("x", "string", Some("\"a\""));
    let changed = |change: &dyn Fn(&mut Input)| {
        let mut new = text();
        change(&mut new);
        (inputs(vec![text()]), inputs(vec![new]))
    };
    let to = |change: &dyn Fn(&mut Input)| {
        let (old, new) = changed(change);
        only(&old, &new)
    };
    let back = |change: &dyn Fn(&mut Input)| {
        let (old, new) = changed(change);
        only(&new, &old)
    };
    let list = to(&|x| x.type_expression = Some("list(string)".to_owned()));
    is(&list, ChangeKind::Type, Impact::Breaking, false);
    assert_eq!(list.old.as_deref(), Some("string"));
    assert_eq!(list.new.as_deref(), Some("list(string)"));
    is(
        &to(&|x| x.type_expression = None),
        ChangeKind::Type,
        Impact::Compatible,
        false,
    );
    is(
        &back(&|x| x.type_expression = None),
        ChangeKind::Type,
        Impact::Breaking,
        false,
    );
    let default = to(&|x| x.default = input("x", "string", Some("\"b\"")).default);
    is(&default, ChangeKind::Default, Impact::Compatible, true);
    is(
        &to(&|x| x.sensitive = true),
        ChangeKind::Sensitive,
        Impact::Compatible,
        false,
    );
    is(
        &back(&|x| x.sensitive = true),
        ChangeKind::Sensitive,
        Impact::Compatible,
        true,
    );
    is(
        &to(&|x| x.nullable = false),
        ChangeKind::Nullable,
        Impact::Compatible,
        true,
    );
    is(
        &to(&|x| x.ephemeral = true),
        ChangeKind::Ephemeral,
        Impact::Compatible,
        false,
    );
    is(
        &back(&|x| x.ephemeral = true),
        ChangeKind::Ephemeral,
        Impact::Breaking,
        false,
    );
    let old = |x: &mut Input| x.deprecated = Some("use y".to_owned());
    is(&to(&old), ChangeKind::Deprecated, Impact::Compatible, false);
    is(&back(&old), ChangeKind::Deprecated, Impact::Patch, false);
    let described = |x: &mut Input| x.description = Some("More".to_owned());
    is(
        &to(&described),
        ChangeKind::Description,
        Impact::Patch,
        false,
    );
    let rule = |x: &mut Input| {
        x.validations.push(Validation {
            condition: "var.x != \"\"".to_owned(),
            error_message: "No.".to_owned(),
        });
    };
    is(
        &to(&rule),
        ChangeKind::Validations,
        Impact::Compatible,
        true,
    );
    is(
        &back(&rule),
        ChangeKind::Validations,
        Impact::Compatible,
        false,
    );
}

#[test]
fn null_for_a_required_input_breaks() {
    let old = input("x", "string", None);
    let mut new = old.clone();
    new.nullable = false;
    let change = only(&inputs(vec![old]), &inputs(vec![new]));
    is(&change, ChangeKind::Nullable, Impact::Breaking, false);
}

#[test]
fn how_things_are_written_and_ordered_does_not_count() {
    let old = inputs(vec![
        input("a", "\"string\"", Some("\"x\"")),
        input("b", "object({ a = string, b = number })", Some("null")),
    ]);
    let mut new = inputs(vec![
        input("b", "object({\n b = number\n a = string\n})", Some("null")),
        input("a", "string", Some(" \"x\"")),
    ]);
    new.root.inputs[0].description = Some("  ".to_owned());
    new.examples.push(FolderDocs {
        path: "examples/x".to_owned(),
        inputs: vec![input("z", "string", None)],
        ..FolderDocs::default()
    });
    let difference = compare(&old, &new);
    assert_eq!(difference.verdict(), Verdict::Nothing);
    assert!(difference.folders().is_empty());
}

#[test]
fn outputs_change() {
    let none = ModuleDocs::default();
    let plain = outputs(vec![output("id")]);
    let with = |change: &dyn Fn(&mut Output)| {
        let mut new = output("id");
        change(&mut new);
        outputs(vec![new])
    };
    is(
        &only(&plain, &none),
        ChangeKind::Removed,
        Impact::Breaking,
        false,
    );
    is(
        &only(&none, &plain),
        ChangeKind::Added,
        Impact::Compatible,
        false,
    );
    let sensitive = with(&|x| x.sensitive = true);
    is(
        &only(&plain, &sensitive),
        ChangeKind::Sensitive,
        Impact::Breaking,
        false,
    );
    is(
        &only(&sensitive, &plain),
        ChangeKind::Sensitive,
        Impact::Compatible,
        true,
    );
    let ephemeral = with(&|x| x.ephemeral = true);
    is(
        &only(&plain, &ephemeral),
        ChangeKind::Ephemeral,
        Impact::Breaking,
        false,
    );
    is(
        &only(&ephemeral, &plain),
        ChangeKind::Ephemeral,
        Impact::Compatible,
        false,
    );
    let value = with(&|x| x.value = Some("one(aws_vpc.this[*].id)".to_owned()));
    is(
        &only(&plain, &value),
        ChangeKind::Value,
        Impact::Patch,
        true,
    );
    let described = with(&|x| x.description = Some("The id".to_owned()));
    is(
        &only(&plain, &described),
        ChangeKind::Description,
        Impact::Patch,
        false,
    );
}

#[test]
fn resources_are_no_interface_but_a_warning() {
    let none = ModuleDocs::default();
    let with = |kind, moved_blocks| {
        module(FolderDocs {
            resources: vec![resource(kind, "this")],
            moved_blocks,
            ..FolderDocs::default()
        })
    };
    let managed = with(ResourceKind::Managed, 0);
    let gone = only(&managed, &none);
    is(&gone, ChangeKind::Removed, Impact::Compatible, true);
    assert!(
        gone.reason.ends_with("would be destroyed"),
        "{}",
        gone.reason
    );
    let mut moved = none.clone();
    moved.root.moved_blocks = 2;
    let softened = only(&managed, &moved).reason;
    assert!(
        softened.contains("unless one of the module's `moved` blocks"),
        "{softened}"
    );
    is(
        &only(&none, &managed),
        ChangeKind::Added,
        Impact::Compatible,
        true,
    );
    let read = only(&none, &with(ResourceKind::Data, 0));
    is(&read, ChangeKind::Added, Impact::Patch, false);
    assert_eq!(read.name, "data.aws_vpc.this");
    let unread = only(&with(ResourceKind::Ephemeral, 0), &none);
    is(&unread, ChangeKind::Removed, Impact::Patch, false);
    assert_eq!(unread.subject, Subject::EphemeralResource);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of changes")]
fn providers_change() {
    let none = ModuleDocs::default();
    let five = provider(Some("hashicorp/aws"), ">= 5.0", &[]);
    is(
        &only(&none, &five),
        ChangeKind::Added,
        Impact::Compatible,
        true,
    );
    is(
        &only(&five, &none),
        ChangeKind::Removed,
        Impact::Patch,
        false,
    );
    let six = provider(Some("hashicorp/aws"), ">= 6.0", &[]);
    is(
        &only(&five, &six),
        ChangeKind::Version,
        Impact::Breaking,
        false,
    );
    is(
        &only(&six, &five),
        ChangeKind::Version,
        Impact::Compatible,
        false,
    );
    let later = provider(Some("hashicorp/aws"), ">= 5.79", &[]);
    is(
        &only(&five, &later),
        ChangeKind::Version,
        Impact::Compatible,
        true,
    );
    let forked = provider(Some("example/aws"), ">= 5.0", &[]);
    is(
        &only(&five, &forked),
        ChangeKind::Source,
        Impact::Breaking,
        false,
    );
    let alias = provider(Some("hashicorp/aws"), ">= 5.0", &["aws.peer"]);
    is(
        &only(&five, &alias),
        ChangeKind::Aliases,
        Impact::Breaking,
        false,
    );
    is(
        &only(&alias, &five),
        ChangeKind::Aliases,
        Impact::Breaking,
        false,
    );
    is(
        &only(&none, &alias),
        ChangeKind::Added,
        Impact::Breaking,
        false,
    );
    is(
        &only(&alias, &none),
        ChangeKind::Removed,
        Impact::Breaking,
        false,
    );
    for same in [
        None,
        Some("registry.terraform.io/hashicorp/aws"),
        Some("HashiCorp/AWS"),
    ] {
        let same = provider(same, ">=5.0.0", &[]);
        assert_eq!(compare(&five, &same).verdict(), Verdict::Nothing);
    }
}

#[test]
fn required_version_and_calls_change() {
    let with = |terraform: &str, source: &str, version: Option<&str>| {
        module(FolderDocs {
            required_versions: vec![terraform.to_owned()],
            module_calls: vec![ModuleCall {
                name: "label".to_owned(),
                source: source.to_owned(),
                version: version.map(str::to_owned),
                position: SourcePosition::default(),
            }],
            ..FolderDocs::default()
        })
    };
    let old = with(">= 1.0", "./modules/label", None);
    let raised = only(&old, &with(">= 1.5.7", "./modules/label", None));
    is(&raised, ChangeKind::Version, Impact::Compatible, true);
    assert_eq!(raised.subject, Subject::RequiredVersion);
    let next = only(&old, &with(">= 2.0", "./modules/label", None));
    is(&next, ChangeKind::Version, Impact::Breaking, false);
    let source = only(&old, &with(">= 1.0", "./modules/other", None));
    is(&source, ChangeKind::Source, Impact::Compatible, true);
    let version = only(&old, &with(">= 1.0", "./modules/label", Some("1.0.0")));
    is(&version, ChangeKind::Version, Impact::Compatible, true);
    assert_eq!(version.subject, Subject::ModuleCall);
}

#[test]
fn submodules_count_and_breaks_are_listed_with_their_folder() {
    let folder = |path: &str, names: &[&str]| FolderDocs {
        path: path.to_owned(),
        inputs: names
            .iter()
            .map(|name| input(name, "string", None))
            .collect(),
        ..FolderDocs::default()
    };
    let old = ModuleDocs {
        submodules: vec![folder("modules/a", &["x"]), folder("modules/b", &["x"])],
        ..ModuleDocs::default()
    };
    let new = ModuleDocs {
        submodules: vec![folder("modules/b", &[]), folder("modules/c", &["x"])],
        incomplete: Some("too late".to_owned()),
        ..ModuleDocs::default()
    };
    let difference = compare(&old, &new);
    let broken: Vec<_> = difference
        .breaking()
        .map(|(path, change)| (path, change.subject, change.name.as_str()))
        .collect();
    let expected = [
        ("modules/a", Subject::Submodule, "modules/a"),
        ("modules/b", Subject::Input, "x"),
    ];
    assert_eq!(broken, expected);
    assert!(difference.is_incomplete());
    assert_eq!(difference.folders().len(), 3);
    assert_eq!(compare(&old, &old).verdict(), Verdict::Nothing);
}

#[test]
fn the_wire_has_stable_names() {
    let none = ModuleDocs::default();
    let difference = compare(&none, &inputs(vec![input("azs", "any", None)]));
    let expected = serde_json::json!({
        "verdict": "breaking",
        "incomplete": false,
        "folders": [{
            "path": "",
            "changes": [{
                "subject": "input",
                "name": "azs",
                "kind": "added",
                "old": null,
                "new": null,
                "impact": "breaking",
                "warning": false,
                "reason": "new input `azs` has no default: all callers must set it",
            }],
        }],
    });
    assert_eq!(
        serde_json::to_value(&difference).expect("plain values"),
        expected
    );
}
