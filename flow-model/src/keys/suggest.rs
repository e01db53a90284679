//! Did you mean …?

/// A word that was probably meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// The word.
    pub word: &'static str,
    /// How it was recognised.
    pub reason: Reason,
}

/// Why a word is taken for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A few letters differ.
    Close,
    /// The first letters of it; `jina` would take it for the whole word.
    Prefix,
    /// The whole word with something before or after it.
    Contains,
}

/// The one of `words` that was probably meant by `written`.
///
/// A word is near when at most a third of its letters differ (and never more than three), when
/// `written` is the beginning of this word alone, or when `written` holds the whole word between
/// underscores.
pub fn suggest(written: &str, words: impl IntoIterator<Item = &'static str>) -> Option<Suggestion> {
    let written = written.to_lowercase().replace('-', "_");
    let words: Vec<&'static str> = words.into_iter().collect();
    if let Some(word) = nearest(&written, words.iter().copied()) {
        return Some(Suggestion { word, reason: Reason::Close });
    }
    let mut longer = words.iter().filter(|word| word.starts_with(&written));
    if let (Some(word), None, true) = (longer.next(), longer.next(), written.len() >= 3) {
        return Some(Suggestion { word, reason: Reason::Prefix });
    }
    let contained = words.iter().filter(|word| word.len() >= 5 && holds_word(&written, word));
    contained
        .max_by_key(|word| word.len())
        .map(|word| Suggestion { word, reason: Reason::Contains })
}

/// The one of `names` that differs from `written` in the fewest letters, a third at most, but not
/// in all of them; or that has the same letters in another order.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let letters = sorted(written);
    let distances = names.into_iter().map(|name| (strsim::osa_distance(written, name), name));
    let near = distances.filter(|(distance, name)| {
        let count = name.chars().count();
        *distance <= (count / 3).clamp(1, 3) && *distance < count
            || count >= 4 && count == letters.len() && letters == sorted(name)
    });
    near.min().map(|(_, name)| name)
}

/// Whether `word` stands in `text` with an underscore or an end on both sides.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        before.is_none_or(|c| c == '_') && after.is_none_or(|c| c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::{Reason, suggest};

    #[test]
    fn recognises_what_was_meant() {
        let words = ["replicas", "replica_id", "uses", "uses_with", "uses_requests", "monitoring"];
        for (written, expected) in [
            ("replcas", Some(("replicas", Reason::Close))),
            ("Replicas", Some(("replicas", Reason::Close))),
            ("replica", Some(("replicas", Reason::Close))),
            ("sues", Some(("uses", Reason::Close))),
            ("seus", Some(("uses", Reason::Close))),
            ("uses_request", Some(("uses_requests", Reason::Close))),
            ("uses-wit", Some(("uses_with", Reason::Close))),
            ("mon", Some(("monitoring", Reason::Prefix))),
            ("rep", None),
            ("mo", None),
            ("replicas_count", Some(("replicas", Reason::Contains))),
            ("my_own_uses_with", Some(("uses_with", Reason::Contains))),
            ("myreplicas2x4", None),
            ("labels", None),
            ("gpus", None),
        ] {
            let found = suggest(written, words).map(|found| (found.word, found.reason));
            assert_eq!(found, expected, "{written}");
        }
    }
}
