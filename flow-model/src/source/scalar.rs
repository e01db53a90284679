//! The values of plain scalars.

use serde_json::{Number as JsonNumber, Value};

use super::tree::{Scalar, ScalarStyle};

/// The value of a scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScalarValue<'a> {
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// Any other number, including integers that do not fit into 64 bits.
    Float(f64),
    /// Text.
    String(&'a str),
}

impl Scalar {
    /// Quoted and block scalars are text. Plain ones follow YAML 1.1 as PyYAML reads it, except
    /// that `on`, `off`, `y` and `n` are text: Jina removes these from PyYAML (`jaml/helper.py`).
    pub fn resolve(&self) -> ScalarValue<'_> {
        let text = self.text.as_str();
        if self.style != ScalarStyle::Plain {
            return ScalarValue::String(text);
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => ScalarValue::Null,
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" => ScalarValue::Bool(true),
            "false" | "False" | "FALSE" | "no" | "No" | "NO" => ScalarValue::Bool(false),
            _ => match number(text) {
                Some(Number::Int(value)) => match i64::try_from(value) {
                    Ok(value) => ScalarValue::Int(value),
                    #[expect(clippy::cast_precision_loss, reason = "it is too large to be exact")]
                    Err(_) => ScalarValue::Float(value as f64),
                },
                Some(Number::Float(value)) => ScalarValue::Float(value),
                None => ScalarValue::String(text),
            },
        }
    }

    /// The value as JSON. `None` for a number that JSON does not support or would change.
    pub(crate) fn to_json(&self) -> Option<Value> {
        Some(match self.resolve() {
            ScalarValue::Null => Value::Null,
            ScalarValue::Bool(value) => Value::Bool(value),
            ScalarValue::Int(value) => Value::Number(value.into()),
            ScalarValue::Float(value) => Value::Number(match self.unsigned() {
                Some(whole) => whole.into(),
                None if self.is_integer() => return None,
                None => JsonNumber::from_f64(value)?,
            }),
            ScalarValue::String(text) => Value::String(text.to_owned()),
        })
    }

    /// The value as an unsigned 64-bit integer, if it is one.
    pub(crate) fn unsigned(&self) -> Option<u64> {
        match number(&self.text).filter(|_| self.style == ScalarStyle::Plain)? {
            Number::Int(value) => u64::try_from(value).ok(),
            Number::Float(_) => None,
        }
    }

    /// True if the number was written without a fraction.
    pub(crate) fn is_integer(&self) -> bool {
        match self.resolve() {
            ScalarValue::Int(_) => true,
            ScalarValue::Float(_) => !self.text.contains('.'),
            ScalarValue::Null | ScalarValue::Bool(_) | ScalarValue::String(_) => false,
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || "+-.".contains(first)) {
        return None;
    }
    let (negative, digits) = match first {
        '-' => (true, &text[1..]),
        '+' => (false, &text[1..]),
        _ => (false, text),
    };
    let is_signed = digits.len() < text.len();
    let float = || float(digits, is_signed).map(|value| if negative { -value } else { value });
    integer(negative, digits).or_else(|| float().map(Number::Float))
}

enum Number {
    Int(i128),
    /// Including integers that do not fit into 128 bits.
    Float(f64),
}

/// `0b101`, `0x1F`, `017` (octal), `1_000`, `1:30` (sexagesimal).
fn integer(negative: bool, digits: &str) -> Option<Number> {
    let number = |radix: u32, digits: &str| {
        if !digits.chars().all(|c| c.is_digit(radix) || c == '_') {
            return None;
        }
        let digits: String = digits.chars().filter(|c| *c != '_').collect();
        if digits.is_empty() {
            return None;
        }
        Some(match i128::from_str_radix(&digits, radix) {
            Ok(value) => signed(negative, value),
            Err(_) => Number::Float(
                digits.chars().fold(0.0, |sum, c| {
                    sum * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0))
                }) * if negative { -1.0 } else { 1.0 },
            ),
        })
    };
    if let Some(digits) = digits.strip_prefix("0b") {
        return number(2, digits);
    }
    if let Some(digits) = digits.strip_prefix("0x") {
        return number(16, digits);
    }
    if digits.starts_with('0') {
        return number(8, digits);
    }
    if digits.contains(':') {
        return sexagesimal(digits).map(|value| signed(negative, value));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    number(10, digits)
}

fn signed(negative: bool, value: i128) -> Number {
    Number::Int(if negative { -value } else { value })
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+`
fn sexagesimal(text: &str) -> Option<i128> {
    let (first, parts) = text.split_once(':')?;
    if !is_count(first) || first.starts_with('0') {
        return None;
    }
    let mut value: i128 = first.replace('_', "").parse().ok()?;
    for part in parts.split(':') {
        let digit: i128 = part.parse().ok().filter(|_| is_sixtieth(part))?;
        value = value.checked_mul(60)?.checked_add(digit)?;
    }
    Some(value)
}

/// `[0-9][0-9_]*`
fn is_count(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && is_digits(text)
}

/// `[0-9_]*`
fn is_digits(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || c == '_')
}

/// `[0-5]?[0-9]`
fn is_sixtieth(text: &str) -> bool {
    match text.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => matches!(ten, b'0'..=b'5') && one.is_ascii_digit(),
        _ => false,
    }
}

/// `1.5`, `.5`, `1.0e+3`, `1:30.5`, `.inf`, `.nan`; an exponent needs a dot before it and a sign. Of those
/// that begin with a dot, only `.inf` may have a sign.
fn float(digits: &str, is_signed: bool) -> Option<f64> {
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if !is_signed => return Some(f64::NAN),
        _ => {}
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        None => (digits, None),
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
    };
    let (whole, fraction) = mantissa.split_once('.')?;
    let (first, minutes) = whole.split_once(':').unwrap_or((whole, ""));
    let is_whole = if whole.is_empty() {
        !is_signed && is_count(fraction)
    } else if whole.contains(':') {
        is_count(first) && minutes.split(':').all(is_sixtieth) && exponent.is_none()
    } else {
        is_count(whole)
    };
    let is_exponent = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
    });
    if !is_whole || !is_digits(fraction) || !is_exponent {
        return None;
    }
    let text = digits.replace('_', "");
    let parts = text.split(':').map(|part| part.parse::<f64>().ok());
    parts.reduce(|sum, part| Some(sum? * 60.0 + part?))?
}

#[cfg(test)]
mod tests {
    use super::{Scalar, ScalarStyle, ScalarValue};
    use ScalarValue::{Bool, Float, Int, Null, String};

    /// Checked against PyYAML 6.0 with Jina's change.
    #[test]
    fn plain_scalars_follow_yaml_1_1_without_on_and_off() {
        for (text, expected) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("Null", Null),
            ("NULL", Null),
            ("nUll", String("nUll")),
            ("true", Bool(true)),
            ("Yes", Bool(true)),
            ("YES", Bool(true)),
            ("no", Bool(false)),
            ("FALSE", Bool(false)),
            ("tRue", String("tRue")),
            ("on", String("on")),
            ("Off", String("Off")),
            ("y", String("y")),
            ("N", String("N")),
            ("0", Int(0)),
            ("-0", Int(0)),
            ("7", Int(7)),
            ("+7", Int(7)),
            ("-7", Int(-7)),
            ("1_000", Int(1000)),
            ("_1", String("_1")),
            ("0_", Int(0)),
            ("00", Int(0)),
            ("017", Int(15)),
            ("-017", Int(-15)),
            ("0o17", String("0o17")),
            ("08", String("08")),
            ("0x1F", Int(31)),
            ("0xg", String("0xg")),
            ("0x", String("0x")),
            ("0b101", Int(5)),
            ("0b2", String("0b2")),
            ("1:30", Int(90)),
            ("1:30:00", Int(5400)),
            ("1:60", String("1:60")),
            ("1:5", Int(65)),
            ("1:005", String("1:005")),
            ("1_0:30", Int(630)),
            ("1:3_0", String("1:3_0")),
            ("1:", String("1:")),
            (":1", String(":1")),
            ("0:30", String("0:30")),
            ("9223372036854775807", Int(i64::MAX)),
            ("9223372036854775808", Float(9_223_372_036_854_775_808.0)),
            ("1.5", Float(1.5)),
            ("1.", Float(1.0)),
            (".5", Float(0.5)),
            ("-.5", String("-.5")),
            ("+.5", String("+.5")),
            (".5_", Float(0.5)),
            ("._5", String("._5")),
            ("._", String("._")),
            ("1._5", Float(1.5)),
            (".", String(".")),
            ("-.", String("-.")),
            ("1.0e+3", Float(1000.0)),
            ("1.e+3", Float(1000.0)),
            ("1e3", String("1e3")),
            ("1.0e3", String("1.0e3")),
            ("1.0e+", String("1.0e+")),
            ("1.0e+_3", String("1.0e+_3")),
            (".5e-3", Float(0.0005)),
            ("-.5e+3", String("-.5e+3")),
            ("1:30.5", Float(90.5)),
            ("-1:30.5", Float(-90.5)),
            ("0:30.", Float(30.0)),
            ("1:2:3.5", Float(3723.5)),
            ("1:60.5", String("1:60.5")),
            ("1:30.5e+3", String("1:30.5e+3")),
            (":30.5", String(":30.5")),
            ("1_0.5", Float(10.5)),
            (".inf", Float(f64::INFINITY)),
            ("-.INF", Float(f64::NEG_INFINITY)),
            ("+.inf", Float(f64::INFINITY)),
            ("inf", String("inf")),
            ("-.nan", String("-.nan")),
            ("1.2.3", String("1.2.3")),
            ("127.0.0.1", String("127.0.0.1")),
            ("2020-01-01", String("2020-01-01")),
            ("-", String("-")),
            ("+", String("+")),
            ("--1", String("--1")),
            ("1-2", String("1-2")),
            ("1a", String("1a")),
            ("é", String("é")),
        ] {
            let scalar = Scalar { text: text.to_owned(), style: ScalarStyle::Plain };
            assert_eq!(scalar.resolve(), expected, "{text}");
            for style in [ScalarStyle::Quoted, ScalarStyle::Block] {
                let scalar = Scalar { text: text.to_owned(), style };
                assert_eq!(scalar.resolve(), String(text));
            }
        }
        let nan = Scalar { text: ".nan".to_owned(), style: ScalarStyle::Plain };
        assert!(matches!(nan.resolve(), Float(value) if value.is_nan()));
    }
}
