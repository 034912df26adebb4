//! Makes modules with realistic content: for searches, and for pages.

use std::fmt::Write;

use flate2::Compression;

use crate::archives::Builder;
use crate::failure::Failure;

/// Makes a small module about a topic, with the inputs, outputs and resources that such modules
/// have.
pub(crate) fn about(thing: &str, mark: u32) -> Result<Vec<u8>, Failure> {
    let mut archive = Builder::new(Compression::fast());
    let resource = thing.replace('-', "_");
    let mut main = format!("resource \"aws_{resource}\" \"this\" {{}}\n");
    for (number, input) in INPUTS.iter().enumerate() {
        // Each module has about half of the inputs, and some of its own.
        if (mark >> (number % 16)) & 1 == 1 {
            write!(main, "variable \"{input}\" {{\n  default = {mark}\n}}\n")?;
            write!(main, "output \"{resource}_{input}\" {{\n  value = 1\n}}\n")?;
        }
    }
    archive.file("main.tf", main.as_bytes())?;
    let readme = format!(
        "# Terraform module for {thing}\n\nSets up {thing} number {mark} with logging, metrics \
         and encryption, as every team needs it.\n"
    );
    archive.file("README.md", readme.as_bytes())?;
    archive.finish()
}

/// Makes a module with 236 inputs, 119 outputs and 79 resources, as the largest real ones have.
pub(crate) fn detailed() -> Result<Vec<u8>, Failure> {
    let mut archive = Builder::new(Compression::default());
    let mut variables = String::new();
    for number in 0..236 {
        write!(
            variables,
            "variable \"input_{number}\" {{\n  description = \"What the thing number {number} \
             of this module is made of, and how\"\n  type        = map(string)\n  default     = \
             {{}}\n}}\n"
        )?;
    }
    let mut outputs = String::new();
    for number in 0..119 {
        write!(
            outputs,
            "output \"output_{number}\" {{\n  description = \"The ID of the thing number \
             {number}\"\n  value       = aws_thing.this_{}.id\n}}\n",
            number % 79
        )?;
    }
    let mut main = String::new();
    for number in 0..79 {
        write!(
            main,
            "resource \"aws_thing\" \"this_{number}\" {{\n  tags = var.input_{number}\n}}\n"
        )?;
    }
    let readme = "A paragraph about this module with `code` and a [link](main.tf).\n\n".repeat(300);
    archive.file("main.tf", main.as_bytes())?;
    archive.file("outputs.tf", outputs.as_bytes())?;
    archive.file("variables.tf", variables.as_bytes())?;
    archive.file("README.md", format!("# Detailed\n\n{readme}").as_bytes())?;
    archive.finish()
}

const INPUTS: [&str; 16] = [
    "name",
    "tags",
    "kms_key_arn",
    "vpc_id",
    "subnet_ids",
    "force_destroy",
    "retention_in_days",
    "instance_type",
    "allowed_cidr_blocks",
    "backup_window",
    "zone_id",
    "certificate_arn",
    "health_check_path",
    "log_group_name",
    "engine_version",
    "enable_nat",
];
