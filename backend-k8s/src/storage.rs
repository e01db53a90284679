//! Settings of persistent volumes.

use std::collections::BTreeMap;

use flow_model::Quantity;
use flow_model::names::is_dns_subdomain;
use k8s_openapi::api::core::v1::{PersistentVolumeClaimSpec, VolumeResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as ApiQuantity;

/// The settings of volume claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    class: Option<String>,
    access_modes: Vec<String>,
    capacity: Quantity,
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

impl Default for Storage {
    fn default() -> Self {
        let capacity = "10G".parse().expect("the constant is a quantity");
        Self { class: None, access_modes: Vec::new(), capacity }
    }
}

impl Storage {
    /// Sets the storage class; the default is the cluster's own.
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

    /// Sets the access modes; the default is `ReadWriteOnce`.
    ///
    /// # Errors
    ///
    /// When the list is empty, or an entry is not an access mode.
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

    /// Sets the capacity of each volume; the default is `10G`, as in Jina's own export.
    ///
    /// # Errors
    ///
    /// When the capacity is not more than 0.
    pub fn set_capacity(&mut self, capacity: Quantity) -> Result<(), BadStorage> {
        if !is_capacity(&capacity) {
            return Err(BadStorage("expected a capacity of more than 0".to_owned()));
        }
        self.capacity = capacity;
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

    pub(crate) fn capacity(&self) -> &Quantity {
        &self.capacity
    }
}

/// What is claimed for a volume.
pub(crate) struct VolumeSettings {
    pub(crate) size: ApiQuantity,
    pub(crate) class: Option<String>,
    pub(crate) access_modes: Vec<String>,
}

impl VolumeSettings {
    /// The claim.
    pub(crate) fn into_spec(self) -> PersistentVolumeClaimSpec {
        let request = ("storage".to_owned(), self.size);
        PersistentVolumeClaimSpec {
            access_modes: Some(self.access_modes),
            storage_class_name: self.class,
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([request])),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }
    }
}

/// True for more than 0.
pub(crate) fn is_capacity(quantity: &Quantity) -> bool {
    !quantity.is_zero() && !quantity.is_negative()
}

#[cfg(test)]
mod tests {
    use super::Storage;

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
    fn only_more_than_nothing_is_a_capacity() {
        for (text, good) in [
            ("10G", true),
            ("1.5Gi", true),
            ("1n", true),
            ("0", false),
            ("0Gi", false),
            ("-1G", false),
        ] {
            let capacity = text.parse().expect("a quantity");
            assert_eq!(Storage::default().set_capacity(capacity).is_ok(), good, "{text}");
        }
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
