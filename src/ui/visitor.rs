//! The visitor of a page: a user with a session, or nobody. Tokens are ignored here.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use askama::Template;
use futures_util::future::LocalBoxFuture;

use super::problem::{FormFault, Problem};
use super::views::{AccountLinks, PageShell};
use crate::auth::{Caller, SessionSecret, TokenFault};
use crate::http::admission::Admission;
use crate::http::form_body::Form;
use crate::http::{App, cookie, form_body, origin};
use crate::registry::Error;

/// The cookie of a session.
pub(super) const SESSION: &str = "terrakeep";

/// The field of each form that proves that this site created it.
pub(super) const FORM_TOKEN: &str = "csrf";

/// The visitor of a page.
pub(super) struct Visitor {
    /// The visitor's rights.
    pub(super) caller: Caller,
    /// The secret of the session; `None` without a valid one.
    pub(super) secret: Option<SessionSecret>,
    address: String,
    /// The path where the page can be requested again; `/` for the answer to a form.
    here: String,
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(visitor(&request).await?) })
    }
}

/// Finds the visitor of a request; a session is looked up off the async threads.
async fn visitor(request: &HttpRequest) -> Result<Visitor, Error> {
    let address = request
        .uri()
        .path_and_query()
        .map_or_else(String::new, |address| address.as_str().to_owned());
    let nobody = Visitor {
        caller: Caller::Anonymous(TokenFault::Missing),
        secret: None,
        here: if request.method().is_safe() {
            address.clone()
        } else {
            "/".to_owned()
        },
        address,
    };
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Ok(nobody);
    };
    let name = cookie::name(SESSION, is_https(request));
    let Some(secret) = cookie::value(request, &name).and_then(SessionSecret::parse) else {
        return Ok(nobody);
    };
    let (caller, secret) = app
        .run(move |registry| Ok((registry.session_caller(&secret)?, secret)))
        .await?;
    let secret = caller.is_authenticated().then_some(secret);
    Ok(Visitor {
        caller,
        secret,
        ..nobody
    })
}

/// Renders the links that depend on who is signed in, for pages about errors, which are made without
/// a visitor.
pub(super) fn account_links(request: HttpRequest) -> LocalBoxFuture<'static, String> {
    Box::pin(async move {
        // An error page is shown also where no session can be looked up.
        let shell = match visitor(&request).await {
            Ok(visitor) => visitor.shell(),
            Err(_) => PageShell::plain(),
        };
        AccountLinks { shell }.render().unwrap_or_default()
    })
}

/// Returns whether users reach the site by HTTPS.
pub(super) fn is_https(request: &HttpRequest) -> bool {
    let admission = request.app_data::<web::Data<Admission>>();
    admission.is_some_and(|admission| admission.is_https())
}

impl Visitor {
    /// Returns the frame of the visitor's pages.
    pub(super) fn shell(&self) -> PageShell {
        let (user, site_admin) = match &self.caller {
            Caller::Token(holder) => (Some(holder.name.clone()), holder.site_admin),
            Caller::Anonymous(_) | Caller::Operator => (None, false),
        };
        let secret = self.secret.as_ref();
        PageShell {
            user,
            site_admin,
            here: self.here.clone(),
            csrf: secret
                .map(|secret| secret.form_token(&self.address))
                .unwrap_or_default(),
            ..PageShell::plain()
        }
    }

    /// Sends visitors without a session to the sign-in page, and then back here.
    pub(super) fn require_sign_in(&self) -> Result<(), Problem> {
        match &self.secret {
            Some(_) => Ok(()),
            None => Err(Problem::SignIn {
                next: self.address.clone(),
            }),
        }
    }

    /// Reads the fields of a form that a page of this site made for this session.
    pub(super) async fn form(
        &self,
        app: &App,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Result<Form, Problem> {
        self.check_same_origin(app, request)?;
        let form = form_body::fields(app, request, payload).await?;
        self.check_form_token(form.raw(FORM_TOKEN))?;
        Ok(form)
    }

    /// Refuses a form of another site's page, or without a session, before it is read.
    pub(super) fn check_same_origin(
        &self,
        app: &App,
        request: &HttpRequest,
    ) -> Result<(), Problem> {
        if !origin::is_own(request, app.public_url()) {
            return Err(FormFault::Origin.into());
        }
        if self.secret.is_none() {
            return Err(FormFault::Session.into());
        }
        Ok(())
    }

    /// Refuses a form whose token was not made for this session.
    pub(super) fn check_form_token(&self, token: &str) -> Result<(), Problem> {
        match &self.secret {
            Some(secret) if secret.verifies_form_token(token) => Ok(()),
            Some(_) => Err(FormFault::Token.into()),
            None => Err(FormFault::Session.into()),
        }
    }
}
