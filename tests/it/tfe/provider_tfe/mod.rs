//! Sends what the Terraform provider `hashicorp/tfe` sends to create, read, update, import and
//! destroy the resources of a configuration of our own, and compares what it compares: each value
//! that is read back equals what was set. The requests are written as the provider's client makes
//! them.
//!
//! | file | what |
//! |---|---|
//! | `step.rs` | one request of a resource, and what its answer must have |
//! | `walk.rs` | sends the requests of a configuration, one resource after the other |
//! | `organization.rs` | an organization with its settings |
//! | `people.rs` | teams, their members and the memberships that lead to them |
//! | `tokens.rs` | tokens of organizations, teams and users, and for how long they may live |
//! | `keys.rs` | SSH keys and GPG keys |
//! | `records.rs` | modules and providers of either registry |
//! | `projects.rs` | projects with their tags and settings |
//! | `sharing.rs` | with whom an organization shares its modules |

mod keys;
mod organization;
mod people;
mod projects;
mod records;
mod sharing;
mod step;
mod tokens;
mod walk;

use serde_json::{Value, json};

use walk::Configuration;

#[test]
fn the_provider_creates_reads_updates_imports_and_destroys_an_organization() {
    let configuration = Configuration::start();
    configuration.walk(&organization::resources());
}

#[test]
fn the_provider_creates_reads_updates_imports_and_destroys_people_and_teams() {
    let configuration = Configuration::with_organization("platform");
    // The provider puts members into teams who belong to the organization already.
    for username in ["anna", "bert"] {
        configuration.registry.user(username);
        configuration.registry.join("platform", "owners", username);
    }
    configuration.walk(&people::resources());
}

#[test]
fn the_provider_creates_reads_imports_and_destroys_tokens_with_and_without_an_end() {
    let configuration = Configuration::with_organization("platform");
    for end in [Value::Null, json!(tokens::EXPIRED_AT)] {
        configuration.walk(&tokens::resources(&end));
    }
}

#[test]
fn the_provider_creates_reads_updates_imports_and_destroys_keys() {
    let configuration = Configuration::with_organization("platform");
    configuration.walk(&keys::resources());
}

#[test]
fn the_provider_creates_reads_updates_imports_and_destroys_modules_and_providers() {
    let configuration = Configuration::with_organization("platform");
    configuration.walk(&records::resources());
}

#[test]
fn the_provider_creates_reads_updates_imports_and_destroys_projects_with_tags() {
    let configuration = Configuration::with_organization("platform");
    configuration.walk(&projects::resources());
}

#[test]
fn the_provider_shares_modules_reads_with_whom_and_ends_it() {
    let configuration = Configuration::with_organization("platform");
    for name in ["consumer-one", "consumer-two"] {
        configuration.registry.organization(name, false);
    }
    configuration.walk(&sharing::resources());
}
