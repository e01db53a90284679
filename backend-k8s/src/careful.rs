//! Fields and objects that flowship writes by default, and that can be left out.

use std::fmt;
use std::str::FromStr;

/// A field or an object that flowship writes by default, although Kubernetes does not require it.
/// Each is named as in the Kubernetes API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CarefulDefault {
    /// A budget for each workload with several replicas: a drain of nodes evicts one of its Pods at
    /// a time.
    PodDisruptionBudget,
    /// `false`: Pods get no token of the Kubernetes API.
    AutomountServiceAccountToken,
    /// `false`: Services of the namespace set no variables in containers.
    EnableServiceLinks,
    /// A sleep before a container stops, and a grace period that is long enough for it: both follow
    /// from the longest call.
    PreStop,
    /// A rollout starts the new Pod first, unless it needs GPUs that the old one has.
    Strategy,
}

impl CarefulDefault {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::PodDisruptionBudget,
        Self::AutomountServiceAccountToken,
        Self::EnableServiceLinks,
        Self::PreStop,
        Self::Strategy,
    ];

    /// The name in the Kubernetes API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PodDisruptionBudget => "PodDisruptionBudget",
            Self::AutomountServiceAccountToken => "automountServiceAccountToken",
            Self::EnableServiceLinks => "enableServiceLinks",
            Self::PreStop => "preStop",
            Self::Strategy => "strategy",
        }
    }
}

impl fmt::Display for CarefulDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is not the name of a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownDefault;

impl fmt::Display for UnknownDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected one of {}", CarefulDefault::ALL.map(CarefulDefault::name).join(", "))
    }
}

impl std::error::Error for UnknownDefault {}

impl FromStr for CarefulDefault {
    type Err = UnknownDefault;

    fn from_str(text: &str) -> Result<Self, UnknownDefault> {
        Self::ALL.into_iter().find(|default| default.name() == text).ok_or(UnknownDefault)
    }
}

#[cfg(test)]
mod tests {
    use super::CarefulDefault;

    #[test]
    fn defaults_are_read_as_they_are_written() {
        for default in CarefulDefault::ALL {
            assert_eq!(default.to_string().parse(), Ok(default));
        }
        for text in ["", "prestop", "PreStop", "replicas"] {
            assert!(text.parse::<CarefulDefault>().is_err(), "{text}");
        }
    }
}
