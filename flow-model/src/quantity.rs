//! Quantities of the Kubernetes API.

use std::cmp::Ordering;
use std::str::FromStr;

/// A quantity of the Kubernetes API, such as `500m`, `1.5Gi` or `5e9`.
///
/// It keeps the text that was written. Quantities of the same amount are equal. As on the API server
/// (`k8s.io/apimachinery`, `resource.Quantity`), an amount is rounded up to a whole number of
/// billionths. Amounts above 10²⁹ are equal.
///
/// ```
/// # use flow_model::Quantity;
/// let quantity = |text: &str| text.parse::<Quantity>();
/// assert_eq!(quantity("1024Mi"), quantity("1Gi"));
/// assert!(quantity("1G") < quantity("1Gi"));
/// assert!(quantity("10GB").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Quantity {
    text: String,
    /// In billionths.
    amount: i128,
}

/// Text that is not a [`Quantity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BadQuantity;

impl std::fmt::Display for BadQuantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a quantity such as `10G` or `5Gi`")
    }
}

impl std::error::Error for BadQuantity {}

/// How many billionths are 1, as a power of ten.
const BILLIONTHS: i32 = 9;

/// Factors by which a unit multiplies.
#[derive(Clone, Copy)]
enum Factor {
    PowerOfTen(i32),
    PowerOfTwo(u32),
}

impl Factor {
    fn of(unit: &str) -> Option<Self> {
        Some(match unit {
            "n" => Self::PowerOfTen(-9),
            "u" => Self::PowerOfTen(-6),
            "m" => Self::PowerOfTen(-3),
            "" => Self::PowerOfTen(0),
            "k" => Self::PowerOfTen(3),
            "M" => Self::PowerOfTen(6),
            "G" => Self::PowerOfTen(9),
            "T" => Self::PowerOfTen(12),
            "P" => Self::PowerOfTen(15),
            "E" => Self::PowerOfTen(18),
            "Ki" => Self::PowerOfTwo(10),
            "Mi" => Self::PowerOfTwo(20),
            "Gi" => Self::PowerOfTwo(30),
            "Ti" => Self::PowerOfTwo(40),
            "Pi" => Self::PowerOfTwo(50),
            "Ei" => Self::PowerOfTwo(60),
            exponent => {
                let exponent: i8 = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
                Self::PowerOfTen(exponent.into())
            }
        })
    }
}

impl FromStr for Quantity {
    type Err = BadQuantity;

    fn from_str(text: &str) -> Result<Self, BadQuantity> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let is_part = |c: char| c.is_ascii_digit() || c == '.';
        let end = unsigned.find(|c| !is_part(c)).unwrap_or(unsigned.len());
        let (number, unit) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
            return Err(BadQuantity);
        }
        let amount = match Factor::of(unit).ok_or(BadQuantity)? {
            Factor::PowerOfTen(power) => decimal(whole, fraction, power + BILLIONTHS),
            Factor::PowerOfTwo(power) => {
                let whole = decimal(whole, "", BILLIONTHS).saturating_mul(1 << power);
                // The fraction in units of 10⁻¹⁸, times at most 2⁶⁰, fits into 128 bits.
                let fraction = decimal("", fraction, 2 * BILLIONTHS) << power;
                whole.saturating_add(fraction.div_ceil(10_u128.pow(BILLIONTHS.unsigned_abs())))
            }
        };
        let amount = i128::try_from(amount).unwrap_or(i128::MAX);
        let amount = if text.starts_with('-') { -amount } else { amount };
        Ok(Self { text: text.to_owned(), amount })
    }
}

/// A number times a power of ten, rounded up.
fn decimal(whole: &str, fraction: &str, power: i32) -> u128 {
    let digits = [whole, fraction].concat();
    let places = fraction.len();
    // How many digits stand before the point once the number is multiplied.
    let before = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_add(power.into());
    let before = usize::try_from(before).unwrap_or(0);
    let (kept, rest) = digits.split_at(before.min(digits.len()));
    let is_rest = rest.contains(|digit| digit != '0');
    let significant = kept.trim_start_matches('0');
    let number: u128 = match significant {
        "" => 0,
        digits => digits.parse().unwrap_or(u128::MAX),
    };
    let zeros = u32::try_from(before.saturating_sub(whole.len() + places)).unwrap_or(u32::MAX);
    let factor = 10_u128.checked_pow(zeros).unwrap_or(u128::MAX);
    number.saturating_mul(factor).saturating_add(is_rest.into())
}

impl Quantity {
    /// True for an amount of 0.
    pub fn is_zero(&self) -> bool {
        self.amount == 0
    }

    /// True for less than 0.
    pub fn is_negative(&self) -> bool {
        self.amount < 0
    }

    /// True for an integer.
    pub fn is_whole(&self) -> bool {
        self.amount % Self::ONE == 0
    }

    /// The amount, rounded up to an integer.
    pub fn ceil(&self) -> i128 {
        let whole = self.amount / Self::ONE;
        if self.amount > whole * Self::ONE { whole + 1 } else { whole }
    }

    /// The amount as a number of floating point.
    #[expect(clippy::cast_precision_loss, reason = "the type says it")]
    pub fn to_f64(&self) -> f64 {
        self.amount as f64 / Self::ONE as f64
    }

    /// The quantity that is most likely meant by a text which is none: `1G` by `1GB`, `512Mi` by `512mib`.
    pub fn meant(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, unit) = text.split_at(end);
        let unit = unit.to_ascii_lowercase();
        let unit = match unit.strip_suffix("bytes").or(unit.strip_suffix('b')).unwrap_or(&unit) {
            "k" => "k",
            "m" => "M",
            "g" => "G",
            "t" => "T",
            "p" => "P",
            "ki" => "Ki",
            "mi" => "Mi",
            "gi" => "Gi",
            "ti" => "Ti",
            "pi" => "Pi",
            "" => "",
            _ => return None,
        };
        format!("{}{unit}", number.trim()).parse().ok().filter(|meant: &Self| !meant.is_negative())
    }

    /// True for a size in thousandths of a byte, which is a mistake: `512m` of memory means `512Mi`.
    pub fn is_size_in_thousandths(&self) -> bool {
        self.text.ends_with('m') && !self.is_zero()
    }

    /// The text that was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    const ONE: i128 = 1_000_000_000;
}

impl From<u32> for Quantity {
    fn from(count: u32) -> Self {
        Self { text: count.to_string(), amount: i128::from(count) * Self::ONE }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.amount == other.amount
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.amount.cmp(&other.amount)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Quantity;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    #[test]
    fn amounts_are_those_of_kubernetes() {
        const N: i128 = 1_000_000_000;
        for (text, billionths) in [
            ("0", 0),
            ("1", N),
            ("+1", N),
            ("-1", -N),
            ("-1.5Ki", -1536 * N),
            ("+0.5", N / 2),
            ("1n", 1),
            ("1u", 1_000),
            ("1m", 1_000_000),
            ("1k", 1_000 * N),
            ("1M", 1_000_000 * N),
            ("1G", N * N),
            ("1T", 1_000 * N * N),
            ("1P", 1_000_000 * N * N),
            ("1E", N * N * N),
            ("1Ki", (1 << 10) * N),
            ("1Mi", (1 << 20) * N),
            ("1Gi", (1 << 30) * N),
            ("1Ti", (1 << 40) * N),
            ("1Pi", (1 << 50) * N),
            ("1Ei", (1 << 60) * N),
            ("1.5Gi", 3 * (1 << 29) * N),
            ("0.1Gi", 107_374_182_400_000_000),
            (".5", N / 2),
            ("5.", 5 * N),
            ("007", 7 * N),
            ("5e9", 5 * N * N),
            ("5E9", 5 * N * N),
            ("5e+9", 5 * N * N),
            ("1.5E+10", 15 * N * N),
            ("5e-3", 5_000_000),
            ("1e0", N),
            ("0e5", 0),
            ("0Ki", 0),
            // Rounded up to a billionth, however small it is.
            ("0.1n", 1),
            ("1e-127", 1),
            ("1.0000000001", N + 1),
            ("0.000000000000000000001E", 1_000_000),
            ("0.00000000000000000001Ki", 1),
            ("0.0000000000Ei", 0),
            // Too large to be told apart.
            ("1e127", i128::MAX),
            ("-1e127", -i128::MAX),
            ("99999999999999999999999999999999999999999", i128::MAX),
            ("99999999999999999999999Ei", i128::MAX),
        ] {
            assert_eq!(quantity(text).amount, billionths, "{text}");
            assert_eq!(quantity(text).to_string(), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "G",
            ".",
            "+",
            "-",
            ".G",
            "e5",
            "--1",
            "+-1",
            "10 G",
            " 1",
            "1 ",
            "10GB",
            "1K",
            "1g",
            "1ki",
            "1KI",
            "1mi",
            "1i",
            "1ei",
            "1B",
            "1.1.M",
            "1..5G",
            "1+1.0M",
            "1_000",
            "1,5",
            "5e",
            "5e+",
            "5e-",
            "5e1x",
            "5e9G",
            "5ex",
            "5e999",
            "5e1.5",
            "0x10",
            "inf",
            "nan",
            "٣",
            "1\u{200b}",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_meant_by_other_units_is_known() {
        for (text, meant) in [
            ("1GB", Some("1G")),
            ("512mib", Some("512Mi")),
            ("64 KB", Some("64k")),
            ("64kib", Some("64Ki")),
            (" 1.5gb", Some("1.5G")),
            ("2gibibytes", None),
            ("2GiBytes", Some("2Gi")),
            ("100mbytes", Some("100M")),
            ("3tb", Some("3T")),
            ("3tib", Some("3Ti")),
            ("4PB", Some("4P")),
            ("4PIB", Some("4Pi")),
            ("512b", Some("512")),
            ("512bytes", Some("512")),
            ("-1GB", None),
            ("GB", None),
            ("1 lot", None),
            ("512", None),
            ("", None),
        ] {
            let found = Quantity::meant(text);
            assert_eq!(found.as_ref().map(Quantity::as_str), meant, "{text}");
        }
    }

    #[test]
    fn amounts_are_compared() {
        for (smaller, larger) in [
            ("1G", "1Gi"),
            ("999m", "1"),
            ("-1", "0"),
            ("1n", "1u"),
            ("0.3", "301m"),
            ("2Ei", "3E"),
            ("1e3", "1001"),
            ("9007199254740992", "9007199254740993"),
        ] {
            assert!(quantity(smaller) < quantity(larger), "{smaller} {larger}");
            assert!(quantity(larger) > quantity(smaller), "{smaller} {larger}");
        }
        for (one, other) in [
            ("0.3", "300m"),
            ("1.1", "1100m"),
            ("1024Mi", "1Gi"),
            ("1E", "1e18"),
            ("+1", "1"),
            ("-0", "0"),
            ("0.5Ki", "512"),
            ("1000n", "1u"),
        ] {
            assert_eq!(quantity(one), quantity(other), "{one} {other}");
        }
    }

    #[test]
    fn amounts_have_properties() {
        for (text, is_whole, ceil, number) in [
            ("0", true, 0, 0.0),
            ("500m", false, 1, 0.5),
            ("-500m", false, 0, -0.5),
            ("2000m", true, 2, 2.0),
            ("1.5Gi", true, 1_610_612_736, 1_610_612_736.0),
            ("-3", true, -3, -3.0),
            ("1n", false, 1, 1e-9),
        ] {
            let quantity = quantity(text);
            assert_eq!(quantity.is_whole(), is_whole, "{text}");
            assert_eq!(quantity.ceil(), ceil, "{text}");
            assert!((quantity.to_f64() - number).abs() < f64::EPSILON, "{text}");
            assert_eq!(quantity.is_zero(), text == "0", "{text}");
            assert_eq!(quantity.is_negative(), text.starts_with('-'), "{text}");
        }
        assert_eq!(Quantity::from(3), quantity("3"));
        for (text, meant) in [
            ("1GB", Some("1G")),
            ("1gb", Some("1G")),
            ("512MiB", Some("512Mi")),
            ("512mib", Some("512Mi")),
            ("2 Gi", Some("2Gi")),
            ("2gi", Some("2Gi")),
            ("10K", Some("10k")),
            ("64kb", Some("64k")),
            ("100b", Some("100")),
            ("100 bytes", Some("100")),
            ("1.5TB", Some("1.5T")),
            ("-1GB", None),
            ("lots", None),
            ("1x", None),
            ("b", None),
            ("", None),
        ] {
            let found = Quantity::meant(text).map(|quantity| quantity.to_string());
            assert_eq!(found.as_deref(), meant, "{text}");
        }
        assert!(quantity("512m").is_size_in_thousandths());
        assert!(quantity("2000m").is_size_in_thousandths());
        assert!(!quantity("0m").is_size_in_thousandths());
        assert!(!quantity("512Mi").is_size_in_thousandths());
        assert_eq!(Quantity::from(3).as_str(), "3");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[+-]?[0-9]{0,45}[.]?[0-9]{0,45}(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,4})") {
            let _ = text.parse::<Quantity>();
        }

        #[test]
        fn integers_are_themselves(number in any::<i64>(), zeros in 0_usize..4) {
            let text = format!("{number}.{}", "0".repeat(zeros));
            prop_assert_eq!(quantity(&text).ceil(), i128::from(number));
            prop_assert!(quantity(&text).is_whole());
        }
    }
}
