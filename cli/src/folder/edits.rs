//! The differences between an edited file and an export, as line numbers.
//!
//! Only numbers: both texts may contain values of variables, and those of the older text cannot
//! even be recognised.

use std::fmt;

/// Lines of the edited file, counted from 1, each with the last line of its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edits {
    ranges: Vec<(usize, usize)>,
    /// The line after which lines are missing, if no line differs.
    missing_after: Option<usize>,
}

impl Edits {
    /// The differences between a text, which begins with a mark, and a body.
    ///
    /// Takes time in proportion to the texts: equal lines at both ends are skipped, and the rest is
    /// compared line by line if both have the same number of lines.
    pub(super) fn between(body: &str, text: &str) -> Self {
        let ours: Vec<_> = body.lines().collect();
        let theirs: Vec<_> = text.lines().skip(1).collect();
        let same = |(ours, theirs): &(&&str, &&str)| ours == theirs;
        let before = ours.iter().zip(&theirs).take_while(same).count();
        let ends = ours[before..].iter().rev().zip(theirs[before..].iter().rev());
        let after = ends.take_while(same).count();
        let ours = &ours[before..ours.len() - after];
        let theirs = &theirs[before..theirs.len() - after];
        // The mark is the first line.
        let number = |index: usize| before + index + 2;
        if theirs.is_empty() {
            return Self { ranges: Vec::new(), missing_after: Some(before + 1) };
        }
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for index in 0..theirs.len() {
            if ours.len() == theirs.len() && ours[index] == theirs[index] {
                continue;
            }
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number(index) => *last += 1,
                _ => ranges.push((number(index), number(index))),
            }
        }
        Self { ranges, missing_after: None }
    }
}

/// The maximum number of ranges that are shown.
const MAX_RANGES: usize = 10;

/// `lines 3, 7-9 differ from this export`.
impl fmt::Display for Edits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.missing_after {
            return write!(f, "lines are missing after line {line}");
        }
        let is_one = matches!(self.ranges.as_slice(), [(first, last)] if first == last);
        f.write_str(if is_one { "line " } else { "lines " })?;
        for (index, (first, last)) in self.ranges.iter().take(MAX_RANGES).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        match self.ranges.len().saturating_sub(MAX_RANGES) {
            0 => {}
            more => write!(f, " and {more} more")?,
        }
        f.write_str(if is_one { " differs" } else { " differ" })?;
        f.write_str(" from this export")
    }
}

#[cfg(test)]
mod tests {
    use super::Edits;

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        let body = "a\nb\nc\nd\n";
        for (edited, shown) in [
            ("a\nB\nc\nd\n", "line 3 differs"),
            ("a\r\nB\r\nc\r\nd\r\n", "line 3 differs"),
            ("A\nB\nc\nD\n", "lines 2-3, 5 differ"),
            ("a\nb\nx\nc\nd\n", "line 4 differs"),
            ("a\nb\nx\ny\nc\nd\n", "lines 4-5 differ"),
            ("a\nd\n", "lines are missing after line 2"),
            ("", "lines are missing after line 1"),
            ("a\nb\nc\nd\ne\n", "line 6 differs"),
            ("x\ny\n", "lines 2-3 differ"),
        ] {
            let text = format!("# mark\n{edited}");
            let edits = Edits::between(body, &text).to_string();
            assert!(edits.starts_with(shown), "{edited}: {edits}");
        }
        let many = "0\n1\n".repeat(25);
        let edits = Edits::between(&many.replace('1', "2"), &format!("# mark\n{many}"));
        let shown = "lines 3, 5, 7, 9, 11, 13, 15, 17, 19, 21 and 15 more differ from this export";
        assert_eq!(edits.to_string(), shown);
    }
}
