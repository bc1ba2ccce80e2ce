//! A part of a regex while it is read: its syntax tree and what the limits ask about it.

use alloc::{string::String, vec::Vec};
use core::mem;

use regex_syntax::hir::{Capture, Hir};

/// A part of the tree with what the limits ask about it.
pub(super) struct Node {
    kind: NodeKind,
    pub(super) height: usize,
    /// The product of the nested counts of repetition, as Go multiplies them.
    pub(super) repeats: u32,
}

enum NodeKind {
    Character(char),
    Tree(Hir),
}

impl Node {
    pub(super) fn character(character: char) -> Self {
        Self { kind: NodeKind::Character(character), height: 1, repeats: 1 }
    }

    pub(super) fn leaf(tree: Hir) -> Self {
        Self { kind: NodeKind::Tree(tree), height: 1, repeats: 1 }
    }

    /// The tree around a node of this height, or around several.
    pub(super) fn over(tree: Hir, height: usize, repeats: u32) -> Self {
        Self { kind: NodeKind::Tree(tree), height: height.saturating_add(1), repeats }
    }

    /// The node as a capturing group. Nobody asks for a group by name.
    pub(super) fn captured(self, index: u32) -> Self {
        let (height, repeats) = (self.height, self.repeats);
        Self::over(Hir::capture(Capture { index, name: None, sub: self.into_tree().into() }), height, repeats)
    }

    pub(super) fn into_tree(self) -> Hir {
        match self.kind {
            NodeKind::Character(character) => literal(String::from(character)),
            NodeKind::Tree(tree) => tree,
        }
    }
}

/// Nodes in a row as one; characters next to each other become one literal.
pub(super) fn concatenation(nodes: Vec<Node>) -> Node {
    let mut parts = Vec::new();
    let mut run = String::new();
    let (mut height, mut repeats) = (0, 1);
    for node in nodes {
        height = node.height.max(height);
        repeats = node.repeats.max(repeats);
        match node.kind {
            NodeKind::Character(character) => run.push(character),
            NodeKind::Tree(tree) => {
                if !run.is_empty() {
                    parts.push(literal(mem::take(&mut run)));
                }
                parts.push(tree);
            }
        }
    }
    if !run.is_empty() {
        parts.push(literal(run));
    }
    let height = if parts.len() > 1 { height.saturating_add(1) } else { height.max(1) };
    Node { kind: NodeKind::Tree(Hir::concat(parts)), height, repeats }
}

/// Nodes to choose from as one.
pub(super) fn alternation(nodes: Vec<Node>) -> Node {
    let height = nodes.iter().map(|node| node.height).max().unwrap_or(0);
    let height = if nodes.len() > 1 { height.saturating_add(1) } else { height.max(1) };
    let repeats = nodes.iter().map(|node| node.repeats).max().unwrap_or(1);
    let trees = nodes.into_iter().map(Node::into_tree).collect();
    Node { kind: NodeKind::Tree(Hir::alternation(trees)), height, repeats }
}

fn literal(run: String) -> Hir {
    Hir::literal(run.into_bytes())
}
