//! Extractors for handlers: each takes the caller and everything else that a handler needs out of a
//! request.

use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::Problem;
use super::body::{self, Nothing, OneOrList, RequestAttributes};
use crate::auth::{Action, AdministerSite, Caller, Grant};
use crate::domain::Organization;
use crate::http::caller::{WithCaller, with_caller};
use crate::http::path::NotAName;
use crate::http::{App, json_body};
use crate::registry::{Error, Kind, Registry};

/// A call of this API: the program, the caller and the request.
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

    /// Runs an operation whose result depends on the caller, off the async threads.
    pub(crate) async fn run_as_caller<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&Registry, &Caller) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let caller = self.caller.clone();
        self.app
            .run(move |registry| operation(registry, &caller))
            .await
    }

    /// Returns a grant for `A` in an organization, if the caller has the right.
    pub(crate) fn grant<A: Action>(&self, organization: &str) -> Result<Grant<A>, Error> {
        self.app.registry.grant(&self.caller, organization)
    }

    /// Refuses callers without a valid token.
    pub(crate) fn require_authenticated(&self) -> Result<(), Error> {
        self.app.registry.require_authenticated(&self.caller)
    }

    /// Grants the right to administer the registry. Callers with a valid token and without this
    /// right get [`Error::NotFound`], as if the address did not exist
    /// (`tests/fixtures/contracts/administration.toml#hidden`).
    pub(crate) fn administrator(&self) -> Result<Grant<AdministerSite>, Error> {
        self.app.registry.site_grant(&self.caller).map_err(|error| {
            if error.kind() == Kind::Forbidden {
                let what = "this address for anybody but administrators of the registry";
                return Error::NotFound(what.to_owned());
            }
            error
        })
    }

    /// Returns whether the caller administers the registry.
    pub(crate) fn administers(&self) -> bool {
        self.app.registry.site_grant(&self.caller).is_ok()
    }

    /// Reads a body of any shape.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        payload: web::Payload,
    ) -> Result<T, Error> {
        json_body::document(&self.app, payload).await
    }

    /// Reads a body and returns the attributes of its resource.
    pub(crate) async fn attributes<A: RequestAttributes>(
        &self,
        payload: web::Payload,
    ) -> Result<A, Problem> {
        let (attributes, Nothing {}) = self.resource(payload).await?;
        Ok(attributes)
    }

    /// Reads a body and returns the attributes and the relationships of its resource.
    pub(crate) async fn resource<A, R>(&self, payload: web::Payload) -> Result<(A, R), Problem>
    where
        A: RequestAttributes,
        R: DeserializeOwned + Default,
    {
        body::parse_resource(self.read(payload).await?)
    }

    /// Reads a body whose `data` is one resource, or a list of others.
    pub(crate) async fn one_or_list<A, I>(
        &self,
        payload: web::Payload,
    ) -> Result<OneOrList<A, I>, Problem>
    where
        A: RequestAttributes,
        I: RequestAttributes,
    {
        body::parse_one_or_list(self.read(payload).await?)
    }

    /// Reads the attributes of a body that may be absent or `null`; both give the default
    /// attributes.
    pub(crate) async fn attributes_if_any<A: RequestAttributes + Default>(
        &self,
        payload: web::Payload,
    ) -> Result<A, Problem> {
        body::parse_resource_if_any(json_body::document_if_any(&self.app, payload).await?)
    }

    /// Returns the function that turns a malformed name in a path into an error: the same error as
    /// for a name of something that does not exist, or a 401 for callers without a valid token.
    pub(crate) fn unseen(&self) -> impl FnOnce(NotAName) -> Problem + use<> {
        let refused = self.require_authenticated().err();
        |_| Problem::from(refused.unwrap_or_else(|| Error::NotFound("the module".to_owned())))
    }

    /// Returns the absolute address that was called, with its query but without the parameters
    /// that choose a page: the address of a list, to which those of each page are added.
    pub(crate) fn list_address(&self) -> String {
        let path = format!("{}{}", self.app.public_url(), self.request.path());
        let query = without_page(self.request.query_string());
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }
}

/// Returns a query without `page[number]` and `page[size]`.
fn without_page(query: &str) -> String {
    let all = form_urlencoded::parse(query.as_bytes());
    let kept = all.filter(|(name, _)| !matches!(&**name, "page[number]" | "page[size]"));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish()
}

impl FromRequest for Call {
    type Error = actix_web::Error;
    type Future = WithCaller<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        with_caller(request, call)
    }
}

fn call(request: &HttpRequest, caller: Caller) -> Result<Call, actix_web::Error> {
    Ok(Call {
        app: web::Data::extract(request).into_inner()?,
        caller,
        request: request.clone(),
    })
}

/// An id by which a path names a resource.
pub(crate) trait ResourceId: FromStr + 'static {
    /// The word for the resource in errors, such as the `team` in "the team `team-…`".
    const RESOURCE: &'static str;
}

/// A call by somebody with a valid token, and the id in its path.
///
/// Both are checked before the handler runs: without a valid token the response is 401, and for a
/// text that is not an id it is 404.
#[derive(Debug)]
pub(crate) struct ById<T>(pub(crate) Call, pub(crate) T);

impl<T: ResourceId> FromRequest for ById<T> {
    type Error = actix_web::Error;
    type Future = WithCaller<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        with_caller(request, by_id)
    }
}

fn by_id<T: ResourceId>(
    request: &HttpRequest,
    caller: Caller,
) -> Result<ById<T>, actix_web::Error> {
    let text = web::Path::<String>::extract(request).into_inner()?;
    let call = call(request, caller)?;
    call.require_authenticated().map_err(Problem::from)?;
    let id = parse_id(&text).map_err(Problem::from)?;
    Ok(ById(call, id))
}

/// Parses an id. A text that is not an id gives [`Error::NotFound`].
pub(crate) fn parse_id<T: ResourceId>(text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the {} `{text}`", T::RESOURCE)))
}

/// Returns the organization that a grant is about.
pub(crate) fn organization_of<A: Action>(grant: &Grant<A>) -> Result<Organization, Error> {
    let organization = grant.organization().cloned();
    organization.ok_or_else(|| Error::NotFound("the organization".to_owned()))
}

/// A call by an administrator of the registry, with the right to administer it. Other callers are
/// refused before the handler runs: with 401 without a valid token, otherwise with 404.
#[derive(Debug)]
pub(crate) struct ByAdministrator(pub(crate) Call, pub(crate) Grant<AdministerSite>);

impl FromRequest for ByAdministrator {
    type Error = actix_web::Error;
    type Future = WithCaller<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        with_caller(request, by_administrator)
    }
}

fn by_administrator(
    request: &HttpRequest,
    caller: Caller,
) -> Result<ByAdministrator, actix_web::Error> {
    let call = call(request, caller)?;
    let grant = call.administrator().map_err(Problem::from)?;
    Ok(ByAdministrator(call, grant))
}
