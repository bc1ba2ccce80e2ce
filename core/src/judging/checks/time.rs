//! Is the token in its lifetime? (RFC 7519 sections 4.1.4 to 4.1.6)

use alloc::{format, string::String};

use crate::{
    answers::{
        failure::{Failure, Stop},
        finding::{Finding, Reads},
    },
    ground::{
        json::Value,
        limits::NUMERIC_DATE_MAX,
        mend::Mend,
        reason::ReasonCode,
        text::shown,
        time::{self, span, utc},
    },
    judging::attempt::Attempt,
};

pub(crate) fn judge(attempt: &mut Attempt<'_>) -> Result<(), Stop> {
    let Some(claims) = attempt.claims else { return Err(Stop::Moot("the claims cannot be read")) };
    let rules = attempt.rules();
    let read = |name| read(claims, name, rules.token.loose_dates);
    // Every time that can be read is kept, also when another is at fault.
    let (exp, nbf, iat) = (read(Claim::Exp), read(Claim::Nbf), read(Claim::Iat));
    attempt.times.expires_at = exp.as_ref().ok().copied().flatten();
    attempt.times.not_before = nbf.as_ref().ok().copied().flatten();
    attempt.times.issued_at = iat.as_ref().ok().copied().flatten();
    let expired = exp.and_then(|exp| expiry(attempt, exp));
    let early = nbf.and_then(|nbf| not_before(attempt, nbf));
    let future = iat.and_then(|iat| issued_at(attempt, iat));
    if rules.token.loose_dates {
        future.and(expired).and(early)?;
    } else {
        expired.and(early).and(future)?;
    }
    lifetime(attempt)?;
    Ok(())
}

pub(crate) fn found(attempt: &Attempt<'_>) -> Finding {
    let now = format!("after {}", utc(attempt.now));
    match attempt.times.expires_at {
        Some(exp) => {
            let left = span(exp.saturating_sub(attempt.now));
            Finding::new(format!("valid for another {left}, until {}", utc(exp))).expected([now]).actual([utc(exp)])
        }
        None => Finding::new("the token never expires").expected([now]),
    }
}

pub(crate) fn reads(code: Option<ReasonCode>) -> Reads {
    use ReasonCode as Code;
    Reads::claims(match code {
        Some(Code::ExpMissing | Code::ExpInvalid | Code::TokenExpired | Code::LifetimeTooLong) => &["exp"],
        Some(Code::NbfInvalid | Code::TokenNotYetValid) => &["nbf"],
        Some(Code::IatInvalid | Code::IssuedInFuture) => &["iat"],
        _ => &["exp", "nbf", "iat"],
    })
}

#[derive(Clone, Copy)]
enum Claim {
    Exp,
    Nbf,
    Iat,
}

/// The time that a claim states; `None` when it is not stated.
fn read(claims: Value<'_>, claim: Claim, loose: bool) -> Result<Option<i64>, Failure> {
    let (name, code) = match claim {
        Claim::Exp => ("exp", ReasonCode::ExpInvalid),
        Claim::Nbf => ("nbf", ReasonCode::NbfInvalid),
        Claim::Iat => ("iat", ReasonCode::IatInvalid),
    };
    let Some(value) = claims.member(name) else { return Ok(None) };
    if loose {
        return Ok(time::loose(value).filter(|&seconds| seconds != 0));
    }
    match time::strict(value) {
        // A token that expires at the epoch is one whose issuer meant something else.
        Some(seconds) if seconds > 0 || !matches!(claim, Claim::Exp) => Ok(Some(seconds)),
        _ => Err(invalid(name, code, value)),
    }
}

fn invalid(name: &str, code: ReasonCode, value: Value<'_>) -> Failure {
    let written = value.written();
    let milliseconds = written.parse::<i64>().ok().filter(|&seconds| seconds > NUMERIC_DATE_MAX);
    let failure = match milliseconds {
        Some(milliseconds) if milliseconds / 1000 <= NUMERIC_DATE_MAX => Failure::new(
            code,
            format!(
                "`{name}` is `{written}`, beyond the year 9999 in seconds; in milliseconds it would be {}",
                utc(milliseconds / 1000)
            ),
        )
        .remedy(format!("have the identity provider state `{name}` in seconds, not in milliseconds")),
        _ => Failure::new(code, format!("`{name}` is `{}`, which is no time in seconds", shown(written))),
    };
    failure.expected(["a number of seconds from 1970 to 9999"]).actual([written])
}

fn expiry(attempt: &Attempt<'_>, exp: Option<i64>) -> Result<(), Failure> {
    let now = attempt.now;
    match exp {
        None if attempt.rules().judging.expiry_needed => {
            Err(Failure::new(ReasonCode::ExpMissing, "the token does not say when it expires (`exp`)"))
        }
        Some(exp) if attempt.rules().token.loose_dates && exp > time::GO_SECONDS_MAX => {
            let message =
                format!("`exp` is {}, beyond what the database's clock can count: it counts as past", utc(exp));
            let remedy = "have the identity provider state `exp` in seconds since 1970, minutes or hours from now";
            Err(Failure::new(ReasonCode::TokenExpired, message).remedy(remedy).actual([utc(exp)]))
        }
        Some(exp) if now >= exp.saturating_add(attempt.compiled.leeway) => {
            let (expiry, present) = (utc(exp), utc(now));
            let message = format!("the token expired {} ago, at {expiry}; it is {present}", ago(now, exp));
            let expected = format!("after {present}");
            Err(Failure::new(ReasonCode::TokenExpired, message).expected([expected]).actual([expiry]))
        }
        _ => Ok(()),
    }
}

fn not_before(attempt: &Attempt<'_>, nbf: Option<i64>) -> Result<(), Failure> {
    let now = attempt.now;
    match nbf {
        Some(nbf) if in_milliseconds(nbf, now) => Err(milliseconds(ReasonCode::TokenNotYetValid, "nbf", nbf, now)),
        Some(nbf) if nbf > now.saturating_add(attempt.compiled.leeway) => {
            let message = format!("the token becomes valid in {}, at {}; it is {}", ago(nbf, now), utc(nbf), utc(now));
            Err(Failure::new(ReasonCode::TokenNotYetValid, message).expected([at_most(now)]).actual([utc(nbf)]))
        }
        _ => Ok(()),
    }
}

fn issued_at(attempt: &Attempt<'_>, iat: Option<i64>) -> Result<(), Failure> {
    let now = attempt.now;
    match iat {
        Some(iat) if in_milliseconds(iat, now) => Err(milliseconds(ReasonCode::IssuedInFuture, "iat", iat, now)),
        Some(iat) if iat > now.saturating_add(attempt.compiled.leeway) => {
            let message =
                format!("the token says it is issued {} from now, at {}; it is {}", ago(iat, now), utc(iat), utc(now));
            Err(Failure::new(ReasonCode::IssuedInFuture, message).expected([at_most(now)]).actual([utc(iat)]))
        }
        _ => Ok(()),
    }
}

/// Whether a time that is too late would be one of these years, were it written in milliseconds.
fn in_milliseconds(time: i64, now: i64) -> bool {
    const YEARS: i64 = 100 * 365 * 86_400;
    time > NUMERIC_DATE_MAX && (time / 1000).saturating_sub(now).saturating_abs() < YEARS
}

fn milliseconds(code: ReasonCode, name: &str, time: i64, now: i64) -> Failure {
    let message = format!(
        "`{name}` is {time}: in milliseconds that is {}, in seconds it lies far in the future",
        utc(time / 1000)
    );
    let remedy = Mend::provider("have the identity provider state its times in seconds, not in milliseconds");
    Failure::new(code, message).remedy(remedy).expected([at_most(now)]).actual([utc(time)])
}

fn lifetime(attempt: &Attempt<'_>) -> Result<(), Failure> {
    let Some(configured) = &attempt.policy().max_lifetime else { return Ok(()) };
    let (longest, source) = (configured.value, &configured.source);
    let fail = |message: String| {
        Failure::new(ReasonCode::LifetimeTooLong, message)
            .at(source.setting, source.offset)
            .remedy(Mend::administrator(ReasonCode::LifetimeTooLong.narrow_remedy()))
            .expected([format!("at most {longest} seconds")])
    };
    let Some(exp) = attempt.times.expires_at else {
        return Err(fail(format!("the token never expires; this server allows {}", span(longest))));
    };
    let lifetime = exp.saturating_sub(attempt.times.issued_at.unwrap_or(attempt.now));
    if lifetime > longest {
        let message = format!("the token lives for {}; this server allows {}", span(lifetime), span(longest));
        return Err(fail(message).actual([format!("{lifetime} seconds")]));
    }
    Ok(())
}

fn ago(later: i64, earlier: i64) -> String {
    span(later.saturating_sub(earlier))
}

fn at_most(now: i64) -> String {
    format!("not after {}", utc(now))
}
