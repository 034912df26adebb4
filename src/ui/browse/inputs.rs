//! The inputs of a module version, and the code that sets those which somebody chose.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;

use super::module::VersionRequest;
use super::version_page::VersionPage;
use crate::domain::Input;
use crate::http::App;
use crate::http::access::Access;
use crate::http::content::Content;
use crate::markup::{Argument, Language, assignments, highlight, module_block};
use crate::routes;
use crate::ui::problem::Problem;
use crate::ui::views::{BuiltCall, InputsTab};

routes! {
    GET "/modules/{namespace}/{name}/{system}/{version}/inputs" => inputs [Access::Page],
}

async fn inputs(asked: VersionRequest, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let pairs = form_urlencoded::parse(request.query_string().as_bytes());
    let picked: Option<BTreeSet<String>> = (!request.query_string().is_empty()).then(|| {
        pairs
            .filter(|(name, _)| name == "with")
            .map(|(_, value)| value.into_owned())
            .collect()
    });
    let key = format!("inputs {picked:?}");
    let make = move |app: &App, shown: &VersionPage| {
        let page = InputsTab {
            head: &shown.head("Inputs"),
            folder: &shown.docs.root,
            level: 2,
            built: picked
                .as_ref()
                .map(|picked| built(shown, picked, app.host())),
            picked: picked.unwrap_or_default(),
        };
        Content::render(shown.title("Inputs"), &page)
    };
    asked.answer(key, make).await
}

/// Writes the code that sets the required inputs and the chosen ones.
fn built(shown: &VersionPage, picked: &BTreeSet<String>, host: &str) -> BuiltCall {
    let inputs = &shown.docs.root.inputs;
    let is_set = |input: &&Input| input.is_required() || picked.contains(&input.name);
    let arguments: Vec<Argument<'_>> = inputs
        .iter()
        .filter(is_set)
        .map(|input| Argument {
            name: &input.name,
            kind: input.type_expression.as_deref().unwrap_or("any"),
            default: input.default.as_ref().map(|default| &*default.source),
        })
        .collect();
    let address = &shown.version.address;
    let name = address.module.name.as_str();
    let version = address.version.to_string();
    let block = module_block(name, &shown.source(host), &version, &arguments);
    BuiltCall {
        block: highlight(Language::Hcl, &block).into(),
        tfvars: highlight(Language::Hcl, &assignments(&arguments)).into(),
    }
}
