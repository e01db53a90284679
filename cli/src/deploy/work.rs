//! What is said while a deployer works.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::sync::Mutex;

use flow_model::DeployError;
use flow_model::deploy::{Event, ObjectName, Observer, State, Status, Step};

use super::show;
use crate::args::Global;
use crate::output::{counted, say};
use crate::terminal;

/// Prints the events of a deployer to stderr.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Work {
    is_quiet: bool,
    is_verbose: bool,
    /// Whether to ask before objects are deleted.
    pub(crate) asks: bool,
    /// Whether the states are drawn in place.
    is_live: bool,
    shown: Mutex<Printed>,
}

#[derive(Debug, Default)]
struct Printed {
    /// Output that was not printed because of `--quiet`, for the case that something fails.
    unprinted: Vec<String>,
    /// The lines of the table that is redrawn.
    drawn: usize,
    /// The last state of each workload.
    states: BTreeMap<ObjectName, (State, String)>,
}

impl Work {
    /// Prints what the command line asks for.
    pub(crate) fn new(global: Global) -> Self {
        Self {
            is_quiet: global.quiet,
            is_verbose: global.verbose,
            asks: false,
            is_live: terminal::is_live(),
            shown: Mutex::default(),
        }
    }

    /// Prints the output that was kept back, because something failed.
    pub(crate) fn replay(&self) -> anyhow::Result<()> {
        let lines = self.shown.lock().map(|mut shown| std::mem::take(&mut shown.unprinted));
        lines.unwrap_or_default().iter().try_for_each(|line| say(line))
    }

    /// The result of a deployer; if it is an error, the output that explains it is printed.
    pub(crate) fn result<T>(&self, result: Result<T, DeployError>) -> anyhow::Result<T> {
        if result.is_err() {
            self.replay()?;
        }
        Ok(result?)
    }

    /// Ends a table that is redrawn.
    pub(crate) fn finish(&self) {
        if let Ok(mut shown) = self.shown.lock() {
            shown.drawn = 0;
        }
    }

    /// The states of all workloads: a table on a terminal, elsewhere a line for each change.
    fn waiting(&self, statuses: &[Status]) {
        let Ok(mut shown) = self.shown.lock() else { return };
        if self.is_live {
            let waiting = statuses.iter().filter(|status| status.state != State::Up);
            let waiting: Vec<_> = waiting.take(MOST_LINES).cloned().collect();
            let up = statuses.iter().filter(|status| status.state == State::Up).count();
            let mut lines = show::lines(&waiting);
            lines.push(format!("{up} of {} are up", counted(statuses.len(), "workload")));
            // If stderr is closed, nobody looks.
            drop(terminal::stderr().redraw(shown.drawn, &lines));
            shown.drawn = lines.len();
            return;
        }
        for status in statuses {
            let state = (status.state, status.detail.clone());
            if shown.states.get(&status.object) != Some(&state) {
                let detail = if status.detail.is_empty() { "" } else { ": " };
                let line =
                    format!("{} is {}{detail}{}", status.object, status.state, status.detail);
                drop(say(&line));
                shown.states.insert(status.object.clone(), state);
            }
        }
    }
}

/// The most lines of a table that is redrawn; a longer one would scroll.
const MOST_LINES: usize = 12;

impl Observer for Work {
    fn event(&self, event: Event<'_>) {
        if self.is_quiet {
            if let (Event::Output(line), Ok(mut shown)) = (event, self.shown.lock()) {
                shown.unprinted.push(line.to_owned());
            }
            return;
        }
        // If stderr is closed, the line is lost.
        drop(match event {
            Event::Output(line) => say(line),
            Event::Warning { object: Some(object), text } => say(&format!("{object}: {text}")),
            Event::Warning { object: None, text } => say(text),
            Event::Step(Step::Check { objects }) => {
                say(&format!("Checking {}", counted(objects, "object")))
            }
            Event::Step(Step::Change { objects }) => {
                say(&format!("Applying {}", counted(objects, "object")))
            }
            Event::Step(Step::Wait { workloads }) => {
                say(&format!("Waiting for {}", counted(workloads, "workload")))
            }
            Event::Step(Step::Delete { objects }) => {
                say(&format!("Deleting {}", counted(objects, "object")))
            }
            Event::Changed { object, kind } if self.is_verbose => say(&format!("{kind} {object}")),
            Event::Waiting(statuses) => {
                self.waiting(statuses);
                Ok(())
            }
            _ => Ok(()),
        });
    }

    fn confirms(&self, garbage: &[ObjectName]) -> bool {
        if !self.asks {
            return true;
        }
        self.finish();
        let names: Vec<_> = garbage.iter().map(ToString::to_string).collect();
        drop(say(&format!("No longer part of the Flow: {}.\nDelete? [y/N]", names.join(", "))));
        let mut answer = String::new();
        // Whoever says nothing keeps everything.
        let is_read = std::io::stdin().lock().read_line(&mut answer).is_ok();
        is_read && matches!(answer.trim(), "y" | "Y" | "yes")
    }
}
