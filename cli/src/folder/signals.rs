//! Signals that end an export. They are delayed until the folder is unchanged or complete.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::{consts, flag, low_level};

use super::error::FolderError;

/// Keeps signals from ending the process while it lives.
#[derive(Debug)]
pub(super) struct Signals {
    watch: &'static Watch,
}

/// The state of the handlers. Handlers cannot be removed, so they are installed once.
#[derive(Debug)]
struct Watch {
    /// The received signal, or 0.
    caught: Arc<AtomicUsize>,
    /// Whether signals have their default effect again.
    is_over: Arc<AtomicBool>,
}

impl Signals {
    pub(super) fn hold() -> io::Result<Self> {
        static WATCH: OnceLock<io::Result<Watch>> = OnceLock::new();
        let watch = WATCH.get_or_init(Watch::new).as_ref();
        let watch = watch.map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
        watch.is_over.store(false, Ordering::SeqCst);
        Ok(Self { watch })
    }

    /// Fails if a signal was received.
    pub(super) fn check(&self) -> Result<(), FolderError> {
        self.interrupted(false)
    }

    /// Restores the default effect of signals, and fails if one was received meanwhile.
    pub(super) fn release<T>(self, done: Result<T, FolderError>) -> Result<T, FolderError> {
        self.watch.is_over.store(true, Ordering::SeqCst);
        let done = done?;
        self.interrupted(true).map(|()| done)
    }

    fn interrupted(&self, is_done: bool) -> Result<(), FolderError> {
        match i32::try_from(self.watch.caught.load(Ordering::SeqCst)) {
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

impl Watch {
    fn new() -> io::Result<Self> {
        let watch = Self { caught: Arc::default(), is_over: Arc::new(AtomicBool::new(true)) };
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
}

/// True if the parent process made the program ignore a signal, as `nohup` does. Only known on
/// Linux.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or_default() & 1 == 1)
}
