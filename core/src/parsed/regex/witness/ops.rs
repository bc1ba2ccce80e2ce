//! Which steps does a regex take, one character each, where it looks at nothing but the ends of the text?

use alloc::vec::Vec;

use regex_syntax::hir::Look;

use super::super::{program::Program, steps::Step};

/// A step of a regex that takes one character at most.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Take(Vec<(char, char)>),
    Look(Look),
    Split(u32, u32),
    Goto(u32),
    Mark(u8),
    Match,
}

/// The steps, one character each; nothing where one looks at more than the ends of the text.
pub(super) fn ops(program: &Program) -> Option<Vec<Op>> {
    let (mut ops, mut places) = (Vec::new(), Vec::new());
    for &step in program.steps() {
        places.push(u32::try_from(ops.len()).ok()?);
        match step {
            Step::Literal { .. } => {
                ops.extend(program.literal(step).chars().map(|one| Op::Take([(one, one)].into())));
            }
            Step::Class { .. } => ops.push(Op::Take(program.class(step).to_vec())),
            Step::Look(look @ (Look::Start | Look::End)) => ops.push(Op::Look(look)),
            Step::Look(_) => return None,
            Step::Mark(mark) => ops.push(Op::Mark(mark)),
            Step::Split { first, second } => ops.push(Op::Split(first, second)),
            Step::Jump(to) => ops.push(Op::Goto(to)),
            Step::Match => ops.push(Op::Match),
        }
    }
    let moved = |to: u32| places.get(to as usize).copied().unwrap_or(to);
    for op in &mut ops {
        match op {
            Op::Split(first, second) => (*first, *second) = (moved(*first), moved(*second)),
            Op::Goto(to) => *to = moved(*to),
            _ => {}
        }
    }
    Some(ops)
}
