//! Every rule that this program may report.

use anyhow::{Context as _, bail};
use flow_model::{Levels, RuleInfo};

use crate::backends;

/// All rules, by code.
pub(crate) fn all() -> Vec<&'static RuleInfo> {
    let mut rules = flow_model::rules();
    rules.extend(flow_validate::rules::rules());
    rules.extend(backends::rules());
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

/// What `--allow` and `--deny` say.
pub(crate) fn levels(allow: &[String], deny: &[String]) -> anyhow::Result<Levels> {
    let mut levels = Levels::new();
    for code in allow {
        if deny.contains(code) {
            bail!("`{code}` is both allowed and denied");
        }
        levels.allow(find(code)?)?;
    }
    for code in deny {
        levels.deny(find(code)?);
    }
    Ok(levels)
}
