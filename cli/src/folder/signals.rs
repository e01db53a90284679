//! Signals that end an export. They are delayed until the folder is unchanged or complete.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::low_level;

use super::error::FolderError;

/// What may end an export before its first change.
pub(super) enum Signals<'a> {
    /// Signals, which do not end the process while this lives.
    Held(&'static Watch),
    /// The caller, who handles signals itself; asked whether to stop.
    Caller(&'a dyn Fn() -> bool),
}

/// The state of the handlers.
#[derive(Debug)]
pub(super) struct Watch {
    /// The received signal, or 0.
    caught: Arc<AtomicUsize>,
    /// Whether signals have their default effect again.
    is_over: Arc<AtomicBool>,
}

impl Signals<'_> {
    pub(super) fn hold() -> io::Result<Self> {
        let watch = watch()?;
        watch.is_over.store(false, Ordering::SeqCst);
        Ok(Self::Held(watch))
    }

    /// Fails if a signal was received.
    pub(super) fn check(&self) -> Result<(), FolderError> {
        self.interrupted(false)
    }

    /// Restores the default effect of signals, and fails if one was received meanwhile.
    pub(super) fn release<T>(self, done: Result<T, FolderError>) -> Result<T, FolderError> {
        if let Self::Held(watch) = &self {
            watch.is_over.store(true, Ordering::SeqCst);
        }
        let done = done?;
        self.interrupted(true).map(|()| done)
    }

    fn interrupted(&self, is_done: bool) -> Result<(), FolderError> {
        let caught = match self {
            Self::Held(watch) => watch.caught.load(Ordering::SeqCst),
            // Whoever asked to stop hears of a complete export that it is complete.
            Self::Caller(is_stopped) => usize::from(!is_done && is_stopped()),
        };
        match i32::try_from(caught) {
            Ok(0) | Err(_) => Ok(()),
            Ok(signal) => Err(FolderError::Interrupted { signal, is_done }),
        }
    }
}

/// Ends the process by the signal, so that the parent process sees why.
pub(crate) fn die_of(signal: i32) {
    // Where that is not possible, an exit code follows.
    let _ = low_level::emulate_default_handler(signal);
}

#[cfg(not(test))]
use handlers::watch;
#[cfg(test)]
use of_tests::watch;

#[cfg(not(test))]
mod handlers {
    use std::io;
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, OnceLock};

    use signal_hook::{consts, flag};

    use super::Watch;

    /// Handlers cannot be removed, so they are installed once.
    pub(super) fn watch() -> io::Result<&'static Watch> {
        static WATCH: OnceLock<io::Result<Watch>> = OnceLock::new();
        let watch = WATCH.get_or_init(set).as_ref();
        watch.map_err(|error| io::Error::new(error.kind(), error.to_string()))
    }

    fn set() -> io::Result<Watch> {
        let watch = Watch { caught: Arc::default(), is_over: Arc::new(AtomicBool::new(true)) };
        let mut signals = consts::TERM_SIGNALS.to_vec();
        #[cfg(unix)]
        signals.push(consts::SIGHUP);
        for signal in signals.into_iter().filter(|signal| !is_ignored(*signal)) {
            flag::register_conditional_default(signal, watch.is_over.clone())?;
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, watch.caught.clone(), number)?;
        }
        Ok(watch)
    }

    /// True if the parent process made the program ignore a signal, as `nohup` does. Only known on
    /// Linux.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask =
            mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
        u32::try_from(signal - 1)
            .is_ok_and(|bit| mask.checked_shr(bit).unwrap_or_default() & 1 == 1)
    }
}

/// Tests install no handlers, so a signal to the test run ends the run, and not only the export that
/// holds signals at that moment. Each thread has its own state.
#[cfg(test)]
pub(super) mod of_tests {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::Watch;

    thread_local! {
        static WATCH: &'static Watch = Box::leak(Box::new(Watch {
            caught: Arc::new(AtomicUsize::new(0)),
            is_over: Arc::new(AtomicBool::new(true)),
        }));
    }

    #[expect(clippy::unnecessary_wraps, reason = "handlers may not be set")]
    pub(super) fn watch() -> io::Result<&'static Watch> {
        Ok(WATCH.with(|watch| *watch))
    }

    /// Receives a signal, or forgets it (0).
    pub(in crate::folder) fn catch(signal: usize) {
        WATCH.with(|watch| watch.caught.store(signal, Ordering::SeqCst));
    }
}
