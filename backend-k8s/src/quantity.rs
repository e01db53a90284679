//! Quantities of the Kubernetes API.

use k8s_openapi::apimachinery::pkg::api::resource;

/// A quantity of the Kubernetes API that is more than 0: `10G`, `1.5Gi`, `5e9`.
///
/// ```
/// # use backend_k8s::Quantity;
/// assert!("10G".parse::<Quantity>().is_ok());
/// assert!("10GB".parse::<Quantity>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity(String);

/// Text that is not a [`Quantity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadQuantity;

impl std::fmt::Display for BadQuantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a quantity such as `10G` or `5Gi`")
    }
}

impl std::error::Error for BadQuantity {}

impl std::str::FromStr for Quantity {
    type Err = BadQuantity;

    fn from_str(text: &str) -> Result<Self, BadQuantity> {
        if is_quantity(text) { Ok(Self(text.to_owned())) } else { Err(BadQuantity) }
    }
}

impl Quantity {
    /// A quantity that this crate itself names.
    pub(crate) fn from_static(text: &'static str) -> Self {
        text.parse().expect("the constant is a quantity")
    }

    /// A quantity of a countable resource.
    pub(crate) fn of(count: u32) -> Self {
        Self(count.to_string())
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&Quantity> for resource::Quantity {
    fn from(quantity: &Quantity) -> Self {
        Self(quantity.0.clone())
    }
}

/// True for a quantity of the Kubernetes API that is not negative.
pub(crate) fn is_quantity_or_zero(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
    let is_zero = digits[..end].parse() == Ok(0.0);
    // The unit of nothing does not matter, but there has to be one or none.
    let one = format!("1{}", &digits[end..]);
    is_quantity(text) || is_zero && is_quantity(&one)
}

/// True for digits with an optional fraction and a unit or a power of ten (k8s.io/apimachinery
/// `resource.Quantity`).
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
    use super::Quantity;

    #[test]
    fn only_positive_quantities_are_taken() {
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
            assert_eq!(text.parse::<Quantity>().is_ok(), good, "{text}");
        }
    }
}
