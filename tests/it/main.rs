//! All tests that use the program from outside, in one test binary that links once.

#![cfg(test)]
#![expect(
    clippy::too_many_lines,
    reason = "a test tells one story from its beginning to its end"
)]

mod answers;
mod architecture;
mod async_calls;
mod backups;
mod binary;
mod browser;
mod budgets;
mod builders;
mod clients;
mod clock;
mod command_line;
mod config;
mod contracts;
mod crash;
mod disk;
mod docs;
mod escalation;
mod failing_calls;
mod harness;
mod idle_connections;
mod left_out;
mod leftovers;
mod listing_commands;
mod login;
mod long_form;
mod manual;
mod module_commands;
mod openapi;
mod packaging;
mod part_lists;
mod protocol;
mod providers;
mod proxies;
mod publish;
mod quickstart;
mod roles;
mod routes;
mod same_answers;
mod shared;
mod slow_clients;
mod slow_disk;
mod storage;
mod terraform;
mod tfe;
mod tidy;
mod tls;
mod truth;
mod ui;
mod verifying;
mod way_in;
mod words;
#[path = "../../src/core/archive/zip/test_zip.rs"]
mod zips;
