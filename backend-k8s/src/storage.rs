//! Where volumes come from.

use flow_model::names::is_dns_subdomain;

/// What claims of volumes ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Storage {
    class: Option<String>,
    access_modes: Vec<String>,
    capacity: Option<String>,
}

/// The access modes of the Kubernetes API.
const ACCESS_MODES: [&str; 4] =
    ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

/// Text that the Kubernetes API would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadStorage(String);

impl std::fmt::Display for BadStorage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadStorage {}

impl Storage {
    /// The storage class; the cluster's own default where unset.
    ///
    /// # Errors
    ///
    /// When no object of Kubernetes can have that name.
    pub fn set_class(&mut self, class: String) -> Result<(), BadStorage> {
        if !is_dns_subdomain(&class) {
            let why =
                "expected the name of a storage class: lower-case letters, digits, `-` and `.`";
            return Err(BadStorage(why.to_owned()));
        }
        self.class = Some(class);
        Ok(())
    }

    /// Who may mount a volume; `ReadWriteOnce` unless said.
    ///
    /// # Errors
    ///
    /// When the list is empty, or one of them is no access mode.
    pub fn set_access_modes(&mut self, modes: Vec<String>) -> Result<(), BadStorage> {
        if !modes.iter().all(|mode| ACCESS_MODES.contains(&mode.as_str())) {
            let known = ACCESS_MODES.join(", ");
            return Err(BadStorage(format!("expected access modes: {known}")));
        }
        if modes.is_empty() {
            return Err(BadStorage("expected at least one access mode".to_owned()));
        }
        self.access_modes = modes;
        Ok(())
    }

    /// How much each volume holds; `10G` unless said, as in Jina's own export.
    ///
    /// # Errors
    ///
    /// When it is no quantity of the Kubernetes API.
    pub fn set_capacity(&mut self, capacity: String) -> Result<(), BadStorage> {
        if !is_quantity(&capacity) {
            return Err(BadStorage("expected a quantity such as `10G` or `5Gi`".to_owned()));
        }
        self.capacity = Some(capacity);
        Ok(())
    }

    pub(crate) fn class(&self) -> Option<&str> {
        self.class.as_deref()
    }

    pub(crate) fn access_modes(&self) -> Vec<String> {
        match self.access_modes.as_slice() {
            [] => vec![ACCESS_MODES[0].to_owned()],
            modes => modes.to_vec(),
        }
    }

    pub(crate) fn capacity(&self) -> &str {
        self.capacity.as_deref().unwrap_or("10G")
    }
}

/// A quantity of more than 0: digits, a fraction perhaps, and a unit or a power of ten, as in `1.5Gi`
/// and `5e9` (k8s.io/apimachinery `resource.Quantity`).
fn is_quantity(text: &str) -> bool {
    const UNITS: [&str; 16] =
        ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "n", "u", "m", "k", "M", "G", "T", "P", "E"];
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let is_power = |unit: &str| {
        let power = unit.strip_prefix(['e', 'E']);
        power.is_some_and(|power| !power.is_empty() && power.parse::<i8>().is_ok())
    };
    number.parse::<f64>().is_ok_and(|number| number > 0.0)
        && (UNITS.contains(&unit) || is_power(unit))
}

#[cfg(test)]
mod tests {
    use super::{Storage, is_quantity};

    #[test]
    fn only_quantities_are_capacities() {
        for (text, good) in [
            ("10G", true),
            ("1.5Gi", true),
            ("1000", true),
            ("5e9", true),
            ("1.5E+10", true),
            ("5e", false),
            ("5e1x", false),
            ("5e999", false),
            ("", false),
            ("0", false),
            ("G", false),
            ("10 G", false),
            ("10GB", false),
            ("-1G", false),
            (".5G", true),
            ("5.", true),
            ("5e9", true),
            ("5E9", true),
            ("5e-3", true),
            ("5E", true),
            ("100u", true),
            ("+1G", true),
            ("5e", false),
            ("5e9G", false),
            ("5ex", false),
            (".", false),
            ("inf", false),
            ("1..5G", false),
        ] {
            assert_eq!(is_quantity(text), good, "{text}");
        }
    }

    #[test]
    fn only_names_are_classes() {
        for (text, good) in [
            ("fast", true),
            ("gp3.ebs-1", true),
            ("A b", false),
            ("", false),
            ("-a", false),
            ("a..b", false),
            ("a\nb", false),
        ] {
            assert_eq!(Storage::default().set_class(text.to_owned()).is_ok(), good, "{text}");
        }
        assert!(Storage::default().set_class("a".repeat(254)).is_err());
    }

    #[test]
    fn only_access_modes_are_access_modes() {
        let mut storage = Storage::default();
        assert_eq!(storage.access_modes(), ["ReadWriteOnce"]);
        assert!(storage.set_access_modes(vec!["ReadWriteMany".to_owned()]).is_ok());
        assert_eq!(storage.access_modes(), ["ReadWriteMany"]);
        assert!(storage.set_access_modes(vec!["Often".to_owned()]).is_err());
        assert!(storage.set_access_modes(Vec::new()).is_err());
    }
}
