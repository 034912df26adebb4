//! Inspects the files of one folder.

use crate::domain::{FolderDocs, Readme};

use super::layout::{File, Folder};
use super::syntax::{Block, Budget, CodeText, read_text};
use super::{
    declarations, module_calls, outputs, overrides, providers, references, resources, variables,
};

/// Returns the documentation of `folder`.
pub(super) fn docs(folder: &Folder<'_>, budget: &mut Budget<'_>) -> FolderDocs {
    let (code, overrides) = (texts(&folder.code), texts(&folder.overrides));
    let mut blocks = read(&code, budget);
    declarations::check(&blocks, budget);
    overrides::apply(&mut blocks, read(&overrides, budget));
    let count = |kind: &str| {
        let found = blocks.iter().filter(|block| block.kind == kind).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let checks = blocks.iter().filter(|block| block.kind == "check");
    let resources = resources::find(&blocks);
    FolderDocs {
        path: folder.path.to_owned(),
        readme: folder.readme.map(readme),
        inputs: variables::find(&blocks),
        outputs: outputs::find(&blocks),
        provider_requirements: providers::requirements(&blocks, &resources),
        resources,
        required_versions: providers::required_versions(&blocks),
        module_calls: module_calls::find(&blocks),
        checks: checks.map(|block| block.label(0).to_owned()).collect(),
        moved_blocks: count("moved"),
        import_blocks: count("import"),
        removed_blocks: count("removed"),
        references: references::find(&blocks, budget),
        diagnostics: std::mem::take(&mut budget.diagnostics),
    }
}

fn texts<'t>(files: &[File<'t>]) -> Vec<CodeText<'t>> {
    let texts = files.iter();
    texts
        .map(|(path, file)| CodeText::of(path.as_str(), file))
        .collect()
}

fn read<'t>(texts: &'t [CodeText<'_>], budget: &mut Budget<'_>) -> Vec<Block<'t>> {
    let mut blocks = Vec::new();
    for text in texts {
        if !budget.goes_on() {
            break;
        }
        blocks.extend(text.blocks(budget));
    }
    blocks
}

fn readme((path, file): File<'_>) -> Readme {
    Readme {
        path: path.as_str().to_owned(),
        text: read_text(file).into_owned(),
        truncated: file.truncated,
    }
}
