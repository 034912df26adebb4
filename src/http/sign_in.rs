//! Checking a password for a request: the one way for all wings, so that the same limits hold
//! everywhere.

use actix_web::{HttpRequest, web};

use super::App;
use super::admission::Admission;
use super::hash_queue::Line;
use crate::domain::{User, Username};
use crate::registry::Error;
use crate::registry::commands::Password;

/// Returns the user with this name and password.
///
/// The limits come first, and cost nothing; then the request waits for its turn; then the hash is
/// computed.
///
/// # Errors
///
/// [`Error::WrongPassword`] if the name or the password is wrong, [`Error::TooManyRequests`] after
/// too many failures, and [`Error::Unavailable`] if too many requests wait.
pub async fn check_password(
    app: &App,
    admission: &web::Data<Admission>,
    request: &HttpRequest,
    username: Username,
    password: Password,
) -> Result<User, Error> {
    let network = admission.network(request);
    let attempt = app.registry.begin_sign_in(&username, network)?;
    let is_own = attempt.is_from_own_network();
    let turn = app.hash_turn(Line { network, is_own }).await?;
    app.run(move |registry| {
        // The turn ends when the hash is computed, even if the client hangs up before.
        let _turn = turn;
        registry.check_password(attempt, &username, password.reveal())
    })
    .await
}
