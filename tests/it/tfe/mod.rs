//! Tests the JSON:API of Terraform Enterprise and HCP Terraform.

mod accounts;
mod administration;
mod audit_configuration;
mod audited_names;
mod census;
mod client_facts;
mod default_project;
mod envelope;
mod go_tfe;
mod invitations;
mod lifecycle;
mod organization_deletion;
mod organizations;
mod projects;
mod provider_tfe;
mod providers;
mod public_modules;
mod real_clients;
mod registry_modules;
mod sample_census;
mod samples;
mod secret_teams;
mod settings;
mod sharing;
mod ssh_keys;
mod tags;
mod teams;
mod token_rules;
mod token_slots;
mod users;

pub(crate) use real_clients::has;
