//! Tests the transfer size of pages: less than 100 kB, also for a large module.

use std::fmt::Write;

use super::browser::Browser;
use crate::builders::archive;
use crate::harness::Appliance;
use crate::publish::real_modules::real_modules;

const MOST: usize = 100_000;

/// Makes a module that is larger than the largest ones in use: 400 inputs, 200 outputs, 200
/// resources, and a README of 60 kB.
fn large() -> Vec<u8> {
    let (mut main, mut readme) = (String::new(), "# Large\n\n".to_owned());
    for number in 0..400 {
        let what = number * 7919 % 1009;
        writeln!(
            main,
            "variable \"setting_{what}_{number}\" {{\n  description = \"Whether the part {what} \
             of the network {number} is made, and how.\"\n  type = object({{ a = string, \
             b_{what} = optional(list(string), []) }})\n}}"
        )
        .expect("text");
        if number < 200 {
            writeln!(
                main,
                "resource \"aws_part_{what}\" \"this_{number}\" {{\n  name = \
                 var.setting_{what}_{number}.a\n}}\noutput \"part_{number}\" {{\n  description = \
                 \"The part {what}.\"\n  value = aws_part_{what}.this_{number}.id\n}}"
            )
            .expect("text");
        }
        writeln!(
            readme,
            "## Part {number}\n\nIt has the setting `setting_{what}_{number}`, of which [the \
             source](main.tf) says more, and {what} uses.\n"
        )
        .expect("text");
    }
    archive(&[("main.tf", &main), ("README.md", &readme)])
}

#[test]
fn pages_of_large_modules_are_sent_small() {
    let registry = Appliance::start();
    registry.publish("acme/large/aws", "1.0.0", large());
    let mut bases = vec!["/modules/acme/large/aws/1.0.0".to_owned()];
    for real in real_modules() {
        registry.publish(&real.address, &real.version, real.archive);
        bases.push(format!("/modules/{}/{}", real.address, real.version));
    }
    let browser = Browser::of(&registry, "admin");
    for base in bases {
        for tab in [
            "",
            "/inputs",
            "/outputs",
            "/resources",
            "/dependencies",
            "/graph",
            "/files",
        ] {
            let path = format!("{base}{tab}");
            let request = browser.request("GET", &path);
            let answer = request.header("accept-encoding", "gzip").send();
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), 200, "{path}");
            assert_eq!(answer.headers()["content-encoding"], "gzip", "{path}");
            let weight = answer.bytes().expect("a body").len();
            assert!(weight < MOST, "{path}: {weight} bytes");
        }
    }
}
