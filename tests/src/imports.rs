//! Which files of a crate import which? Read from their tokens, so that what stands in a macro counts and what stands in a
//! comment does not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The files of a crate and their imports; tests are left out.
#[derive(Debug, Default)]
pub struct Imports {
    /// Files by their module paths, the crate's root being the empty one.
    modules: BTreeMap<Vec<String>, String>,
    /// Every import of one file by another, the first line of each.
    pub all: BTreeMap<(String, String), usize>,
    /// Files named `mod.rs` that do more than name other files, with the line of the first thing that they define.
    pub busy: BTreeMap<String, usize>,
}

impl Imports {
    /// Reads the crate whose source is in this folder.
    ///
    /// # Panics
    /// If a file cannot be read.
    #[must_use]
    pub fn of(source: &Path) -> Self {
        let mut imports = Self::default();
        let mut files = Vec::new();
        imports.find(source, &mut Vec::new(), &mut files);
        for (module, name, tokens) in files {
            let mut file = File { imports: &mut imports, name: &name, children: children(&tokens) };
            file.read(tokens, &module, 0);
        }
        imports
    }

    /// Collects a folder's files, each with its module path.
    fn find(&mut self, folder: &Path, module: &mut Vec<String>, files: &mut Vec<(Vec<String>, String, TokenStream)>) {
        let root = ["lib.rs", "mod.rs"].iter().map(|name| folder.join(name)).find(|path| path.exists());
        let root = root.unwrap_or_else(|| folder.with_extension("rs"));
        let tokens = self.add(&root, module, files);
        for child in children(&tokens) {
            module.push(child.clone());
            let inside = folder.join(&child);
            if inside.with_extension("rs").exists() && !inside.exists() {
                self.add(&inside.with_extension("rs"), module, files);
            } else {
                self.find(&inside, module, files);
            }
            module.pop();
        }
    }

    fn add(
        &mut self,
        path: &Path,
        module: &[String],
        files: &mut Vec<(Vec<String>, String, TokenStream)>,
    ) -> TokenStream {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let depth = module.len() + usize::from(!path.ends_with("lib.rs") && path.ends_with("mod.rs"));
        let parts: Vec<_> = path.iter().rev().take(depth.max(1)).map(|part| part.to_string_lossy()).collect();
        let name = parts.into_iter().rev().collect::<Vec<_>>().join("/");
        self.modules.insert(module.to_vec(), name.clone());
        files.push((module.to_vec(), name, tokens.clone()));
        tokens
    }

    /// The files that import each other in a ring, each ring once.
    #[must_use]
    pub fn circles(&self) -> Vec<BTreeSet<&str>> {
        let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for start in self.modules.values() {
            let mut open = vec![start.as_str()];
            let known = reached.entry(start).or_default();
            while let Some(file) = open.pop() {
                let imports = self.all.keys().filter(|(from, _)| from == file).map(|(_, to)| to.as_str());
                open.extend(imports.filter(|to| known.insert(to)));
            }
        }
        let with = |file: &str| {
            reached
                .keys()
                .copied()
                .filter(|&other| reached[file].contains(other) && reached[other].contains(file))
                .collect()
        };
        let circles: BTreeSet<BTreeSet<&str>> =
            reached.keys().copied().filter(|&file| reached[file].contains(file)).map(with).collect();
        circles.into_iter().collect()
    }
}

/// A file while its tokens are read.
struct File<'i> {
    imports: &'i mut Imports,
    name: &'i str,
    /// The modules that it declares.
    children: BTreeSet<String>,
}

impl File<'_> {
    /// Reads tokens; `inline` modules of the file itself stand around them.
    fn read(&mut self, tokens: TokenStream, module: &[String], inline: usize) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        let mut before = String::new();
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' && is_for_tests(rest) => rest = after_item(rest),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    before = if before == ":" { "::".into() } else { ":".into() };
                    continue;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                TokenTree::Group(group) => {
                    let is_module = before.starts_with("mod ") && group.delimiter() == Delimiter::Brace;
                    self.read(group.stream(), module, inline + usize::from(is_module));
                }
                TokenTree::Ident(ident) => {
                    let (word, line) = (ident.to_string(), ident.span().start().line);
                    if DEFINING.contains(&word.as_str()) && self.name.ends_with("/mod.rs") {
                        self.imports.busy.entry(self.name.into()).or_insert(line);
                    }
                    if before != "::" && is_path(rest) {
                        rest = self.path(&word, rest, module, inline, line);
                    }
                    before = if before == "mod" { format!("mod {word}") } else { word };
                    continue;
                }
            }
            before.clear();
        }
    }

    /// Notes a path that begins with this word, if it leads to a file of the crate; gives the tokens after it.
    fn path<'t>(
        &mut self,
        first: &str,
        tokens: &'t [TokenTree],
        module: &[String],
        inline: usize,
        line: usize,
    ) -> &'t [TokenTree] {
        let start = match first {
            "crate" => Vec::new(),
            // The file itself, or a file beside it that the inline module names through it.
            "self" | "super" if inline > 0 => return tokens,
            "self" => module.to_vec(),
            "super" => module.split_last().map_or_else(Vec::new, |(_, parent)| parent.to_vec()),
            child if self.children.contains(child) => [module, &[child.into()]].concat(),
            _ => return tokens,
        };
        let mut paths = Vec::new();
        let rest = follow(tokens, start, line, &mut paths);
        for (path, line) in paths {
            let file = (0..=path.len()).rev().find_map(|end| self.imports.modules.get(&path[..end]));
            if let Some(file) = file.filter(|file| *file != self.name) {
                self.imports.all.entry((self.name.into(), file.clone())).or_insert(line);
            }
        }
        rest
    }
}

/// Words that define something, where a table of contents only names other files.
const DEFINING: [&str; 9] = ["fn", "struct", "enum", "trait", "impl", "const", "static", "type", "macro_rules"];

/// The modules that a file declares and that are files of their own.
fn children(tokens: &TokenStream) -> BTreeSet<String> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut children = BTreeSet::new();
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match (token, after) {
            (TokenTree::Punct(punct), _) if punct.as_char() == '#' && is_for_tests(after) => rest = after_item(after),
            (TokenTree::Ident(word), [TokenTree::Ident(name), TokenTree::Punct(_), ..]) if word == "mod" => {
                children.insert(name.to_string());
            }
            _ => {}
        }
    }
    children
}

/// Whether an attribute follows that says that its item is for tests alone.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Group(attribute), ..] = tokens else { return false };
    let text: String = attribute.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(any(test,")
}

/// What follows the item that an attribute is about.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    tokens.iter().position(ends).map_or(&[], |end| &tokens[end + 1..])
}

/// Whether two colons follow.
fn is_path(tokens: &[TokenTree]) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    tokens.len() > 2 && tokens[..2].iter().all(is_colon)
}

/// Collects the paths that go on from here, through the braces of an import, each with its line; gives the tokens after them.
fn follow<'t>(
    mut tokens: &'t [TokenTree],
    mut path: Vec<String>,
    mut line: usize,
    paths: &mut Vec<(Vec<String>, usize)>,
) -> &'t [TokenTree] {
    while is_path(tokens) {
        match &tokens[2] {
            TokenTree::Ident(ident) => {
                line = ident.span().start().line;
                step(&mut path, &ident.to_string());
                tokens = &tokens[3..];
            }
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                let mut rest = inside.as_slice();
                while let Some((token, after)) = rest.split_first() {
                    rest = after;
                    if let TokenTree::Ident(ident) = token {
                        let mut branch = path.clone();
                        step(&mut branch, &ident.to_string());
                        rest = follow(after, branch, ident.span().start().line, paths);
                        // `as name` is no path of its own.
                        if let [TokenTree::Ident(word), _, others @ ..] = rest
                            && word == "as"
                        {
                            rest = others;
                        }
                    }
                }
                return &tokens[3..];
            }
            _ => break,
        }
    }
    paths.push((path, line));
    tokens
}

fn step(path: &mut Vec<String>, name: &str) {
    match name {
        "super" => drop(path.pop()),
        "self" => {}
        name => path.push(name.into()),
    }
}
