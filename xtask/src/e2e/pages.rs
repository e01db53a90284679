//! Commands of pages that need something real.

use std::path::Path;

use flowship_tests::pages::{self, Needs};

/// Runs what needs just this, in all pages. Returns what pages do not show as it is.
#[expect(clippy::print_stdout, reason = "it says what was compared")]
pub(crate) fn run(programs: &[&Path], needs: Needs, variables: &[(&str, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    for page in pages::pages() {
        match pages::run(&page, programs, needs, variables) {
            Ok(0) => {}
            Ok(count) => println!("{count} commands of {} print what it shows", page.display()),
            Err(why) => problems.push(why),
        }
    }
    problems
}
