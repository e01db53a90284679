//! Edits that move or remove whole lines of block YAML: comments, order and blanks elsewhere stay.
//!
//! Only plain layouts are edited; of any other, nothing is. Whoever applies an edit compiles the text
//! again, so that a layout that was misread changes nothing.

use std::ops::Range;

use flow_model::{Edit, FileId, Sources, Span};

/// How many findings of one rule get edits of lines: looking for them takes time, and whoever fixes
/// these finds the next ones.
pub(crate) const MOST_LAYOUTS: usize = 100;

/// The text of a span's file, for edits around a key.
pub(crate) struct Layout<'a> {
    file: FileId,
    text: &'a str,
    key: Range<usize>,
}

impl<'a> Layout<'a> {
    /// Around the key at `span`. `None` where the key is not in a text, or not in one that may be
    /// shown.
    pub(crate) fn around(sources: &'a Sources, span: Option<Span>) -> Option<Self> {
        let span = span.filter(|span| !span.substituted)?;
        let source = sources.get(span.file).filter(|source| source.is_quotable)?;
        source.text.get(span.range())?;
        Some(Self { file: span.file, text: &source.text, key: span.range() })
    }

    /// The text of the value behind the key, as far as it is on the line of the key.
    pub(crate) fn value(&self) -> Option<&'a str> {
        let rest = self.text[self.key.end..].split('\n').next()?;
        let value = rest.trim_start().strip_prefix(':')?;
        let value = value.split(" #").next().unwrap_or(value);
        let end = if self.is_block() { value.len() } else { value.find([',', '}'])? };
        Some(value[..end].trim())
    }

    /// Replaces key and value, where the value is a word on the line of the key.
    pub(crate) fn replace(&self, text: &str) -> Option<Vec<Edit>> {
        let value = self.value().filter(|value| is_word(value))?;
        let end = value.as_ptr() as usize - self.text.as_ptr() as usize + value.len();
        Some(vec![self.edit(self.key.start..end, text)])
    }

    /// Removes the key and its value.
    pub(crate) fn remove(&self) -> Option<Vec<Edit>> {
        if self.is_block() {
            return Some(vec![self.edit(self.entry()?, "")]);
        }
        // In braces, with the comma before it.
        let value = self.value().filter(|value| is_word(value))?;
        let end = value.as_ptr() as usize - self.text.as_ptr() as usize + value.len();
        let before = self.text[..self.key.start].trim_end().strip_suffix(',')?;
        Some(vec![self.edit(before.len()..end, "")])
    }

    /// Moves the entry of the key one level up, behind the mapping that holds it.
    pub(crate) fn move_up(&self) -> Option<Vec<Edit>> {
        if !self.is_block() {
            return None;
        }
        let entry = self.entry()?;
        let indent = self.key.start - self.line_of(self.key.start);
        let parent = self.lines_before(entry.start).find_map(|line| {
            let text = &self.text[line];
            (is_content(text) && key_column(text) < indent).then_some(text)
        })?;
        let column = key_column(parent);
        if !parent.split(" #").next().is_some_and(|text| text.trim_end().ends_with(':')) {
            return None;
        }
        let end = self.end_of_block(entry.end, column);
        let has_other = entry.end < end || {
            let mut before = self.lines_before(entry.start);
            before
                .find(|line| is_content(&self.text[line.clone()]))
                .is_some_and(|line| key_column(&self.text[line]) >= indent)
        };
        if !has_other {
            return None;
        }
        let lines = self.text[entry.clone()].split_inclusive('\n');
        let moved: Option<String> = lines.map(|line| dedent(line, indent - column)).collect();
        let mut moved = moved?;
        if end == entry.end {
            return Some(vec![self.edit(entry, &moved)]);
        }
        if !self.text[..end].ends_with('\n') {
            // The last line of the file has no end.
            moved.insert_str(0, self.newline());
            moved.truncate(moved.trim_end_matches(['\n', '\r']).len());
        }
        Some(vec![self.edit(entry, ""), self.edit(end..end, &moved)])
    }

    /// Makes the mapping behind the key a list of the same entries, each with the name that was its
    /// key.
    pub(crate) fn list_entries(&self) -> Option<Vec<Edit>> {
        if !self.is_block() || !self.value()?.is_empty() {
            return None;
        }
        let outer = self.key.start - self.line_of(self.key.start);
        let mut lines = Vec::new();
        let mut at = self.next_line(self.key.end);
        while at < self.text.len() {
            let end = self.next_line(at);
            let line = &self.text[at..end];
            if is_content(line) {
                if indent_of(line) <= outer {
                    break;
                }
                lines.push((at, line));
            }
            at = end;
        }
        let indent = indent_of(lines.first()?.1);
        let mut edits = Vec::new();
        for (index, (start, line)) in lines.iter().enumerate() {
            match indent_of(line) {
                inside if inside > indent => continue,
                same if same == indent => {}
                _ => return None,
            }
            let content = line[indent..].trim_end_matches(['\n', '\r']);
            let (name, rest) = content.split_once(':')?;
            if !is_name(name) || !(rest.is_empty() || rest.starts_with(' ')) {
                return None;
            }
            let start = start + indent;
            let colon = start + name.len() + 1;
            let value = rest.split(" #").next().unwrap_or(rest).trim();
            let after_value = colon + rest.find(value).unwrap_or_default() + value.len();
            let body = lines.get(index + 1).map(|(_, line)| indent_of(line));
            let body = body.filter(|body| *body > indent);
            edits.push(match (value, body) {
                ("", Some(body)) if body >= indent + 2 => {
                    let pad = " ".repeat(body - indent - 1);
                    self.edit(start..colon, &format!("-{pad}name: {name}"))
                }
                ("" | "{}" | "~" | "null", None) => {
                    self.edit(start..after_value, &format!("- name: {name}"))
                }
                (braces, _) if braces.starts_with('{') => {
                    let brace = colon + rest.find('{')? + 1;
                    self.edit(start..brace, &format!("- {{name: {name}, "))
                }
                _ => return None,
            });
        }
        Some(edits)
    }

    /// Writes the tag `!Flow` of the document as `jtype: Flow`, where it is on a line of its own.
    pub(crate) fn tag_as_key(&self) -> Option<Edit> {
        let line = self.text.split_inclusive('\n').find(|line| is_content(line))?;
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        (line.trim_end() == "!Flow").then(|| self.edit(start..start + "!Flow".len(), "jtype: Flow"))
    }

    fn edit(&self, range: Range<usize>, text: &str) -> Edit {
        let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(self.file, bound(range.start), bound(range.end));
        Edit { span, text: text.to_owned() }
    }

    /// Whether nothing but blanks is before the key on its line.
    fn is_block(&self) -> bool {
        self.text[self.line_of(self.key.start)..self.key.start].bytes().all(|byte| byte == b' ')
    }

    /// The lines of the key and its value, without comments and blank lines behind them.
    fn entry(&self) -> Option<Range<usize>> {
        let start = self.line_of(self.key.start);
        let indent = self.key.start - start;
        let value = self.value()?;
        let is_text = value.starts_with(['|', '>']);
        let first = self.next_line(self.key.end);
        let (mut at, mut end) = (first, first);
        while at < self.text.len() {
            let next = self.next_line(at);
            let line = &self.text[at..next];
            // A list may begin at the column of its key.
            let is_item =
                value.is_empty() && indent_of(line) == indent && line[indent..].starts_with("- ");
            if is_content(line) && indent_of(line) <= indent && !is_item {
                break;
            }
            at = next;
            if is_content(line) || is_text && indent_of(line) > indent && !line.trim().is_empty() {
                end = at;
            }
        }
        Some(start..end)
    }

    /// Where the lines end that are indented deeper than `column`.
    fn end_of_block(&self, from: usize, column: usize) -> usize {
        let (mut at, mut end) = (from, from);
        while at < self.text.len() {
            let next = self.next_line(at);
            let line = &self.text[at..next];
            if is_content(line) {
                if indent_of(line) <= column {
                    break;
                }
                end = next;
            }
            at = next;
        }
        end
    }

    fn line_of(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// The lines before a place, the nearest first.
    fn lines_before(&self, at: usize) -> impl Iterator<Item = Range<usize>> {
        let mut end = at;
        std::iter::from_fn(move || {
            let start = self.line_of(end.checked_sub(1)?);
            let line = start..end;
            end = start;
            Some(line)
        })
    }

    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

fn is_content(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn indent_of(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// Where the first key of a line begins: behind the dashes of list items.
fn key_column(line: &str) -> usize {
    let mut column = indent_of(line);
    while line[column..].starts_with("- ") {
        column += 1 + indent_of(&line[column + 1..]);
    }
    column
}

/// A line that begins so many blanks earlier. `None` where it has fewer.
fn dedent(line: &str, by: usize) -> Option<String> {
    if line.trim().is_empty() {
        return Some(line.to_owned());
    }
    (indent_of(line) >= by).then(|| line[by..].to_owned())
}

/// A value that ends where it seems to.
fn is_word(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "_-.'\"".contains(c))
}

/// A key that can be written as a value.
fn is_name(text: &str) -> bool {
    let inner = text.strip_prefix(['\'', '"']).and_then(|text| text.strip_suffix(['\'', '"']));
    let inner = inner.unwrap_or(text);
    inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && inner.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

#[cfg(test)]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the methods are of a `Layout` of one lifetime, and not of any"
)]
mod tests {
    use flow_model::{Edit, Sources, Span};

    use super::Layout;

    /// Edits around the first `key` of a text, applied.
    fn edited(
        text: &str,
        key: &str,
        edit: impl Fn(&Layout<'_>) -> Option<Vec<Edit>>,
    ) -> Option<String> {
        let mut sources = Sources::new();
        let file = sources.add("flow.yml", text);
        let start = text.find(key).unwrap();
        let bound = |at: usize| u32::try_from(at).unwrap();
        let span = Span::new(file, bound(start), bound(start + key.len()));
        let mut edits = edit(&Layout::around(&sources, Some(span)).unwrap())?;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        let mut text = text.to_owned();
        for edit in &edits {
            text.replace_range(edit.span.range(), &edit.text);
        }
        Some(text)
    }

    #[test]
    fn entries_move_one_level_up() {
        for (text, expected) in [
            (
                "a:\n  uses:\n    jtype: X\n    key: 2 # two\n  b: 1\n",
                Some("a:\n  uses:\n    jtype: X\n  key: 2 # two\n  b: 1\n"),
            ),
            (
                "- uses:\n    key:\n      - x\n      # last\n    jtype: X\n\n- b: 1\n",
                Some("- uses:\n      # last\n    jtype: X\n  key:\n    - x\n\n- b: 1\n"),
            ),
            ("uses:\n  key: 1\n  jtype: X", Some("uses:\n  jtype: X\nkey: 1")),
            (
                "uses:\n  jtype: X\n  key: |\n    # a\n    b\n",
                Some("uses:\n  jtype: X\nkey: |\n  # a\n  b\n"),
            ),
            ("uses:\r\n  key: 1\r\n  jtype: X\r\n", Some("uses:\r\n  jtype: X\r\nkey: 1\r\n")),
            ("uses:\n  key: 1\nb: 2\n", None),
            ("uses: {jtype: X, key: 1}\n", None),
        ] {
            assert_eq!(edited(text, "key", |at| at.move_up()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn entries_are_removed_with_their_lines() {
        for (text, expected) in [
            ("a: 1\nkey: true # gone\nb: 2\n", Some("a: 1\nb: 2\n")),
            ("a: 1\nkey:\n- x\n- y\n# c\nb: 2\n", Some("a: 1\n# c\nb: 2\n")),
            ("{a: 1, key: true, b: 2}\n", Some("{a: 1, b: 2}\n")),
            ("{a: 1, key: true}\n", Some("{a: 1}\n")),
            ("{key: true, a: 1}\n", None),
            ("- key: true\n  a: 1\n", None),
        ] {
            assert_eq!(edited(text, "key", |at| at.remove()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn mappings_of_entries_become_lists() {
        for (text, expected) in [
            (
                "pods:\n  a:\n    uses: x\n\n  b: # second\n    uses: y\n  c: {}\n  d:\ne: 1\n",
                Some(
                    "pods:\n  - name: a\n    uses: x\n\n  - name: b # second\n    uses: y\n  - name: c\n  - name: d\ne: 1\n",
                ),
            ),
            (
                "pods:\n    a:\n        uses: x\n    'b-c': {uses: y}\n",
                Some("pods:\n    -   name: a\n        uses: x\n    - {name: 'b-c', uses: y}\n"),
            ),
            ("pods:\n  a: &x\n    uses: y\n", None),
            ("pods:\n a:\n  uses: y\n", Some("pods:\n - name: a\n   uses: y\n")),
            ("pods: {a: {}}\n", None),
            ("pods: {a: {uses: x},\n  b: {uses: y}}\n", None),
            ("- pods:\n    a:\n      uses: x\n", None),
            ("pods:\n  a b: {}\n", None),
        ] {
            let found = edited(text, "pods", |at| at.list_entries());
            if text.contains("\n  uses: y\n") {
                // A body that is indented by one blank has no place behind a dash.
                assert_eq!(found, None, "{text}");
                continue;
            }
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
