//! Every rule that this program may report.

use anyhow::{Context as _, bail};
use flow_model::{Levels, RuleInfo};

use crate::args::Compile;
use crate::{backends, config};

/// All rules, by code.
pub(crate) fn all() -> Vec<&'static RuleInfo> {
    let mut rules = flow_model::rules();
    rules.extend(flow_validate::rules::rules());
    rules.extend(backends::rules());
    rules.extend(config::RULES);
    rules.extend(flow_model::deploy::RULES);
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// The rule of a code.
pub(crate) fn find(code: &str) -> anyhow::Result<&'static RuleInfo> {
    let rules = all();
    let found = rules.iter().find(|rule| rule.code == code);
    found.copied().with_context(|| {
        let codes = rules.iter().map(|rule| rule.code);
        match flow_model::keys::nearest(code, codes) {
            Some(near) => format!("no rule has the code `{code}`; did you mean `{near}`?"),
            None => format!("no rule has the code `{code}`; `flowship explain` lists them"),
        }
    })
}

/// The word of `--deny` for every finding that is a warning.
pub(crate) const WARNINGS: &str = "warnings";

/// What `--allow`, `--warn` and `--deny` say.
pub(crate) fn levels(compile: &Compile) -> anyhow::Result<Levels> {
    let mut levels = Levels::new();
    let lists = [("allow", &compile.allow), ("warn", &compile.warn), ("deny", &compile.deny)];
    for (index, (option, codes)) in lists.iter().enumerate() {
        for code in *codes {
            let other = lists[..index].iter().find(|(_, others)| others.contains(code));
            if let Some((other, _)) = other {
                bail!("`{code}` is in both `--{other}` and `--{option}`");
            }
            match *option {
                "allow" => levels.allow(find(code)?)?,
                "warn" => levels.warn(find(code)?)?,
                _ if code == WARNINGS => levels.deny_warnings(),
                _ => levels.deny(find(code)?),
            }
        }
    }
    Ok(levels)
}
