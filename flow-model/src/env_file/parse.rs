//! Lines of a file of variables, as `dotenv/parser.py` reads them.

/// The quotes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// `'VALUE'`.
    Single,
    /// `"VALUE"`, or none.
    Other,
}

/// A name with its value, if it has one.
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: Option<(String, Quotes)>,
}

/// A line and its start.
pub(super) struct Parsed {
    pub(super) at: usize,
    /// The assignment, or the reason why the line is neither an assignment nor a comment.
    pub(super) line: Result<Assignment, &'static str>,
}

/// The lines of a text that set a variable, and those that cannot be read.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Takes the characters for which `is_part` is true.
    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn take_prefix(&mut self, prefix: &str) -> bool {
        let has_it = self.rest().starts_with(prefix);
        self.at += if has_it { prefix.len() } else { 0 };
        has_it
    }

    fn take_export(&mut self) {
        let word = "export";
        if self.rest().strip_prefix(word).is_some_and(|rest| rest.starts_with(is_blank)) {
            self.at += word.len();
            self.take(is_blank);
        }
    }

    /// One line; `None` for a comment.
    fn line(&mut self) -> Result<Option<Assignment>, &'static str> {
        self.take_export();
        let name = match self.rest().chars().next() {
            Some('#') => None,
            Some('\'') => Some(self.quoted_name()?),
            _ => Some(self.take(|c| c != '=' && c != '#' && !is_space(c))),
        };
        if name == Some("") {
            return Err("expected a name before `=`");
        }
        self.take(is_blank);
        let value = if self.take_prefix("=") { Some(self.value()?) } else { None };
        self.take(is_blank);
        if self.rest().starts_with('#') {
            self.take(|c| !is_line_break(c));
        }
        if !(self.rest().is_empty()
            || self.take_prefix("\r\n")
            || self.take_prefix("\n")
            || self.take_prefix("\r"))
        {
            return Err(if value.is_some() {
                "expected only a comment after the quoted value"
            } else {
                "expected `=` after the name"
            });
        }
        Ok(name.map(|name| Assignment {
            // Python and Compose read every line end as `\n`.
            name: name.replace("\r\n", "\n").replace('\r', "\n"),
            value,
        }))
    }

    fn quoted_name(&mut self) -> Result<&'a str, &'static str> {
        let quoted = self.rest()[1..].split_once('\'').filter(|(name, _)| !name.is_empty());
        let (name, _) = quoted.ok_or("expected a name in quotes")?;
        self.at += name.len() + 2;
        Ok(name)
    }

    fn value(&mut self) -> Result<(String, Quotes), &'static str> {
        let blank = self.take(is_blank);
        match self.rest().chars().next() {
            // After a space it begins a comment, which is skipped at the end of the line.
            Some('#') if !blank.is_empty() => Ok((String::new(), Quotes::Other)),
            Some('\'') => Ok((self.quoted('\'', single)?, Quotes::Single)),
            Some('"') => Ok((self.quoted('"', double)?, Quotes::Other)),
            _ => Ok((unquoted(self.take(|c| !is_line_break(c))).to_owned(), Quotes::Other)),
        }
    }

    /// A value in quotes, which may contain line breaks.
    fn quoted(
        &mut self,
        quote: char,
        escape: fn(char) -> Option<char>,
    ) -> Result<String, &'static str> {
        let mut value = String::new();
        let mut rest = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = rest.next() {
            // As above.
            let is_crlf = |next: &(usize, char)| next.1 == '\n';
            match c {
                c if c == quote => {
                    self.at += at + 1;
                    return Ok(value);
                }
                '\r' => {
                    value.push('\n');
                    rest.next_if(is_crlf);
                }
                '\\' => match rest.next().ok_or(UNCLOSED)?.1 {
                    '\r' => {
                        value.push_str("\\\n");
                        rest.next_if(is_crlf);
                    }
                    escaped => match escape(escaped) {
                        Some(c) => value.push(c),
                        None => value.extend(['\\', escaped]),
                    },
                },
                c => value.push(c),
            }
        }
        Err(UNCLOSED)
    }
}

const UNCLOSED: &str = "the quote is not closed";

impl Iterator for Lines<'_> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        loop {
            self.take(is_space);
            if self.rest().is_empty() {
                return None;
            }
            let at = self.at;
            match self.line() {
                Ok(Some(line)) => return Some(Parsed { at, line: Ok(line) }),
                Ok(None) => {}
                Err(why) => {
                    // Parsing continues at the end of the line in which it failed.
                    self.take(|c| !is_line_break(c));
                    return Some(Parsed { at, line: Err(why) });
                }
            }
        }
    }
}

/// A value without quotes, up to a comment.
fn unquoted(line: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| line[..*at].ends_with(is_space);
    let end = line.match_indices('#').find(is_comment).map_or(line.len(), |(at, _)| at);
    line[..end].trim_end_matches(is_space)
}

fn single(c: char) -> Option<char> {
    matches!(c, '\\' | '\'').then_some(c)
}

fn double(c: char) -> Option<char> {
    Some(match c {
        '\\' | '\'' | '"' => c,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        _ => return None,
    })
}

fn is_line_break(c: char) -> bool {
    c == '\n' || c == '\r'
}

/// True for Python's `\s`, which includes the ASCII separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

fn is_blank(c: char) -> bool {
    is_space(c) && !is_line_break(c)
}
