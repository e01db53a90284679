//! What can be wrong with a configuration file.

use flow_model::{Level, RuleInfo};

/// A setting that cannot be read.
pub(crate) static BAD_SETTING: RuleInfo = RuleInfo {
    code: "bad-setting",
    level: Level::Error,
    summary: "a setting in `flowship.toml` that is unknown or has a wrong value",
    explanation: "\
`flowship.toml` takes the options of the command line under the same names, and tables `profile.NAME` \
of the same settings, which override the others with `--profile NAME`. `flowship config` shows the \
settings in effect.

```toml
mesh = \"istio\"
env-file = \"test.env\"
deny = [\"warnings\"]

[image]
encoder = \"registry.example.com/encoder:1.2\"

[profile.prod]
k8s-namespace = \"shop\"
```",
};

/// The rules of this module.
pub(crate) static RULES: &[&RuleInfo] = &[&BAD_SETTING];
