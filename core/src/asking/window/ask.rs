//! When is this login accepted, and what ends that?

use alloc::{string::String, vec::Vec};

use crate::{
    answers::{decision::Decision, failure::Stop},
    asking::window::{
        document::{Turn, Window, WindowDocument, WindowEdge, WindowOutcome, WindowState},
        edge::{Side, edge},
        pieces::{Asked, Pieces},
        told::{Told, message, never},
    },
    ground::reason::ReasonCode,
    judging::{
        attempt::Attempt,
        run::{conclude, outcomes},
    },
    parsed::settings::Settings,
    telling::{Answer, Moment, SCHEMA, Verdict, passed_over},
};

/// The window of a login; the moment of the attempt is the one that is asked about.
pub(crate) fn window(mut attempt: Attempt<'_>, settings: &Settings) -> WindowDocument {
    let now = attempt.now;
    let outcomes = outcomes(&mut attempt);
    let found = {
        let claims = attempt.claims;
        let asked = Asked {
            attempt: Attempt { claims, ..attempt.under(attempt.compiled, attempt.token) },
            outcomes: &outcomes,
            verified: attempt.verified,
            times: attempt.times,
        };
        Found::of(&asked)
    };
    let stop = outcomes.into_iter().find_map(|(_, outcome)| outcome.err().filter(Stop::decides));
    let answer = Answer::from(conclude(attempt, stop)).located(settings);
    let Found { state, window, renewed, begins, ends, lasting, message, turns } = found;
    let (from, until) = window.map(|window| (window.from, window.until)).unwrap_or_default();
    let longest = renewed.as_ref().map_or(until.as_ref(), |renewed| renewed.until.as_ref());
    let is_ahead = matches!(state, WindowState::Open | WindowState::Later);
    WindowDocument {
        schema: SCHEMA,
        decision: answer.decision,
        profile: settings.profile(),
        state,
        accepted_now: answer.decision == Decision::Accept,
        seconds_left: until
            .as_ref()
            .filter(|_| state == WindowState::Open)
            .map(|until| until.seconds.saturating_sub(now)),
        never_expires: is_ahead && longest.is_none(),
        message,
        from,
        until,
        begins,
        ends,
        renewed,
        lasting,
        turns,
        keys_needed: answer.keys_needed,
        userinfo_needed: answer.userinfo_needed,
        reason: answer.reason,
        ignored: passed_over(settings),
    }
}

impl WindowDocument {
    /// That settings which cannot be used let nobody in at any moment.
    pub(crate) fn refused(verdict: Verdict) -> Self {
        let Verdict { schema, decision, profile, keys_needed, userinfo_needed, reason, ignored, .. } = verdict;
        let code = reason.as_ref().map(|reason| reason.code);
        let told = reason.as_ref().map(|reason| reason.message.clone());
        Self {
            schema,
            decision,
            profile,
            state: WindowState::Never,
            accepted_now: false,
            from: None,
            until: None,
            seconds_left: None,
            never_expires: false,
            message: never(told.as_deref()),
            begins: None,
            ends: None,
            renewed: None,
            lasting: Some(WindowOutcome { decision, check: code.map(ReasonCode::check), code, message: None }),
            turns: Vec::new(),
            keys_needed,
            userinfo_needed,
            reason,
            ignored,
        }
    }
}

/// All that is told of a login's window.
struct Found {
    state: WindowState,
    window: Option<Window>,
    renewed: Option<Window>,
    begins: Option<WindowEdge>,
    ends: Option<WindowEdge>,
    lasting: Option<WindowOutcome>,
    message: String,
    turns: Vec<Turn>,
}

impl Found {
    fn of(asked: &Asked<'_>) -> Self {
        let now = asked.attempt.now;
        let pieces = asked.as_is();
        let window = pieces.window(now);
        let renewed = asked.with_renewed_keys().and_then(|pieces| pieces.window(now));
        let state = state(&pieces, renewed.as_ref().or(window.as_ref()), now);
        let (begins, ends) = window.as_ref().map(|window| edges(asked, &pieces, window)).unwrap_or_default();
        let lasting = pieces.lasting(now).filter(|_| state == WindowState::Never).cloned();
        let told = Told {
            state,
            now,
            window: window.as_ref(),
            renewed: renewed.as_ref(),
            begins: begins.as_ref(),
            ends: ends.as_ref(),
            why: lasting.as_ref().and_then(|lasting| lasting.message.as_deref()),
        };
        let message = message(&told);
        let turn = |(at, before, after): (i64, &WindowOutcome, &WindowOutcome)| Turn {
            at: Moment::of(at),
            before: before.clone(),
            after: after.clone(),
        };
        Self { state, begins, ends, lasting, message, turns: pieces.turns().map(turn).collect(), window, renewed }
    }
}

fn state(pieces: &Pieces, window: Option<&Window>, now: i64) -> WindowState {
    match pieces.at(now).map(|outcome| outcome.decision) {
        Some(Decision::Accept) => WindowState::Open,
        Some(Decision::KeysNeeded) => WindowState::Unknown,
        _ => match window {
            Some(window) if window.until.as_ref().is_some_and(|until| until.seconds <= now) => WindowState::Past,
            Some(_) => WindowState::Later,
            None if pieces.may_need_keys(now) => WindowState::Unknown,
            None => WindowState::Never,
        },
    }
}

/// Where the window begins and where it ends.
fn edges(asked: &Asked<'_>, pieces: &Pieces, window: &Window) -> (Option<WindowEdge>, Option<WindowEdge>) {
    let before = |moment: &Moment| {
        let outside = pieces.at(moment.seconds.saturating_sub(1))?;
        Some(edge(asked, Side::Begins, moment.seconds, outside))
    };
    let after = |moment: &Moment| Some(edge(asked, Side::Ends, moment.seconds, pieces.at(moment.seconds)?));
    (window.from.as_ref().and_then(before), window.until.as_ref().and_then(after))
}
