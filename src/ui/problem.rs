//! Error → a page that says what happened and what the visitor can do.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use askama::Template;
use url::form_urlencoded;

use super::views::{PageShell, ProblemPage};
use super::visitor::account_links;
use crate::domain::LoginRequestError;
use crate::http::path::NotAName;
use crate::http::{page, status};
use crate::registry::{Error, Kind};

/// The error type of this wing's handlers.
#[derive(Debug)]
pub enum Problem {
    /// The registry returned an error.
    Error(Error),
    /// The visitor has to sign in first.
    SignIn {
        /// The path to return to afterwards.
        next: String,
    },
    /// A form was refused.
    Form(FormFault),
    /// A program asks to sign in, and it must not be led on.
    Login(LoginRequestError),
}

/// The reason why a form is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// The browser does not say that a page of this site sent it.
    #[error("the form was not sent by a page of this registry, so nothing was done")]
    Origin,
    /// The visitor has no session.
    #[error("you are not signed in any more, so nothing was done; sign in and send the form again")]
    Session,
    /// The form carries no token of this session.
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

impl From<LoginRequestError> for Problem {
    fn from(error: LoginRequestError) -> Self {
        Self::Login(error)
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
            Self::Login(error) => error.fmt(f),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Error(error) => status::code(error.kind()),
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Form(_) => StatusCode::FORBIDDEN,
            Self::Login(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::SignIn { next } => sign_in(next),
            // Pages check rights only with a session, so this session has just ended.
            Self::Error(Error::Unauthenticated(_)) => sign_in("/"),
            Self::Error(error) => {
                let offer = if error.kind() == Kind::Forbidden {
                    "Sign in as somebody else"
                } else {
                    ""
                };
                let html = html(&title(error), &sentence(error), offer, page::ACCOUNT);
                answer_with(&mut status::begin(error), html, error)
            }
            Self::Form(fault) => {
                let offer = match fault {
                    FormFault::Session => "Sign in",
                    FormFault::Origin | FormFault::Token => "",
                };
                let title = "This form was not accepted";
                let html = html(title, &sentence(fault), offer, page::ACCOUNT);
                answer_with(&mut HttpResponse::Forbidden(), html, fault)
            }
            Self::Login(error) => {
                let title = "No program can sign in this way";
                let html = html(title, &sentence(error), "", page::ACCOUNT);
                answer_with(&mut HttpResponse::BadRequest(), html, error)
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

/// Redirects the browser, which then uses `GET`.
pub(super) fn redirect(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, to))
        .insert_header(("cache-control", "no-store"))
        .finish()
}

/// Returns the answer for a path whose names are not valid: the same as for a missing module.
pub(super) fn no_module(_: NotAName) -> Problem {
    Error::NotFound("the module".to_owned()).into()
}

/// Answers with a page with a form; the status is that of the error, if the form was refused.
pub(super) fn form_page(html: String, refused: Option<&Error>) -> HttpResponse {
    let status = refused.map_or(StatusCode::OK, |error| status::code(error.kind()));
    page::answer(status, html)
}

/// Formats an error as a sentence.
pub(super) fn sentence(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Returns the page for a request that admission refused; `None` if it cannot be rendered.
pub fn refusal_page(reason: &str) -> Option<String> {
    // Nobody asks the registry who sent a request that it was not let in for.
    let links = "<li><a href=\"/settings\">Account</a></li>";
    html("This request was refused", &sentence(&reason), "", links)
}

/// Renders the page about a problem; `offer` is the text of the sign-in link, empty for none, and
/// `account` the HTML of the links that depend on who is signed in.
fn html(title: &str, message: &str, offer: &str, account: &str) -> Option<String> {
    let page = ProblemPage {
        shell: PageShell::plain(),
        title,
        message,
        offer,
        here: page::HERE,
        account,
        request_id: page::REQUEST_ID,
    };
    page.render().ok()
}

fn answer_with(
    answer: &mut HttpResponseBuilder,
    html: Option<String>,
    message: &impl fmt::Display,
) -> HttpResponse {
    match html {
        Some(html) => page::put_for_anybody(answer, html, account_links),
        None => answer.body(message.to_string()),
    }
}

fn title(error: &Error) -> String {
    let title = match error.kind() {
        Kind::Unauthenticated => "Sign in first",
        Kind::Forbidden => "Not allowed",
        Kind::NotFound => return not_found(error),
        Kind::Invalid => "Something has to be corrected",
        Kind::Conflict => "This conflicts with what exists",
        Kind::TooLarge => "Too large",
        Kind::Incomplete => "The upload is incomplete",
        Kind::TooManyRequests => "Too many requests",
        Kind::OverBudget => "More than the organization may store",
        Kind::Unavailable | Kind::NoSpace => "Not possible at the moment",
        Kind::Internal => "Something went wrong",
    };
    title.to_owned()
}

/// Returns the title of the page about what is missing, such as `Module not found`.
fn not_found(error: &Error) -> String {
    let what = if let Error::NotFound(what) = error {
        what.as_str()
    } else {
        ""
    };
    // Titles name the kind of thing; the message below has its name.
    let kind = what.split('`').next().unwrap_or_default().trim();
    let kind = kind.strip_prefix("the ").unwrap_or(kind);
    let mut letters = kind.chars();
    match letters.next() {
        Some(first) => format!("{}{} not found", first.to_uppercase(), letters.as_str()),
        None => "Not found".to_owned(),
    }
}
