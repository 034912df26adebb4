//! `tfe_ssh_key` and `tfe_registry_gpg_key`.

use serde_json::json;

use super::step::{Resource, Step, document};
use crate::providers::keys::Signer;

const SSH_KEYS: &str = "/api/v2/organizations/platform/ssh-keys";
const GPG_KEYS: &str = "/api/registry/private/v2/gpg-keys";

pub(super) fn resources() -> Vec<Resource> {
    vec![ssh_key(), gpg_key()]
}

/// A key whose text is no key; the provider's examples have such ones.
fn ssh_key() -> Resource {
    let new = json!({ "name": "deploy", "value": "private-ssh-key" });
    let named = |name: &str| json!({ "name": name });
    Resource::new(
        "tfe_ssh_key",
        vec![
            Step::create(SSH_KEYS, document("ssh-keys", &new))
                .attributes(&named("deploy"))
                .keep("ssh-key", "/data/id"),
            Step::read("/api/v2/ssh-keys/{ssh-key}").attributes(&named("deploy")),
            Step::update(
                "/api/v2/ssh-keys/{ssh-key}",
                document("ssh-keys", &named("build")),
            )
            .attributes(&named("build")),
            Step::read("/api/v2/ssh-keys/{ssh-key}").attributes(&named("build")),
            // The data source looks through the list.
            Step::import(&format!("{SSH_KEYS}?page%5Bnumber%5D=1"))
                .equal("/data/0/id", json!("{ssh-key}"))
                .equal("/meta/pagination/total-pages", json!(1)),
            Step::destroy("/api/v2/ssh-keys/{ssh-key}"),
            Step::gone("/api/v2/ssh-keys/{ssh-key}"),
        ],
    )
}

/// A key with an empty line before and after it, as a heredoc makes them.
fn gpg_key() -> Resource {
    let signer = Signer::rsa();
    let armor = format!("\n{}\n\n", signer.public().trim_end());
    let one = format!("{GPG_KEYS}/platform/{}", signer.id());
    let new = json!({ "namespace": "platform", "ascii-armor": armor });
    let all = json!({
        "namespace": "platform", "ascii-armor": armor, "key-id": signer.id(),
        "source": "", "trust-signature": "", "source-url": null,
    });
    Resource::new(
        "tfe_registry_gpg_key",
        vec![
            Step::create(GPG_KEYS, document("gpg-keys", &new)).attributes(&all),
            Step::read(&one).attributes(&all),
            // A new armor replaces the key, so an update is a change of the namespace to itself.
            Step::update(
                &one,
                document("gpg-keys", &json!({ "namespace": "platform" })),
            )
            .attributes(&all),
            Step::read(&one).attributes(&all),
            Step::import(&one).attributes(&all),
            Step::import(&format!("{GPG_KEYS}?filter%5Bnamespace%5D=platform"))
                .equal("/data/0/attributes/ascii-armor", json!(armor)),
            Step::destroy(&one),
            Step::gone(&one),
        ],
    )
}
