//! `cargo xtask book`: the pages of `docs` as a book.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::cache;
use crate::command::{self, run, workspace};

const MDBOOK: &str = "0.5.4";

/// Where what lies outside of `docs` can be read.
const REPOSITORY: &str = "https://github.com/flowship/flowship/blob/main/";

/// Builds `target/book`, and fails for a link that leads nowhere.
#[expect(clippy::print_stdout, reason = "it says what was checked")]
pub(crate) fn run_task() -> anyhow::Result<()> {
    let target = command::target()?;
    let (source, book) = (target.join("book-source"), target.join("book"));
    stage(&workspace().join("docs"), &source)?;
    let mut build = Command::new(cache::cargo_program("mdbook", MDBOOK)?);
    run(build.arg("build").arg(&source).arg("--dest-dir").arg(&book))?;
    let pages = pages(&book)?;
    let (count, broken) = broken_links(&book, &pages);
    for link in &broken {
        println!("{link}");
    }
    if !broken.is_empty() {
        bail!("{} links of the book lead nowhere", broken.len());
    }
    println!("{} pages, {count} links, none broken: {}", pages.len(), book.display());
    Ok(())
}

/// Copies pages, with links out of `docs` to where the book's readers find what they name.
fn stage(docs: &Path, source: &Path) -> anyhow::Result<()> {
    if source.exists() {
        fs::remove_dir_all(source)?;
    }
    fs::create_dir_all(source)?;
    for entry in fs::read_dir(docs)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let name = path.file_name().context("a page has a name")?;
        fs::write(source.join(name), text.replace("](../", &format!("]({REPOSITORY}")))?;
    }
    Ok(())
}

/// The pages of the book by their names.
fn pages(book: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(book)? {
        let path = entry?.path();
        // All pages on one, for printing.
        if path.extension().is_some_and(|end| end == "html") && !path.ends_with("print.html") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            pages.insert(name, fs::read_to_string(path)?);
        }
    }
    Ok(pages)
}

/// How many links there are within the book, and those that lead nowhere.
fn broken_links(book: &Path, pages: &BTreeMap<String, String>) -> (usize, Vec<String>) {
    let (mut count, mut broken) = (0, Vec::new());
    for (name, text) in pages {
        let links = text.split(" href=\"").skip(1).chain(text.split(" src=\"").skip(1));
        for link in links.filter_map(|rest| rest.split('"').next()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { name } else { file };
            let anchor_is_there = || {
                let page = pages.get(file).map_or("", String::as_str);
                anchor.is_empty() || page.contains(&format!("id=\"{anchor}\""))
            };
            if !book.join(file).exists() || !anchor_is_there() {
                broken.push(format!("{name}: {link}"));
            }
        }
    }
    (count, broken)
}
