//! Did you mean …?

use std::collections::{BTreeMap, BTreeSet};

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
    let written = Word::new(written);
    let names = names.into_iter().map(Word::new);
    names.filter_map(|name| Some((written.distance(name)?, name.text))).min().map(|(_, name)| name)
}

/// Whether none of `words` is as near to `written` as `word` is.
pub fn is_clear<'a>(written: &str, word: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    let written = Word::new(written);
    let Some(distance) = written.distance(Word::new(word)) else { return false };
    let others = words.into_iter().filter(|other| *other != word).map(Word::new);
    others.filter_map(|other| written.distance(other)).all(|other| other > distance)
}

/// Candidates for a misspelled name, searched many times.
///
/// Each time costs the more the more words there are, so there is an end to it: whoever asks tens
/// of thousands of times finds nothing from some time on. The same questions always get the same answers.
#[derive(Debug)]
pub struct Candidates<'a> {
    /// By their number of letters.
    words: BTreeMap<usize, Vec<Word<'a>>>,
    /// How many more letters may be compared.
    work_left: usize,
}

impl<'a> Candidates<'a> {
    /// Takes less than a tenth of a second.
    const MOST_WORK: usize = 20_000_000;

    /// These words.
    pub fn new(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_length: BTreeMap<usize, Vec<Word<'a>>> = BTreeMap::new();
        for word in words.into_iter().collect::<BTreeSet<_>>() {
            let word = Word::new(word);
            by_length.entry(word.letters).or_default().push(word);
        }
        Self { words: by_length, work_left: Self::MOST_WORK }
    }

    /// The one that is [`nearest`] to `written`, and is not `other`.
    pub fn nearest(&mut self, written: &str, other: Option<&str>) -> Option<&'a str> {
        self.nearest_and_clear(written, other).map(|(word, _)| word)
    }

    /// As [`Candidates::nearest`], and whether no other one is as near.
    pub fn nearest_and_clear(
        &mut self,
        written: &str,
        other: Option<&str>,
    ) -> Option<(&'a str, bool)> {
        let written = Word::new(written);
        let lengths = written.letters.saturating_sub(FARTHEST)..=written.letters + FARTHEST;
        let mut near = None;
        let mut is_clear = true;
        for word in self.words.range(lengths).flat_map(|(_, words)| words) {
            let work = if written.may_be_near(*word) { written.letters * word.letters } else { 1 };
            self.work_left = self.work_left.checked_sub(work)?;
            if Some(word.text) != other
                && let Some(distance) = written.distance(*word)
            {
                let found = (distance, word.text);
                is_clear =
                    near.is_none_or(|(best, _)| distance != best && (is_clear || distance < best));
                near = Some(near.map_or(found, |best| found.min(best)));
            }
        }
        near.map(|(_, word)| (word, is_clear))
    }
}

/// Words that differ in more letters are never near.
const FARTHEST: usize = 3;

/// Longer words are no names, and comparing them takes long.
const LONGEST: usize = 256;

/// A word, and what tells quickly that another one is not near.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    /// How many.
    letters: usize,
    /// A bit for each letter that it holds; some letters share one.
    set: u64,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        let set = text.chars().fold(0, |set, letter| set | 1 << (u32::from(letter) % 64));
        Self { text, letters: text.chars().count(), set }
    }

    /// In how many letters a name may differ from what was written.
    fn most(self) -> usize {
        (self.letters / 3).clamp(1, FARTHEST)
    }

    /// Whether `name` may be near: each letter that is added, left out or replaced changes the length
    /// by one and the set by two at most.
    fn may_be_near(self, name: Self) -> bool {
        self.letters <= LONGEST
            && self.letters.abs_diff(name.letters) <= name.most()
            && (self.set ^ name.set).count_ones() as usize <= 2 * name.most()
    }

    /// How far `name` is from this word, if it is near.
    fn distance(self, name: Self) -> Option<usize> {
        let distance =
            self.may_be_near(name).then(|| strsim::osa_distance(self.text, name.text))?;
        let is_close = distance <= name.most() && distance < name.letters;
        (is_close || name.letters >= 4 && self.has_letters_of(name)).then_some(distance)
    }

    fn has_letters_of(self, name: Self) -> bool {
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        self.letters == name.letters
            && self.set == name.set
            && sorted(self.text) == sorted(name.text)
    }
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
    use super::{Candidates, Reason, is_clear, nearest, suggest};

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
    #[test]
    fn the_quick_way_finds_what_comparing_all_finds() {
        let words =
            ["a", "b", "ab", "encoder", "encoders", "decoder", "indexer", "日本語", "gateway"];
        let slow = |written: &str| {
            let distances = words.map(|word| (strsim::osa_distance(written, word), word));
            let near = distances.into_iter().filter(|(distance, word)| {
                let (count, mut letters, mut others) = (
                    word.chars().count(),
                    word.chars().collect::<Vec<_>>(),
                    written.chars().collect::<Vec<_>>(),
                );
                letters.sort_unstable();
                others.sort_unstable();
                *distance <= (count / 3).clamp(1, 3) && *distance < count
                    || count >= 4 && letters == others
            });
            near.min().map(|(_, word)| word)
        };
        for written in words.iter().flat_map(|word| {
            let cut = word
                .char_indices()
                .map(|(at, c)| word[..at].to_owned() + &word[at + c.len_utf8()..]);
            let turned: String = word.chars().rev().collect();
            cut.chain([turned, format!("{word}x"), format!("x{word}yz"), format!("{word}{word}")])
        }) {
            assert_eq!(nearest(&written, words), slow(&written), "{written}");
            assert_eq!(Candidates::new(words).nearest(&written, None), slow(&written), "{written}");
        }
        assert_eq!(Candidates::new(words).nearest("encoders", Some("encoders")), Some("encoder"));
    }

    #[test]
    fn a_word_between_two_others_is_not_clear() {
        for (written, word, expected) in [
            ("encodr", "encoder", true),
            ("xncoder", "encoder", true),
            ("indexer1", "indexer2", false),
            ("other", "encoder", false),
        ] {
            let words = ["encoder", "decoder", "indexer2", "indexer3"];
            assert_eq!(is_clear(written, word, words), expected, "{written}");
            let found = Candidates::new(words).nearest_and_clear(written, None);
            assert_eq!(found.is_some_and(|(_, is_clear)| is_clear), expected, "{written}");
        }
    }

    #[test]
    fn there_is_an_end_to_looking() {
        let names: Vec<String> = (0..10_000).map(|index| format!("name{index}")).collect();
        let mut words = Candidates::new(names.iter().map(String::as_str));
        let found = (0..10_000).filter(|_| words.nearest("nime123", None).is_some()).count();
        assert!((1..10_000).contains(&found), "{found}");
        let long = "a".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }
}
