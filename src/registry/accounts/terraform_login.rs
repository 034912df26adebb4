//! `terraform login`: a user says yes in the browser, and the program that asked gets a token of
//! theirs for a code that the browser brings it.

use super::tokens::{NewToken, TokenEnd};
use crate::auth::{Caller, Credential, SessionSecret, SignInSecret, TokenSecret};
use crate::domain::{
    Actor, ApiToken, LoginCode, LoginCodeState, LoginRequest, LoopbackAddress, SessionId,
    ShortText, Timestamp, TokenId, TokenOwner, TokenScope, UserId,
};
use crate::registry::base::{Error, LoginSettings, Registry};
use crate::storage::tables::{credentials, login_codes, sessions};

/// How long a code may be used, in seconds.
const LIFETIME_SECONDS: i64 = 60;

/// What a user says to a program that asks to sign in.
#[derive(Debug, Clone)]
pub enum LoginAnswer {
    /// The program gets a token of this scope.
    Yes(TokenScope),
    /// It gets none.
    No,
}

/// A code that a program brings back, and what proves that it asked for it.
#[derive(Debug)]
pub struct LoginExchange {
    /// The code.
    pub code: SignInSecret,
    /// The address at which the program waited for it, as it says; `None` if that is no such address.
    pub redirect: Option<LoopbackAddress>,
    /// The secret whose hash is the challenge.
    pub verifier: String,
    /// What the token is for.
    pub description: ShortText,
}

/// Why a code is worth no token. The texts are shown in the terminal as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefusal {
    /// The user refused.
    #[error("you said no in the browser")]
    SaidNo,
    /// Nobody was given this code, or long ago.
    #[error("this code is not known here; run terraform login again")]
    Unknown,
    /// The code is too old.
    #[error("this code is older than {LIFETIME_SECONDS} seconds; run terraform login again")]
    Expired,
    /// Somebody brought the code before. The token that was made for it is revoked.
    #[error("this code was used before; run terraform login again")]
    UsedBefore,
    /// Another program asked for it.
    #[error(
        "this code was asked for with another `code_verifier` or `redirect_uri`; run terraform \
         login again"
    )]
    OtherProgram,
    /// The user has signed out, or may not sign in any more.
    #[error(
        "you have signed out since you said yes, or your account is suspended; sign in and run \
         terraform login again"
    )]
    SignedOut,
}

impl Registry {
    /// Returns how `terraform login` works here.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is switched off.
    pub fn login_settings(&self) -> Result<LoginSettings, Error> {
        let settings = self.settings().login.clone();
        settings.ok_or_else(|| Error::NotFound("the page for `terraform login`".to_owned()))
    }

    /// Returns when a token ends that is made now for `terraform login`.
    pub fn login_token_end(&self, settings: &LoginSettings) -> Timestamp {
        self.now().plus_seconds(settings.lifetime_seconds)
    }

    /// Returns whether the user of a session proved a moment ago who they are.
    pub fn is_fresh_session(&self, secret: &SessionSecret) -> Result<bool, Error> {
        let session = sessions::by_hash(&self.store, &secret.hash())?;
        Ok(session.is_some_and(|session| session.is_fresh(self.now())))
    }

    /// Notes what a user says to a program, and returns the code for it. `proved` says that their
    /// password was checked for this answer.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a token of the scope `admin`, if the user has proved for a while neither
    /// by signing in nor by the password who they are.
    pub fn answer_login(
        &self,
        (caller, secret): (&Caller, &SessionSecret),
        request: LoginRequest,
        answer: &LoginAnswer,
        proved: bool,
    ) -> Result<SignInSecret, Error> {
        let (user, session) = session_of(caller)?;
        let (scope, state, action) = match answer {
            LoginAnswer::Yes(scope) => (*scope, LoginCodeState::Allowed, "allow terraform login"),
            LoginAnswer::No => (
                TokenScope::Read,
                LoginCodeState::Refused,
                "refuse terraform login",
            ),
        };
        if scope == TokenScope::Admin && !proved && !self.is_fresh_session(secret)? {
            let reason = "a token of the scope admin needs your password, since you signed in a \
                          while ago";
            return Err(Error::invalid("password", reason));
        }
        let code = SignInSecret::generate();
        let row = LoginCode {
            user,
            session,
            redirect: request.redirect,
            challenge: request.challenge,
            scope,
            state,
            expires_at: self.now().plus_seconds(LIFETIME_SECONDS),
        };
        self.write(&Self::actor_of(caller)?, action, |tx| {
            login_codes::put(tx, &code.hash(), &row)?;
            Ok(())
        })?;
        Ok(code)
    }

    /// Makes the token that a code stands for; the inner error says why there is none.
    pub fn exchange_login_code(
        &self,
        exchange: LoginExchange,
    ) -> Result<Result<(ApiToken, TokenSecret), LoginRefusal>, Error> {
        let settings = self.login_settings()?;
        let hash = exchange.code.hash();
        let Some(code) = login_codes::by_hash(&self.store, &hash)? else {
            return Ok(Err(LoginRefusal::Unknown));
        };
        if let Some(refusal) = self.refuse_code(&code, &exchange)? {
            return Ok(Err(refusal));
        }
        let caller = self.session_caller_by_id(&code.user, &code.session)?;
        if !caller.is_authenticated() {
            return Ok(Err(LoginRefusal::SignedOut));
        }
        let new = NewToken {
            description: exchange.description.if_any(),
            scope: code.scope,
            restriction: None,
            end: Some(TokenEnd::AfterSeconds(settings.lifetime_seconds)),
        };
        let token = self.new_token(&caller, TokenOwner::User(code.user.clone()), new)?;
        let secret = TokenSecret::generate();
        let actor = Self::actor_of(&caller)?;
        let other = self.write(&actor, "create token by terraform login", |tx| {
            let code = login_codes::by_hash_in(tx, &hash)?;
            let code = code.ok_or_else(|| Error::NotFound("the code".to_owned()))?;
            // Of several that bring it at the same time, one finds it unused.
            if let LoginCodeState::Used(other) = code.state {
                return Ok(Some(other));
            }
            credentials::insert(tx, &secret.hash(), &token)?;
            let state = LoginCodeState::Used(token.id.clone());
            login_codes::put(tx, &hash, &LoginCode { state, ..code })?;
            Ok(None)
        })?;
        Ok(match other {
            None => Ok((token, secret)),
            Some(other) => {
                self.revoke_token_of_code(&code, &other)?;
                Err(LoginRefusal::UsedBefore)
            }
        })
    }

    /// Returns why a code is refused; `None` if it is good.
    fn refuse_code(
        &self,
        code: &LoginCode,
        exchange: &LoginExchange,
    ) -> Result<Option<LoginRefusal>, Error> {
        if let LoginCodeState::Used(token) = &code.state {
            self.revoke_token_of_code(code, token)?;
            return Ok(Some(LoginRefusal::UsedBefore));
        }
        if self.has_passed(code.expires_at) {
            return Ok(Some(LoginRefusal::Expired));
        }
        let is_same = exchange.redirect.as_ref() == Some(&code.redirect);
        if !is_same || !code.challenge.fits(&exchange.verifier) {
            return Ok(Some(LoginRefusal::OtherProgram));
        }
        Ok((code.state == LoginCodeState::Refused).then_some(LoginRefusal::SaidNo))
    }

    /// Revokes the token that was made for a code which came again: one of the two who brought it
    /// has stolen it.
    fn revoke_token_of_code(&self, code: &LoginCode, id: &TokenId) -> Result<(), Error> {
        let Some((hash, token)) = credentials::by_id(&self.store, id)? else {
            return Ok(());
        };
        tracing::warn!(user = %code.user, token = %id, "a code of terraform login came twice; its token is revoked");
        let action = "revoke token of a code that came twice";
        self.write(&Actor::System, action, |tx| {
            credentials::remove(tx, &hash, &token)?;
            Ok(())
        })
    }
}

/// Returns the user and the session of a caller who is signed in in a browser.
fn session_of(caller: &Caller) -> Result<(UserId, SessionId), Error> {
    let holder = match caller {
        Caller::Anonymous(fault) => return Err(Error::Unauthenticated(*fault)),
        Caller::Operator => return Err(only_in_a_browser()),
        Caller::Token(holder) => holder,
    };
    match (&holder.user, &holder.credential) {
        (Some(user), Credential::Session(session)) => Ok((user.clone(), session.clone())),
        (_, Credential::Token(_)) | (None, Credential::Session(_)) => Err(only_in_a_browser()),
    }
}

fn only_in_a_browser() -> Error {
    let reason = "only a user who has signed in in a browser can allow terraform login";
    Error::Forbidden(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::Sha256;
    use crate::server::open_registry;

    #[test]
    fn a_code_is_known_for_a_while_after_its_end_and_then_goes() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.storage.data_dir = dir.path().to_owned();
        let registry = open_registry(&config, |_| {}).expect("a registry");
        let now = registry.now();
        let challenge = "A".repeat(43).parse().expect("a challenge");
        let redirect = "http://localhost:5429/login".parse();
        let redirect: LoopbackAddress = redirect.expect("an address");
        // The last one was made while the clock was wrong.
        let ends = [(-601, false), (-599, true), (60, true), (7200, false)];
        for (seconds, stays) in ends {
            let hash = Sha256::of(seconds.to_string().as_bytes());
            let code = LoginCode {
                user: UserId::from_random(1),
                session: SessionId::from_random(1),
                redirect: redirect.clone(),
                challenge,
                scope: TokenScope::Read,
                state: LoginCodeState::Used(TokenId::from_random(1)),
                expires_at: now.plus_seconds(seconds),
            };
            let put = registry.write(&Actor::System, "make a code", |tx| {
                login_codes::put(tx, &hash, &code)?;
                Ok(())
            });
            put.expect("written");
            registry.remove_expired().expect("removed");
            let there = login_codes::by_hash(&registry.store, &hash).expect("an answer");
            assert_eq!(there.is_some(), stays, "{seconds}");
            if let Some(there) = there {
                assert_eq!(there, code, "it reads back");
            }
        }
    }
}
