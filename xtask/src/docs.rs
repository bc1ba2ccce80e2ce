//! The book in `docs/`: built, its links followed, and the commands of its pages run.
//!
//! The pages on servers need servers and run in `tests/servers/test_docs.py`; all others run here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    python,
    shell::{root, run, succeeds},
    test::Tool,
};

/// What builds the book. It may also lie where `.ci/run` puts it.
pub(crate) const MDBOOK: Tool = (
    "mdbook --version",
    "python3 -m pip install --require-hashes --only-binary :all: --requirement .ci/tools.txt    (mdBook, ready-made)",
);

/// How many commands a page on an identity provider has at least.
const COMMANDS: &str = "4";

/// Checks the book, with the Python package as it is now.
pub(crate) fn run_checks(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    if let Some(other) = arguments.next() {
        return Err(format!("`cargo xtask docs` has no option `{other}`"));
    }
    build()?;
    commands(&python::package()?)?;
    println!("\nthe book is in {}", book().join("index.html").display());
    Ok(ExitCode::SUCCESS)
}

/// Checks the book, with the Python package that its own checks have installed before.
pub(crate) fn all() -> Result<(), String> {
    build()?;
    commands(&python::installed())
}

/// Builds the book, and looks for pages that nobody finds and links that lead nowhere.
fn build() -> Result<(), String> {
    let mut faults = unlisted()?;
    run(Command::new(mdbook()?).args(["build", "docs"]).current_dir(root()))?;
    faults.extend(dead_links()?);
    if faults.is_empty() { Ok(()) } else { Err(format!("the book has faults:\n  {}", faults.join("\n  "))) }
}

/// Runs the commands of the pages that need no server.
fn commands(python: &Path) -> Result<(), String> {
    let (providers, others): (Vec<_>, Vec<_>) = pages()?
        .into_iter()
        .filter(|page| page != "SUMMARY.md" && !page.starts_with("servers/"))
        .partition(|page| page.starts_with("providers/"));
    for (pages, least) in [(providers, COMMANDS), (others, "0")] {
        let paths = pages.iter().map(|page| source().join(page));
        let mut runner = Command::new(python);
        runner.args(["tests/servers/run_page.py", "--at-least", least]).args(paths).current_dir(root());
        run(&mut runner)?;
    }
    Ok(())
}

fn mdbook() -> Result<PathBuf, String> {
    let beside = root().join("target/tools/bin/mdbook");
    if succeeds(MDBOOK.0) {
        Ok("mdbook".into())
    } else if beside.exists() {
        Ok(beside)
    } else {
        Err(format!("`{}` does not run; install it with: {}", MDBOOK.0, MDBOOK.1))
    }
}

fn source() -> PathBuf {
    root().join("docs/src")
}

fn book() -> PathBuf {
    root().join("target/docs")
}

/// The pages' names below `docs/src`.
fn pages() -> Result<Vec<String>, String> {
    files(&source(), "md")
}

/// Pages that `SUMMARY.md` does not name. Those that it names and that are not there stop mdBook.
fn unlisted() -> Result<Vec<String>, String> {
    let summary = read(&source().join("SUMMARY.md"))?;
    let pages = pages()?.into_iter().filter(|page| page != "SUMMARY.md" && !summary.contains(&format!("]({page})")));
    Ok(pages.map(|page| format!("docs/src/{page}: docs/src/SUMMARY.md does not name it")).collect())
}

/// Links of the built pages to pages, parts of pages and files that are not there. No address outside the book is asked.
fn dead_links() -> Result<Vec<String>, String> {
    // One is shown at any address, the other is all pages in one.
    let names = files(&book(), "html")?.into_iter().filter(|name| name != "404.html" && name != "print.html");
    let mut texts = BTreeMap::new();
    for name in names {
        texts.insert(PathBuf::from(&name), read(&book().join(&name))?);
    }
    let places: BTreeMap<_, BTreeSet<_>> =
        texts.iter().map(|(name, text)| (name.clone(), attributes(text, "id").collect())).collect();
    let mut faults = Vec::new();
    for (name, text) in &texts {
        for link in attributes(text, "href").chain(attributes(text, "src")) {
            if link.split(['/', '?', '#']).next().is_some_and(|scheme| scheme.contains(':')) {
                continue;
            }
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { name.clone() } else { beside(name, file) };
            let found = book().join(&target).is_file()
                && (place.is_empty() || places.get(&target).is_none_or(|places| places.contains(place)));
            if !found {
                faults.push(format!("{}: the link `{link}` leads nowhere", name.display()));
            }
        }
    }
    Ok(faults)
}

/// What the attributes of that name hold.
fn attributes<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let before = format!(" {name}=\"");
    let pieces: Vec<_> = text.split(before.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect();
    pieces.into_iter()
}

/// A file that a page names as one beside it.
fn beside(page: &Path, file: &str) -> PathBuf {
    let mut target = page.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir => drop(target.pop()),
            Component::Normal(part) => target.push(part),
            _ => {}
        }
    }
    target
}

/// The names of all files with that ending below a folder.
fn files(folder: &Path, ending: &str) -> Result<Vec<String>, String> {
    let (mut names, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(open) = folders.pop() {
        let entries = fs::read_dir(&open).map_err(|error| format!("{}: {error}", open.display()))?;
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                names.extend(path.strip_prefix(folder).ok().map(|name| name.display().to_string()));
            }
        }
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
