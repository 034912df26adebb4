//! Tests the pages in a real browser: headless Chromium, which the scripts of `tests/browser/`
//! drive.
//!
//! Each test starts a registry, gives a script what to do, and judges what the script found.

mod contrast;
mod every_form;
mod every_page;
mod graph;
mod payloads;
mod people;
mod reading;
mod sample;
mod screenshots;
mod steps;
mod titles;
mod tools;
mod watching;
