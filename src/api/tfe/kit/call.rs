//! Who calls, and what every handler needs beside: taken out of a request in one piece.

use std::fmt::Display;
use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::{BASE, Body, OptionalBody, Problem};
use crate::auth::{Action, AdministerSite, Caller, Grant};
use crate::domain::Organization;
use crate::http::path::NotAName;
use crate::http::{App, RequestCaller, json_body};
use crate::registry::{Error, Kind, Registry};

/// One call of this API.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) app: web::Data<App>,
    pub(crate) caller: Caller,
    pub(crate) request: HttpRequest,
}

impl Call {
    /// Runs an operation of the registry off the async threads.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.app.run(operation).await
    }

    /// Runs an operation that decides by the caller what it does, off the async threads.
    pub(crate) async fn run_as_caller<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let caller = self.caller.clone();
        self.app
            .run(move |registry| operation(registry, &caller))
            .await
    }

    /// Asks whether the caller may do `A` in an organization.
    pub(crate) fn grant<A: Action>(&self, organization: &str) -> Result<Grant<A>, Error> {
        self.app.registry.grant(&self.caller, organization)
    }

    /// Asks whether the caller has a valid token.
    pub(crate) fn require_authenticated(&self) -> Result<(), Error> {
        self.app.registry.require_authenticated(&self.caller)
    }

    /// Asks for the right to administer the registry. To whoever has a valid token without it, the
    /// endpoints that need it are not there (`tests/fixtures/contracts/administration.toml#hidden`).
    pub(crate) fn administrator(&self) -> Result<Grant<AdministerSite>, Error> {
        self.app.registry.site_grant(&self.caller).map_err(|error| {
            if error.kind() == Kind::Forbidden {
                let what = "this address for anybody but administrators of the registry";
                return Error::NotFound(what.to_owned());
            }
            error
        })
    }

    /// Whether the caller may create organizations.
    pub(crate) fn creates_organizations(&self) -> bool {
        self.app.registry.site_grant(&self.caller).is_ok()
    }

    /// Reads a body of any shape.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        payload: web::Payload,
    ) -> Result<T, Error> {
        json_body::document(&self.app, payload).await
    }

    /// Reads a body and gives the attributes of its resource.
    pub(crate) async fn attributes<A: DeserializeOwned>(
        &self,
        payload: web::Payload,
    ) -> Result<A, Error> {
        Ok(self.read::<Body<A>>(payload).await?.attributes())
    }

    /// Reads the attributes of a body that may be left out, or be `null`.
    pub(crate) async fn attributes_if_any<A: DeserializeOwned + Default>(
        &self,
        payload: web::Payload,
    ) -> Result<A, Error> {
        let body: OptionalBody<A> = json_body::document_if_any(&self.app, payload).await?;
        Ok(body.attributes())
    }

    /// The answer to a path that can name nothing: the same as to one that names nothing.
    pub(crate) fn unseen(&self) -> impl FnOnce(NotAName) -> Problem + use<> {
        let refused = self.require_authenticated().err();
        |_| Problem::from(refused.unwrap_or_else(|| Error::NotFound("the module".to_owned())))
    }

    /// The absolute address of what lies at `path` below this API.
    pub(crate) fn address(&self, path: impl Display) -> String {
        format!("{}{BASE}{path}", self.app.public_url())
    }

    /// The absolute address that was called, without its query.
    pub(crate) fn own_address(&self) -> String {
        format!("{}{}", self.app.public_url(), self.request.path())
    }
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(call(request, payload))
    }
}

fn call(request: &HttpRequest, payload: &mut Payload) -> Result<Call, actix_web::Error> {
    Ok(Call {
        app: web::Data::extract(request).into_inner()?,
        caller: RequestCaller::from_request(request, payload)
            .into_inner()?
            .0,
        request: request.clone(),
    })
}

/// An id by which a path names a resource.
pub(crate) trait ResourceId: FromStr + 'static {
    /// What has such an id, as in "the team `team-…`".
    const RESOURCE: &'static str;
}

/// A call by somebody with a valid token, and the id in its path.
///
/// Both are looked at before the handler runs: without a valid token the answer is 401, and a text
/// that is no id names nothing, so the answer is 404.
#[derive(Debug)]
pub(crate) struct ById<T>(pub(crate) Call, pub(crate) T);

impl<T: ResourceId> FromRequest for ById<T> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(by_id(request, payload))
    }
}

fn by_id<T: ResourceId>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<ById<T>, actix_web::Error> {
    let text = web::Path::<String>::from_request(request, payload).into_inner()?;
    let call = call(request, payload)?;
    call.require_authenticated().map_err(Problem::from)?;
    let id = parse_id(&text).map_err(Problem::from)?;
    Ok(ById(call, id))
}

/// The id that a text is; one that is none names nothing.
pub(crate) fn parse_id<T: ResourceId>(text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the {} `{text}`", T::RESOURCE)))
}

/// The organization that a grant is about.
pub(crate) fn organization_of<A: Action>(grant: &Grant<A>) -> Result<Organization, Error> {
    let organization = grant.organization().cloned();
    organization.ok_or_else(|| Error::NotFound("the organization".to_owned()))
}

/// A call by an administrator of the registry, with the right to administer it. Others are answered
/// before the handler runs: 401 without a valid token, otherwise 404.
#[derive(Debug)]
pub(crate) struct ByAdministrator(pub(crate) Call, pub(crate) Grant<AdministerSite>);

impl FromRequest for ByAdministrator {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(by_administrator(request, payload))
    }
}

fn by_administrator(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<ByAdministrator, actix_web::Error> {
    let call = call(request, payload)?;
    let grant = call.administrator().map_err(Problem::from)?;
    Ok(ByAdministrator(call, grant))
}
