//! Callers that each send one request after the other.

use std::time::{Duration, Instant};

use crate::e2e::client::{self, Asking, HowMany, Question, Report};
use crate::e2e::image::Image;

/// Callers at work.
pub(super) struct Load {
    began: Instant,
    callers: Vec<Asking>,
}

/// What callers got.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) requests: usize,
    pub(super) failed: usize,
    /// What the first failed request said.
    pub(super) error: Option<String>,
}

impl Load {
    /// So many callers call for so long.
    pub(super) fn begin(
        image: &Image,
        question: &Question,
        callers: usize,
        time: Duration,
    ) -> anyhow::Result<Self> {
        let question = Question { how_many: HowMany::For(time), ..question.clone() };
        let callers = (0..callers).map(|_| client::begin(image, &question));
        Ok(Self { began: Instant::now(), callers: callers.collect::<anyhow::Result<_>>()? })
    }

    /// How long ago they were started, in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Waits until all are done.
    pub(super) fn end(self) -> anyhow::Result<Answers> {
        let mut answers = Answers::default();
        for caller in self.callers {
            let Report { requests, failed, errors, .. } = caller.end()?;
            answers.requests += requests;
            answers.failed += failed.len();
            answers.error = answers.error.or_else(|| errors.into_keys().next());
        }
        Ok(answers)
    }
}
