//! The JSON:API of Terraform Enterprise and HCP Terraform.

mod lifecycle;
mod registry_modules;
mod samples;
