//! What queries over the metrics of Jina's processes give: the facts that scalers are built on.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use flowship_tests::meaning::Object;
use serde_json::json;

use super::Stage;
use super::load::Load;
use super::scaled::{EXECUTOR, PORT};
use crate::e2e::client::{HowMany, Question};

const NAMESPACE: &str = "metrics";

/// How long a query may take to follow: it looks two minutes back, and scrapes are 30 s apart.
const PATIENCE: Duration = Duration::from_mins(4);

/// Asks before the first call, during calls, after them, after calls that clients gave up, and without
/// a replica.
pub(super) fn run(stage: &Stage<'_>) -> anyhow::Result<String> {
    let (rps, _) = export(stage, "scaled-rps")?;
    let (concurrency, objects) = export(stage, "scaled-concurrency")?;
    let deployed = stage.setup.namespace(NAMESPACE)?;
    deployed.apply(&objects)?;
    deployed.wait()?;
    let mut asked =
        Asked { stage, table: String::from("| when | query | value |\n|---|---|---|\n") };
    let pending = "sum(jina_number_of_pending_requests{namespace=\"metrics\"})";

    asked.becomes("before the first call", "concurrency", &concurrency, Some((0.0, 0.0)))?;
    asked.becomes("before the first call", "rps", &rps, Some((0.0, 0.0)))?;
    asked.becomes("before the first call", "pending at the gateway", pending, Some((0.0, 0.0)))?;

    let question = deployed.question(PORT, HowMany::Requests(1))?;
    let calls = Question { on: "/nap", timeout: Duration::from_mins(1), ..question.clone() };
    let load = Load::begin(&stage.setup.image, &calls, 4, Duration::from_secs(150))?;
    let when = "4 callers, 1 s for a call";
    asked.becomes(when, "concurrency", &concurrency, Some((3.5, 4.5)))?;
    asked.becomes(when, "rps", &rps, Some((0.8, 1.2)))?;
    let answers = load.end()?;
    ensure!(answers.failed == 0, "{answers:?}");
    asked.becomes("after them", "concurrency", &concurrency, Some((0.0, 0.0)))?;
    asked.becomes("after them", "rps", &rps, Some((0.0, 0.0)))?;
    asked.becomes("after them", "pending at the gateway", pending, Some((0.0, 0.0)))?;

    let impatient = Question { on: "/nap", timeout: Duration::from_millis(500), ..question };
    let load = Load::begin(&stage.setup.image, &impatient, 1, Duration::from_secs(5))?;
    let given_up = load.end()?;
    ensure!(given_up.failed > 0, "no call was given up");
    let when = format!("{} calls that were given up", given_up.failed);
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let leaked = given_up.failed as f64;
    asked.becomes(&when, "pending at the gateway", pending, Some((leaked, leaked)))?;
    asked.becomes(&when, "concurrency", &concurrency, Some((0.0, 0.0)))?;
    asked.becomes(&when, "pending at the gateway", pending, Some((leaked, leaked)))?;

    deployed.change("Deployment", EXECUTOR, &json!({"spec": {"replicas": 0}}))?;
    asked.becomes("no replica", "concurrency", &concurrency, None)?;
    asked.becomes("no replica", "rps", &rps, None)?;
    Ok(asked.table)
}

/// The query of a Flow, and its objects without the scaler that asks it.
fn export(stage: &Stage<'_>, flow: &str) -> anyhow::Result<(String, Vec<Object>)> {
    let objects = stage.setup.export_as(flow, "none", NAMESPACE, &["--force"])?;
    let is_scaler = |object: &Object| object.kind() == "ScaledObject";
    let (scalers, objects): (Vec<_>, Vec<_>) = objects.into_iter().partition(is_scaler);
    let scaler = scalers.first().context("no ScaledObject")?;
    let query = scaler.0["spec"]["triggers"][0]["metadata"]["query"].as_str();
    Ok((query.context("no query")?.to_owned(), objects))
}

struct Asked<'a> {
    stage: &'a Stage<'a>,
    table: String,
}

impl Asked<'_> {
    /// Waits until a query gives what it should: at least and at most; `None` is an empty answer.
    fn becomes(
        &mut self,
        when: &str,
        what: &str,
        query: &str,
        wanted: Option<(f64, f64)>,
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        loop {
            let value = self.stage.prometheus.query(query)?;
            let is_good = match (wanted, value) {
                (Some((least, most)), Some(value)) => (least..=most).contains(&value),
                (None, None) => true,
                _ => false,
            };
            let seconds = start.elapsed().as_secs();
            if is_good {
                let value = value.map_or("empty".to_owned(), |value| format!("{value:.2}"));
                let _ = writeln!(self.table, "| {when} | {what} | {value} after {seconds} s |");
                return Ok(());
            }
            if start.elapsed() > PATIENCE {
                bail!("{when}, {what}: {value:?} instead of {wanted:?}\n{}", self.table);
            }
            std::thread::sleep(Duration::from_secs(2));
        }
    }
}
