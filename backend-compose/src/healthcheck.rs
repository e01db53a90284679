//! Cheap health checks.

use flow_model::plan::NO_LIMIT;
use flow_model::values::OptionalLimit;

use crate::file::Healthcheck;
use crate::text::Text;

/// The interval of health checks, in seconds. `jina export` starts a Python that imports all of
/// Jina every two seconds.
const INTERVAL: u32 = 10;

/// The timeout of a health check, in seconds.
const TIMEOUT: u32 = 5;

/// A check that something listens on `port`. Jina's servers listen only after their Executor is
/// loaded.
///
/// Python without its own environment (`-E`) and packages (`-S`) starts in 1/100 of the time that
/// importing Jina takes; wherever Jina runs, there is a Python.
pub(crate) fn healthcheck(port: u16, timeout_ready: OptionalLimit) -> Healthcheck {
    let limit = timeout_ready.limit().map(|milliseconds| milliseconds.div_ceil(1000));
    let program = format!(
        "import socket; socket.create_connection(('127.0.0.1', {port}), {}).close()",
        TIMEOUT - 1
    );
    let words = ["CMD", "python3", "-E", "-S", "-c", &program];
    Healthcheck {
        test: words.into_iter().map(Text::literal).collect(),
        interval: seconds(INTERVAL),
        timeout: seconds(TIMEOUT),
        retries: 3,
        start_period: seconds(limit.unwrap_or(NO_LIMIT).max(INTERVAL)),
    }
}

fn seconds(value: u32) -> Text {
    Text::literal(format!("{value}s"))
}

#[cfg(test)]
mod tests {
    use flow_model::values::OptionalLimit;

    use super::healthcheck;

    #[test]
    fn the_start_period_covers_timeout_ready() {
        for (timeout_ready, period) in
            [(600_000, "600s"), (100_001, "101s"), (1_000, "10s"), (0, "10s"), (-1, "31536000s")]
        {
            let check = healthcheck(8081, OptionalLimit::new(timeout_ready).unwrap());
            assert_eq!(check.start_period.to_string(), period, "{timeout_ready}");
        }
    }
}
