//! Request body → the fields of a form, within its limits of size and time.

use std::fmt::Display;
use std::str::FromStr;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, web};
use tokio::time::timeout;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::App;
use super::json_body::gather;
use crate::registry::Error;

/// The largest form, in bytes; far beyond what any form of this site sends.
const LIMIT_BYTES: usize = 16 * 1024;

const MOST_FIELDS: usize = 64;

/// The fields of a form. They have no `Debug` that shows them: one may be a password.
#[derive(Default)]
pub struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Adds a field.
    pub fn add(&mut self, name: String, value: String) {
        self.0.push((name, Zeroizing::new(value)));
    }

    /// Returns a field without surrounding spaces; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// Returns a field exactly as it was typed; empty if it was not sent.
    pub fn raw(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find_map(|(found, value)| (found == name).then_some(value.as_str()))
            .unwrap_or_default()
    }

    /// Parses a field, without surrounding spaces.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &'static str) -> Result<T, Error> {
        let value = self.text(name).parse();
        value.map_err(|error: T::Err| Error::invalid(name, error))
    }

    /// Like [`Self::parsed`], but an empty field gives `None`.
    pub fn parsed_if_given<T: FromStr<Err: Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        match self.text(name) {
            "" => Ok(None),
            _ => self.parsed(name).map(Some),
        }
    }

    /// Returns a field that may be there once; `None` if it is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] if it is there more than once.
    pub fn single(&self, name: &str) -> Result<Option<&str>, Error> {
        let mut values = self.0.iter().filter(|(found, _)| found == name);
        let first = values.next().map(|(_, value)| value.as_str());
        match values.next() {
            None => Ok(first),
            Some(_) => Err(Error::Malformed(format!(
                "the field `{name}` is there more than once"
            ))),
        }
    }

    /// Returns whether a checkbox is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(found, _)| found == name)
    }
}

/// Reads the body of a form without files.
///
/// # Errors
///
/// [`Error::Invalid`] for another content type; otherwise those of a JSON body.
pub async fn fields(
    app: &App,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Form, Error> {
    let content_type = request.headers().get(CONTENT_TYPE);
    let is_form = content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Error::invalid("body", "a form is expected here"));
    }
    let body = timeout(
        app.limits().body_grace,
        gather(payload, LIMIT_BYTES, app.json_room()),
    );
    let body = body
        .await
        .map_err(|_| Error::Incomplete("it arrived too slowly".to_owned()))??;
    let mut form = Form::default();
    for (name, value) in form_urlencoded::parse(&body.bytes).take(MOST_FIELDS) {
        form.add(name.into_owned(), value.into_owned());
    }
    Ok(form)
}
