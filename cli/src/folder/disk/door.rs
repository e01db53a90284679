//! Ends an export at one of its changes.

use std::cell::{Cell, RefCell};
use std::io;

/// The event at a change.
pub(in crate::folder) enum Event {
    /// The process is killed: this change and all after it do not happen.
    Kill,
    /// The change fails, and the export continues as it likes.
    Fail,
    /// Another process does something, then the change happens.
    Meanwhile(Box<dyn FnOnce()>),
}

thread_local! {
    static PLANNED: RefCell<Option<(u32, Event)>> = const { RefCell::new(None) };
    static NO_LOCKS: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` as on a file system without locks.
pub(in crate::folder) fn without_locks<T>(work: impl FnOnce() -> T) -> T {
    NO_LOCKS.set(true);
    let result = work();
    NO_LOCKS.set(false);
    result
}

pub(in crate::folder) fn has_no_locks() -> bool {
    NO_LOCKS.get()
}

/// Runs `work`, with `event` at its change number `step`, counted from 0. Returns whether that
/// change was reached.
pub(in crate::folder) fn with<T>(step: u32, event: Event, work: impl FnOnce() -> T) -> (T, bool) {
    PLANNED.set(Some((step, event)));
    let result = work();
    let left = PLANNED.take();
    let happened = matches!(left, None | Some((0, Event::Kill)));
    (result, happened)
}

pub(super) fn step() -> io::Result<()> {
    let failed = |what| Err(io::Error::other(what));
    match PLANNED.take() {
        None => Ok(()),
        Some((0, Event::Kill)) => {
            PLANNED.set(Some((0, Event::Kill)));
            failed("killed")
        }
        Some((0, Event::Fail)) => failed("failed"),
        Some((0, Event::Meanwhile(work))) => {
            work();
            Ok(())
        }
        Some((left, event)) => {
            PLANNED.set(Some((left - 1, event)));
            Ok(())
        }
    }
}
