//! Work on all cores.

use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

/// Fewer items than this for each thread are not worth it.
const LEAST: usize = 8;

/// How many results of each thread may wait: they take memory.
const AHEAD: usize = 4;

/// How many threads can work at the same time.
pub(crate) fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Passes on what `work` makes of each item on so many threads, in the order of the items. Threads end
/// with the call: a process that embeds this crate may fork, and threads that wait for work would be
/// missing in its copy.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    mut then: impl FnMut(&T, R),
) {
    let threads = threads.min(items.len() / LEAST);
    if threads < 2 {
        return items.iter().for_each(|item| then(item, work(item)));
    }
    thread::scope(|scope| {
        let mut workers: Vec<_> = (0..threads)
            .map(|first| {
                let (sender, receiver) = mpsc::sync_channel(AHEAD);
                let work = &work;
                let own = items.iter().skip(first).step_by(threads);
                let worker = scope.spawn(move || {
                    // If nobody receives, the other end has panicked.
                    own.map(work).try_for_each(|made| sender.send(made)).unwrap_or_default();
                });
                (receiver, Some(worker))
            })
            .collect();
        for (index, item) in items.iter().enumerate() {
            let (receiver, worker) = &mut workers[index % threads];
            match receiver.recv() {
                Ok(made) => then(item, made),
                Err(_) => {
                    if let Some(Err(panic)) = worker.take().map(thread::ScopedJoinHandle::join) {
                        resume_unwind(panic);
                    }
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_have_the_order_of_the_items() {
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<_> = items.iter().map(|item| (*item, 2 * item)).collect();
            for threads in [1, 2, 3, 16] {
                let mut made = Vec::new();
                each(&items, threads, |item| 2 * item, |item, twice| made.push((*item, twice)));
                assert_eq!(made, expected, "{count} on {threads}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "item 900")]
    fn a_panic_is_that_of_the_item() {
        let items: Vec<usize> = (0..1_000).collect();
        each(&items, 2, |item| assert_ne!(*item, 900, "item 900"), |_, ()| {});
    }
}
