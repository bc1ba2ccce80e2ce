//! Regexes as the database has them: read in its dialect (Go's, which is RE2's), and matched within a budget.

mod fixed;
mod fold;
mod program;
mod re2;
mod steps;
mod witness;

pub(crate) use fixed::{Fixed, TEXTS_MAX, told_by};
pub(crate) use fold::folded;
pub(crate) use program::Program;
pub(crate) use re2::{Reading, Regex, parse};
pub(crate) use witness::{
    Searched, Target, Wanted, captures_differ, cut_short, outside, shortest, shortest_of_several, two_ways,
};
