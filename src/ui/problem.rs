//! Error → a page that says what happened and what to do.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use askama::Template;
use url::form_urlencoded;

use super::views::{PageShell, ProblemPage};
use crate::http::{page, status};
use crate::registry::{Error, Kind};

/// What a handler of this wing returns instead of a page.
#[derive(Debug)]
pub enum Problem {
    /// The registry says no.
    Error(Error),
    /// Somebody has to sign in first.
    SignIn {
        /// Where they wanted to go.
        next: String,
    },
    /// A form is not one of ours.
    Form(FormFault),
}

/// Why a form is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// The browser does not say that a page of this site sent it.
    #[error("the form was not sent by a page of this registry, so nothing was done")]
    Origin,
    /// There is no session.
    #[error("you are not signed in any more, so nothing was done; sign in and send the form again")]
    Session,
    /// It carries no token of this session.
    #[error("the form is out of date, so nothing was done; load the page again and repeat it")]
    Token,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<FormFault> for Problem {
    fn from(fault: FormFault) -> Self {
        Self::Form(fault)
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::Error(Error::internal(error))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::SignIn { .. } => f.write_str("sign in first"),
            Self::Form(fault) => fault.fmt(f),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Error(error) => status::code(error.kind()),
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Form(_) => StatusCode::FORBIDDEN,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::SignIn { next } => sign_in(next),
            // Rights are asked for with a session only, so this is one that has just ended.
            Self::Error(Error::Unauthenticated(_)) => sign_in("/"),
            Self::Error(error) => shown(
                &mut status::begin(error),
                title(error.kind()),
                &sentence(error),
            ),
            Self::Form(fault) => {
                let mut answer = HttpResponse::Forbidden();
                shown(&mut answer, "This form was not taken", &sentence(fault))
            }
        }
    }
}

fn sign_in(next: &str) -> HttpResponse {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    redirect(&format!("/login?{query}"))
}

/// Sends the browser on, with `GET`.
pub(super) fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, to))
        .insert_header(("cache-control", "no-store"))
        .finish()
}

/// An error as a sentence of its own.
pub(super) fn sentence(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn shown(answer: &mut HttpResponseBuilder, title: &str, message: &str) -> HttpResponse {
    let page = ProblemPage {
        shell: PageShell::plain(),
        title,
        message,
        request_id: page::REQUEST_ID,
    };
    match page.render() {
        Ok(html) => page::put(answer, html),
        Err(_) => answer.body(message.to_owned()),
    }
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Unauthenticated => "Sign in first",
        Kind::Forbidden => "You may not do this",
        Kind::NotFound => "Not found",
        Kind::Invalid => "Something has to be corrected",
        Kind::Conflict => "Something stands in the way",
        Kind::TooLarge => "Too large",
        Kind::Incomplete => "Not everything arrived",
        Kind::TooManyRequests => "Too many requests",
        Kind::Unavailable | Kind::NoSpace => "Not possible at the moment",
        Kind::Internal => "Something went wrong",
    }
}
