//! Path parameters, parsed into the domain's types before a handler uses them.
//!
//! A text that is not a valid name cannot name anything that exists, so a wing answers [`NotAName`]
//! with its ordinary 404 (or 401, for callers without a token).

use std::borrow::Cow;

use actix_web::HttpRequest;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::domain::{ModuleAddress, ModuleVersionAddress, Version};

/// The error for a path parameter that does not match the grammar of its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAName;

/// The parameters of `/{namespace}/{name}/{system}`, as sent.
#[derive(Debug, Deserialize)]
pub struct ModulePath {
    namespace: String,
    name: String,
    system: String,
}

impl ModulePath {
    /// Parses the address of the module.
    pub fn address(&self) -> Result<ModuleAddress, NotAName> {
        address(&self.namespace, &self.name, &self.system)
    }
}

/// Parses the system in lower case, which all systems are written in.
fn address(namespace: &str, name: &str, system: &str) -> Result<ModuleAddress, NotAName> {
    Ok(ModuleAddress {
        namespace: namespace.parse().map_err(|_| NotAName)?,
        name: name.parse().map_err(|_| NotAName)?,
        system: system.to_ascii_lowercase().parse().map_err(|_| NotAName)?,
    })
}

/// The parameters of `/{namespace}/{name}/{system}/{version}`, as sent.
#[derive(Debug, Deserialize)]
pub struct ModuleVersionPath {
    namespace: String,
    name: String,
    system: String,
    version: String,
}

/// Returns the module that the path of a request names, and the version if it names one.
pub fn named(request: &HttpRequest) -> Result<(ModuleAddress, Option<Version>), NotAName> {
    let part = |name| parameter(request, name)?.ok_or(NotAName);
    let module = address(&part("namespace")?, &part("name")?, &part("system")?)?;
    let version = parameter(request, "version")?.map(|version| version.parse());
    Ok((module, version.transpose().map_err(|_| NotAName)?))
}

/// Returns a parameter of a path; `None` if the path has none of this name.
fn parameter<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<Cow<'a, str>>, NotAName> {
    let sent = request.match_info().get(name);
    let decoded = sent.map(|text| percent_decode_str(text).decode_utf8());
    decoded.transpose().map_err(|_| NotAName)
}

impl ModuleVersionPath {
    /// Parses the address and the version.
    pub fn address(&self) -> Result<ModuleVersionAddress, NotAName> {
        let version: Version = self.version.parse().map_err(|_| NotAName)?;
        let module = address(&self.namespace, &self.name, &self.system)?;
        Ok(ModuleVersionAddress { module, version })
    }
}
