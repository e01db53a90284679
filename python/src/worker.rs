//! A thread of our own for each call.
//!
//! The stack of the caller may be small: threads have 128 KiB with musl, and as little as a program
//! says by `threading.stack_size`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// As deep as the main thread of a program: a Flow may be nested.
const STACK: usize = 8 << 20;

/// How long signals wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// Runs something without holding the interpreter, and gives up waiting for it on `KeyboardInterrupt`.
/// It then runs to its end, which is near: limits bound every compilation.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let mut receiver = start(work)?;
    loop {
        let received;
        (receiver, received) = wait(py, receiver);
        match received {
            Some(done) => return done,
            None => py.check_signals()?,
        }
    }
}

/// As [`run`], for work that changes files: on `KeyboardInterrupt` it is told to stop, and the call
/// returns when it has.
pub(crate) fn run_to_its_end<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&dyn Fn() -> bool) -> T + Send + 'static,
) -> PyResult<T> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&is_stopped);
    let mut receiver = start(move || work(&|| is_stopped.load(Ordering::Relaxed)))?;
    let mut interrupt = Ok(());
    loop {
        let received;
        (receiver, received) = wait(py, receiver);
        if let Some(done) = received {
            return interrupt.and(done);
        }
        if interrupt.is_ok() {
            interrupt = py.check_signals();
            stop.store(interrupt.is_err(), Ordering::Relaxed);
        }
    }
}

fn start<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> PyResult<Receiver<T>> {
    let (sender, receiver) = mpsc::channel();
    // Nobody is left to tell when the caller was interrupted.
    let body = move || drop(sender.send(work()));
    let spawned = thread::Builder::new().name("flowship".to_owned()).stack_size(STACK).spawn(body);
    spawned.map_err(|error| PyRuntimeError::new_err(format!("cannot start a thread: {error}")))?;
    Ok(receiver)
}

/// Waits for the result, or as long as signals may wait.
fn wait<T: Send>(py: Python<'_>, receiver: Receiver<T>) -> (Receiver<T>, Option<PyResult<T>>) {
    let (receiver, received) = py.detach(move || {
        let received = receiver.recv_timeout(PATIENCE);
        (receiver, received)
    });
    let done = match received {
        Ok(done) => Some(Ok(done)),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => {
            let why = "flowship panicked; please report this Flow";
            Some(Err(PyRuntimeError::new_err(why)))
        }
    };
    (receiver, done)
}
