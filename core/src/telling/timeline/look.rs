//! What does a reader want to see, and on what?

/// What a reader wants to see, and on what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'e> {
    pub(super) file: &'e str,
    pub(super) document: Option<&'e str>,
    pub(super) width: Option<usize>,
    pub(super) verbose: bool,
    pub(super) ascii: bool,
}
