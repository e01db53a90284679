//! `flowship explain`.

use flow_model::Level;

use crate::exit::Exit;
use crate::{markdown, rules, terminal};

/// Prints the explanation of one rule, or a line for each.
pub(crate) fn explain(code: Option<&str>) -> anyhow::Result<Exit> {
    let mut stdout = terminal::stdout();
    match code {
        Some(code) => {
            let rule = rules::find(code)?;
            let bold = anstyle::Style::new().bold();
            stdout.styled(bold, rule.code)?;
            let level = match rule.level {
                Level::Error => "error",
                Level::Denied => "error, can be allowed",
                Level::Warning => "warning",
                Level::Note => "note",
            };
            writeln!(stdout, " ({level}): {}\n", rule.summary)?;
            markdown::draw(rule.explanation, &mut stdout)?;
        }
        None => {
            for rule in rules::all() {
                writeln!(stdout, "{:<24} {}", rule.code, rule.summary)?;
            }
        }
    }
    Ok(Exit::Done)
}
