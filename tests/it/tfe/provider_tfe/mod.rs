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
//! | `tokens.rs` | tokens of organizations and teams |
//! | `keys.rs` | SSH keys and GPG keys |
//! | `records.rs` | modules and providers of either registry |

mod keys;
mod organization;
mod people;
mod records;
mod step;
mod tokens;
mod walk;

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
fn the_provider_creates_reads_imports_and_destroys_tokens() {
    let configuration = Configuration::with_organization("platform");
    configuration.walk(&tokens::resources());
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
