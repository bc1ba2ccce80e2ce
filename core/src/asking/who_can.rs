//! Who can become this SQL user, and which users can be become at all?
//!
//! Each way is a line of the identity map, or that an issuer has none, with a principal that was constructed and asked of the
//! map. A way that could not be searched to its end is told as one, and said to be unproved: none is left out.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

use crate::{
    asking::tried_line::TriedLine,
    ground::{
        json::written,
        limits::{WAYS_MAX, WAYS_STEPS_MAX},
        named::named,
        profile::Profile,
        reason::ReasonCode,
        text::{one_line, quoted},
        work::Work,
    },
    judging::reached::reached,
    parsed::regex::{Program, Searched, Target, Wanted},
    rules::policy::{compiled::Compiled, issuer::Policy},
    telling::SCHEMA,
};

/// Who can become which SQL user: the document of the verb `who_can`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct WhoCanDocument {
    /// The version of the document's shape.
    pub schema: u32,
    /// Whose rules decide.
    pub profile: Profile,
    /// The SQL user who was asked about, as the server stores the name; `None` for all.
    pub user: Option<String>,
    /// The users, or families of users, the most dangerous first.
    pub users: Vec<ReachableUser>,
    /// How many more ways there are than are told.
    pub untold: usize,
    /// Whether every way was searched to its end: nobody else can.
    pub complete: bool,
}

/// A SQL user, or all whose names begin and end so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReachableUser {
    /// The name; of a family what it begins with, `…`, and what it ends with.
    pub user: String,
    /// Whether it is a family: many names by one line.
    pub family: bool,
    /// What kind of user it is; of a family the most dangerous that it was shown to hold.
    pub standing: Standing,
    /// Why nobody logs in as that user for all that.
    pub code: Option<ReasonCode>,
    /// Who becomes it.
    pub ways: Vec<Way>,
}

/// What kind of SQL user it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Standing {
    /// Who may do everything is often called so.
    Administrator,
    /// The server keeps the name for itself.
    Reserved,
    /// Any other.
    Ordinary,
}

impl Standing {
    /// The standing, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Reserved => "reserved",
            Self::Ordinary => "ordinary",
        }
    }
}

named!(Standing);

/// One way to become a SQL user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Way {
    /// Whose principals.
    pub issuer: String,
    /// The claim whose value the principal is.
    pub claim: String,
    /// The line of the identity map, counted from 1; `None` where the issuer has none.
    pub line: Option<u32>,
    /// The principal, where it is one.
    pub principal: Option<String>,
    /// The regex that principals match, where they are many.
    pub pattern: Option<String>,
    /// What its first group holds then, in whatever case; `None` where the line takes nothing over, or anything.
    pub capture: Option<String>,
    /// A principal that becomes the user.
    pub example: Option<String>,
    /// Whether the example was given that user by the map itself.
    pub proved: bool,
}

impl WhoCanDocument {
    pub(crate) fn of(compiled: &Compiled, user: Option<&str>) -> Self {
        let work = Work::of(WAYS_STEPS_MAX);
        let asked = user.map(|user| compiled.names.normalized(user).into_owned());
        let mut ways = Ways { compiled, work: &work, users: BTreeMap::new(), untold: 0, told: 0 };
        for policy in compiled.policies() {
            match &asked {
                Some(user) => ways.to(policy, user),
                None => ways.of(policy),
            }
        }
        let Ways { users, untold, .. } = ways;
        let mut users: Vec<ReachableUser> = users.into_values().collect();
        users.sort_by(|one, other| one.rank().cmp(&other.rank()).then_with(|| one.user.cmp(&other.user)));
        let complete = untold == 0 && users.iter().flat_map(|user| &user.ways).all(|way| way.proved);
        Self { schema: SCHEMA, profile: compiled.profile, user: asked.as_deref().map(quoted), users, untold, complete }
    }

    /// The document as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        written(self, SCHEMA)
    }
}

impl ReachableUser {
    /// The most dangerous first: who logs in as an administrator, then whole families, then names.
    fn rank(&self) -> (bool, Standing, bool) {
        (self.code.is_some(), self.standing, !self.family)
    }
}

/// A user, or a family by what its names begin and end with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    User(String),
    Family(String, String),
}

struct Ways<'c> {
    compiled: &'c Compiled,
    work: &'c Work,
    users: BTreeMap<Named, ReachableUser>,
    told: usize,
    untold: usize,
}

impl<'c> Ways<'c> {
    /// The ways of an issuer's principals to one user.
    fn to(&mut self, policy: &'c Policy, user: &str) {
        let named = || Named::User(user.into());
        let Some(map) = self.compiled.map.lines_for(&policy.issuer) else {
            let way = Way { principal: Some(quoted(user)), ..empty(policy) };
            return self.add(&named(), policy, user, way, Some(user));
        };
        for tried in TriedLine::all(map, &self.compiled.names, self.work) {
            let way = Way { line: Some(tried.line.number), ..empty(policy) };
            match (tried.program, tried.line.template()) {
                (None, _) if self.gives(&tried, user) => {
                    let identity = tried.line.identity;
                    let way = Way { principal: Some(quoted(identity)), ..way };
                    self.add(&named(), policy, user, way, Some(identity));
                }
                (Some(program), None) if self.gives(&tried, user) => {
                    let searched = tried.shortest(&[Wanted::matching(program)], |principal, given| {
                        (given == user).then(|| principal.to_string())
                    });
                    self.add_searched(&named(), policy, user, pattern(way, &tried), searched);
                }
                (Some(program), Some(template)) => {
                    let Some(held) = self.held(user, template) else { continue };
                    let target = Target::lowered(&held);
                    let searched = tried.shortest(&[Wanted::holding(program, &target)], |principal, given| {
                        (given == user).then(|| principal.to_string())
                    });
                    let way = Way { capture: Some(quoted(&held)), ..pattern(way, &tried) };
                    self.add_searched(&named(), policy, user, way, searched);
                }
                _ => {}
            }
        }
    }

    /// The users, and families of users, whom an issuer's principals become.
    fn of(&mut self, policy: &'c Policy) {
        let Some(map) = self.compiled.map.lines_for(&policy.issuer) else {
            let way = Way { pattern: Some("^(.*)$".into()), ..empty(policy) };
            return self.add(&Named::Family(String::new(), String::new()), policy, "admin", way, Some("admin"));
        };
        for tried in TriedLine::all(map, &self.compiled.names, self.work) {
            let way = Way { line: Some(tried.line.number), ..empty(policy) };
            let user = || self.compiled.names.normalized(tried.line.user).into_owned();
            match (tried.program, tried.line.template()) {
                (None, _) => {
                    let (identity, user) = (tried.line.identity, user());
                    let way = Way { principal: Some(quoted(identity)), ..way };
                    self.add(&Named::User(user.clone()), policy, &user, way, Some(identity));
                }
                (Some(program), None) => {
                    let user = user();
                    let searched =
                        tried.shortest(&[Wanted::matching(program)], |principal, _| Some(principal.to_string()));
                    self.add_searched(&Named::User(user.clone()), policy, &user, pattern(way, &tried), searched);
                }
                (Some(program), Some(template)) => {
                    let (example, searched) = self.worst(&tried, program, template);
                    let names = &self.compiled.names;
                    let [before, after] = [template.0, template.1].map(|part| names.normalized(part).into_owned());
                    self.add_searched(&Named::Family(before, after), policy, &example, pattern(way, &tried), searched);
                }
            }
        }
    }

    /// The most dangerous user whom a line was found to give, and who becomes it.
    fn worst(&self, tried: &TriedLine<'_>, program: &Program, template: (&str, &str)) -> (String, Searched<String>) {
        for name in ADMINISTRATORS {
            let Some(held) = self.held(name, template) else { continue };
            let target = Target::lowered(&held);
            let found = tried.shortest(&[Wanted::holding(program, &target)], |principal, given| {
                (given == name).then(|| principal.to_string())
            });
            if let Searched::Found(_) = found {
                return (name.into(), found);
            }
        }
        let any = tried.shortest(&[Wanted::matching(program)], |principal, given| Some((principal.to_string(), given)));
        match any {
            Searched::Found((principal, given)) => (given, Searched::Found(principal)),
            Searched::Nothing => (String::new(), Searched::Nothing),
            Searched::Unknown => (String::new(), Searched::Unknown),
        }
    }

    /// What the group of a line has to hold for it to give this user.
    fn held(&self, user: &str, (before, after): (&str, &str)) -> Option<String> {
        let names = &self.compiled.names;
        let (before, after) = (names.normalized(before), names.normalized(after));
        user.strip_prefix(&*before)?.strip_suffix(&*after).map(ToString::to_string)
    }

    fn gives(&self, tried: &TriedLine<'_>, user: &str) -> bool {
        tried.line.template().is_none() && *self.compiled.names.normalized(tried.line.user) == *user
    }

    fn add_searched(&mut self, named: &Named, policy: &Policy, user: &str, way: Way, searched: Searched<String>) {
        match searched {
            Searched::Nothing => {}
            Searched::Found(example) => self.add(named, policy, user, way, Some(&example)),
            Searched::Unknown => self.add(named, policy, user, way, None),
        }
    }

    /// Adds a way; `user` is the one whom its example becomes.
    fn add(&mut self, named: &Named, policy: &Policy, user: &str, way: Way, example: Option<&str>) {
        if self.told >= WAYS_MAX {
            self.untold = self.untold.saturating_add(1);
            return;
        }
        self.told = self.told.saturating_add(1);
        let (standing, code) =
            (self.standing(user), example.and_then(|example| self.code(named, policy, user, example)));
        let way = Way { example: example.map(quoted), proved: example.is_some(), ..way };
        let known = self.users.entry(named.clone()).or_insert_with(|| ReachableUser {
            user: match named {
                Named::User(user) => quoted(user),
                Named::Family(before, after) => quoted(&format!("{before}…{after}")),
            },
            family: matches!(named, Named::Family(..)),
            standing,
            code,
            ways: Vec::new(),
        });
        known.standing = known.standing.min(standing);
        // One way that is open makes the user one who logs in.
        known.code = known.code.and(code);
        known.ways.push(way);
    }

    fn standing(&self, user: &str) -> Standing {
        match () {
            () if self.compiled.names.is_reserved(user) => Standing::Reserved,
            () if ADMINISTRATORS.contains(&user) => Standing::Administrator,
            () => Standing::Ordinary,
        }
    }

    /// Why nobody logs in so for all that; of a family only where nobody can.
    fn code(&self, named: &Named, policy: &Policy, user: &str, example: &str) -> Option<ReasonCode> {
        if matches!(named, Named::Family(..)) {
            return None;
        }
        let users = reached(self.compiled, &policy.issuer, example, self.work).ok()?;
        users.iter().find(|reached| reached.user == user)?.refused.map(|(code, _)| code)
    }
}

fn empty(policy: &Policy) -> Way {
    Way {
        issuer: one_line(&**policy.issuer),
        claim: one_line(policy.claim.as_str()),
        line: None,
        principal: None,
        pattern: None,
        capture: None,
        example: None,
        proved: false,
    }
}

fn pattern(way: Way, tried: &TriedLine<'_>) -> Way {
    Way { pattern: tried.line.pattern().map(one_line), ..way }
}

/// Names of those who may do everything.
pub(crate) const ADMINISTRATORS: [&str; 5] = ["admin", "administrator", "dba", "superuser", "sysadmin"];
