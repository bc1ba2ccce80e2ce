//! Which changes let this login in? Each proposal is tried; what is needed together is told together.

use alloc::{format, string::String, vec::Vec};
use core::cell::Cell;

use crate::{
    answers::{
        decision::Decision,
        failure::{Failure, Stop},
        remedy::{After, Remedy},
    },
    ground::reason::{Check, ReasonCode},
    judging::{attempt::Attempt, run::outcomes},
    parsed::settings::{Change, SettingName, Settings, SettingsError},
    rules::policy::{compiled::Compiled, issuer::Keys},
    telling::{
        near_miss::key,
        remedies::{
            audience, issuer, line, next,
            proposal::Proposal,
            propose::proposals,
            trial::{Trials, Tried, steps_to_read},
            written::Writer,
        },
    },
};

/// How many changes are told of one failure.
const TOLD: usize = 4;

/// How many failures one remedy mends, one after another.
const STEPS: usize = 4;

/// How many proposals of a later failure are tried.
const LATER: usize = 3;

/// What was found.
#[derive(Default)]
pub(in crate::telling) struct Found {
    /// The changes that were tried, those that let the login in first.
    pub(in crate::telling) remedies: Vec<Remedy>,
    /// Where among them stands what is done without a change: after what lets in this login, before what is only right if
    /// somebody wants more than that.
    pub(super) place: usize,
    /// How many changes could not be tried.
    pub(in crate::telling) untried: u32,
}

/// Tries what may mend a login's first failure under these settings.
pub(super) fn search(failure: &Failure, attempt: &Attempt<'_>, settings: &Settings, text: &[u8]) -> Found {
    let search = Search::new(attempt, text);
    let start = Start { failure, attempt, settings, compiled: attempt.compiled };
    let ways = search.ways(&start, STEPS);
    search.found(ways, settings)
}

/// Tries the keys that are configured, where keys would be fetched instead.
pub(super) fn with_own_keys(attempt: &Attempt<'_>, settings: &Settings, text: &[u8]) -> Found {
    if !matches!(&*attempt.compiled.common.keys, Keys::Set(keys) if !keys.entries().is_empty()) {
        return Found::default();
    }
    let search = Search::new(attempt, text);
    let fetching = SettingName::JwksAutoFetch.as_str();
    let message = format!("if the keys in server.jwt_authentication.jwks are meant, set {fetching} to false");
    let proposal = Proposal::correcting(message, Change::new().set(fetching, "false"))
        .risking("keys are no longer fetched: when an issuer changes its keys, somebody has to copy them")
        .if_it_suffices();
    let tried = search.trials.run(&proposal.change, settings, attempt.compiled);
    let tried = tried.filter(|tried| tried.after.lets_in());
    let way = tried.map(|tried| Way { proposal, tried: tried.settings, after: tried.after });
    search.found(way.into_iter().collect(), settings)
}

/// Repairs settings that cannot be used, as far as their faults say how, and tries what else the login needs.
pub(super) fn repair(error: &SettingsError, attempt: &Attempt<'_>, settings: &Settings, text: &[u8]) -> Found {
    let search = Search::new(attempt, text);
    let Some(repaired) = repaired(error, attempt, settings, &search) else {
        return search.found(Vec::new(), settings);
    };
    let Repaired { repair: Repair { message, change, widens, risk }, settings: changed, compiled } = repaired;
    if widens && !search.signed {
        return Found::default();
    }
    let proposal = Proposal { widens, risk, ..Proposal::correcting(message, change) };
    let Some(after) = search.trials.outcome(&compiled) else { return Found::default() };
    let tried = Tried { settings: changed, compiled, after };
    let further = if tried.after.lets_in() { None } else { search.further(&tried, STEPS - 1) };
    let way = match further {
        Some(way) => Way { proposal: proposal.then(way.proposal), ..way },
        None => Way { proposal: search.with_next(proposal, &tried), tried: tried.settings, after: tried.after },
    };
    search.found([way].into(), settings)
}

/// What takes time to read in settings that are compiled anew.
const READ_ANEW: [SettingName; 5] = [
    SettingName::IdentityMap,
    SettingName::Jwks,
    SettingName::EngineIssuerKeys,
    SettingName::Issuers,
    SettingName::Audience,
];

/// How many faults are repaired one after another.
const REPAIRS: usize = 16;

/// Settings without their faults.
struct Repaired {
    repair: Repair,
    settings: Settings,
    compiled: Compiled,
}

/// What makes settings usable, as far as it is known.
struct Repair {
    message: String,
    change: Change,
    /// Whether something is written from what the token says.
    widens: bool,
    risk: Option<String>,
}

impl Repair {
    /// The same, with the repair of one more fault of these settings; nothing where nobody knows how to write the value.
    fn and(self, fault: &SettingsError, attempt: &Attempt<'_>, settings: &Settings, signed: bool) -> Option<Self> {
        let believed =
            issuer::as_in_the_map(fault, attempt, settings).or_else(|| audience::unset(fault, attempt, settings));
        if let Some(Proposal { message, change, risk, .. }) = believed.filter(|_| signed) {
            return Some(Self { message, change: self.change.then(&change), widens: true, risk });
        }
        if let Some(change) = fault.repaired(&self.change) {
            return Some(Self { change, ..self });
        }
        let (message, line) = line::instead_of(fault.map_line(settings)?, attempt)?;
        Some(Self { message, change: self.change.then(&line), widens: true, risk: self.risk })
    }
}

/// The settings without their faults; nothing where nobody knows how a value should read.
fn repaired(
    error: &SettingsError,
    attempt: &Attempt<'_>,
    settings: &Settings,
    search: &Search<'_>,
) -> Option<Repaired> {
    let (signed, trials) = (search.signed, &search.trials);
    let mut repair = Repair { message: error.remedy.clone(), change: Change::new(), widens: false, risk: None };
    for fault in core::iter::once(error).chain(&error.others) {
        repair = repair.and(fault, attempt, settings, signed)?;
    }
    for _ in 0..REPAIRS {
        let settings = settings.changed(&repair.change).ok().filter(|_| error.untold == 0)?;
        trials.pay(READ_ANEW.iter().map(|&name| steps_to_read(name, settings.text(name).len())).sum())?;
        match Compiled::new(&settings, error.profile) {
            Ok(compiled) => return Some(Repaired { repair, settings, compiled }),
            Err(fault) => repair = repair.and(&fault, attempt, &settings, signed)?,
        }
    }
    None
}

struct Search<'a> {
    trials: Trials<'a>,
    /// Whether a configured key has signed the token, also one that the token names otherwise.
    signed: bool,
}

/// Where a part of the search begins: settings, and the check that fails under them.
struct Start<'s> {
    failure: &'s Failure,
    attempt: &'s Attempt<'s>,
    settings: &'s Settings,
    compiled: &'s Compiled,
}

/// A change that leads somewhere.
struct Way {
    proposal: Proposal,
    tried: Settings,
    after: After,
}

impl Way {
    fn lets_in(&self) -> bool {
        self.after.lets_in()
    }
}

impl<'a> Search<'a> {
    fn new(attempt: &'a Attempt<'a>, text: &'a [u8]) -> Self {
        let trials = Trials { text, asked: attempt, untried: Cell::new(0) };
        Self { trials, signed: attempt.proven() || key::is_in_the_set(attempt) }
    }

    /// The changes that mend the failure, each with what else the login needs, as far as that is found.
    fn ways(&self, start: &Start<'_>, steps: usize) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        let is_first = steps == STEPS;
        let mut may_go_on = steps > 1;
        let proposals = proposals(start.failure, start.attempt, start.settings, self.trials.text);
        for proposal in proposals.into_iter().take(if is_first { usize::MAX } else { LATER }) {
            if proposal.widens && !self.signed {
                continue;
            }
            let Some(tried) = self.trials.run(&proposal.change, start.settings, start.compiled) else { continue };
            let lets_in = tried.after.lets_in();
            if !lets_in && !leads_on(start.failure.code, &tried.after, start.attempt) {
                continue;
            }
            let further = if lets_in || !may_go_on { None } else { self.further(&tried, steps - 1) };
            match further {
                Some(way) => {
                    // One way through what fails later is enough.
                    may_go_on = false;
                    ways.push(Way { proposal: proposal.then(way.proposal), ..way });
                }
                None if proposal.all_or_nothing && !lets_in => {}
                None => {
                    let proposal = if is_first && !lets_in { self.with_next(proposal, &tried) } else { proposal };
                    ways.push(Way { proposal, tried: tried.settings, after: tried.after });
                }
            }
            if !is_first && ways.iter().any(Way::lets_in) {
                break;
            }
        }
        ways
    }

    /// A way from the settings after a change to a login.
    fn further(&self, tried: &Tried, steps: usize) -> Option<Way> {
        self.trials.with_attempt(&tried.compiled, |mut attempt| {
            let outcomes = outcomes(&mut attempt);
            self.trials.asked.work.leave(attempt.work.left());
            let failures = outcomes.into_iter().find_map(|(_, outcome)| match outcome {
                Err(Stop::Failed(failure)) => Some(Some(failure)),
                Err(Stop::KeysNeeded(_)) => Some(None),
                _ => None,
            });
            // Who somebody is may be changed for its own sake, never on the way to something else.
            let names_another = |code| matches!(code, ReasonCode::UserMismatch | ReasonCode::IdentityUnmapped);
            let failure = failures.flatten().filter(|failure| !names_another(failure.code))?;
            let start =
                Start { failure: &failure, attempt: &attempt, settings: &tried.settings, compiled: &tried.compiled };
            self.ways(&start, steps).into_iter().find(Way::lets_in)
        })
    }

    /// A change that is not enough, with what stands in the way then.
    fn with_next(&self, proposal: Proposal, tried: &Tried) -> Proposal {
        let failures = self.trials.with_attempt(&tried.compiled, |mut attempt| {
            let failures = next::failures(&mut attempt);
            self.trials.asked.work.leave(attempt.work.left());
            failures
        });
        match next::remaining(&failures, &proposal.message) {
            Some(next) => Proposal { message: format!("{}; {next}", proposal.message), ..proposal },
            None => proposal,
        }
    }

    /// The ways as remedies, those that let the login in first.
    fn found(&self, mut ways: Vec<Way>, settings: &Settings) -> Found {
        ways.sort_by_key(|way| (!way.lets_in(), way.proposal.is_second));
        // Two ways to one end are one.
        let mut ends: Vec<Settings> = Vec::new();
        ways.retain(|way| {
            let is_new = !ends.contains(&way.tried);
            ends.extend(is_new.then(|| way.tried.clone()));
            is_new
        });
        ways.truncate(TOLD);
        let mut writer = Writer::new(settings);
        let mut found = Found { untried: self.trials.untried.get(), ..Found::default() };
        for way in ways {
            let comes_first = way.lets_in() && !way.proposal.is_second;
            if let Some(remedy) = writer.write(way.proposal, &way.tried, way.after) {
                found.remedies.push(remedy);
                found.place = found.place.saturating_add(usize::from(comes_first));
            }
        }
        found
    }
}

/// Whether a refusal after a change is another one than before, of a check that comes later.
fn leads_on(before: ReasonCode, after: &After, attempt: &Attempt<'_>) -> bool {
    let Some(code) = after.code else { return after.decision == Decision::KeysNeeded };
    let place = |check: Check| attempt.rules().order.iter().position(|&other| other == check);
    // Another key that does not verify either is no way on.
    let another_key = before.check() == Check::Key && code.check() == Check::Signature;
    code != before && !another_key && place(code.check()) > place(before.check()) && code.check() != Check::Internal
}
