//! `flowship explain`.

use crate::exit::Exit;
use crate::{rules, terminal};

/// Prints the explanation of one rule, or a line for each.
pub(crate) fn explain(code: Option<&str>) -> anyhow::Result<Exit> {
    let mut stdout = terminal::stdout();
    match code {
        Some(code) => {
            let rule = rules::find(code)?;
            writeln!(stdout, "{}: {}\n\n{}", rule.code, rule.summary, rule.explanation)?;
        }
        None => {
            for rule in rules::all() {
                writeln!(stdout, "{:<24} {}", rule.code, rule.summary)?;
            }
        }
    }
    Ok(Exit::Done)
}
