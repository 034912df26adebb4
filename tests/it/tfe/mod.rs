//! The JSON:API of Terraform Enterprise and HCP Terraform.

mod registry_modules;
mod samples;
