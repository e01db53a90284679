//! `${NAME}` and `${NAME:-DEFAULT}` in a value, as `dotenv/variables.py` reads them.

/// The text with every reference replaced; any other `$` is kept. `None` if it would have more than
/// `most` bytes.
pub(super) fn expand<'a>(
    text: &str,
    value_of: impl Fn(&str) -> Option<&'a str>,
    most: usize,
) -> Option<String> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((start, reference)) = find(rest) {
        expanded.push_str(&rest[..start]);
        expanded.push_str(value_of(reference.name).unwrap_or(reference.default));
        rest = &rest[reference.end..];
        if expanded.len() > most {
            return None;
        }
    }
    expanded.push_str(rest);
    (expanded.len() <= most).then_some(expanded)
}

struct Reference<'a> {
    name: &'a str,
    default: &'a str,
    /// The end of the reference.
    end: usize,
}

/// The first reference and its start.
fn find(text: &str) -> Option<(usize, Reference<'_>)> {
    let mut from = 0;
    loop {
        let name_at = from + text[from..].find("${")? + 2;
        // Every name up to here ends at the same place.
        let name_end = name_at + text[name_at..].find([':', '}'])?;
        let (default, end) = match text[name_end..].strip_prefix(":-") {
            Some(rest) => {
                let length = rest.find('}')?;
                (&rest[..length], name_end + 2 + length + 1)
            }
            None if text[name_end..].starts_with('}') => ("", name_end + 1),
            None => {
                // No reference that begins before the colon is one.
                from = name_end;
                continue;
            }
        };
        return Some((name_at - 2, Reference { name: &text[name_at..name_end], default, end }));
    }
}
