//! Prints the images that a Flow needs, each with the containers that run it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is what the program is for")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use flow_model::values::Image;
use flow_model::{Plan, report};
use flow_validate::Options;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: bill-of-images FLOW");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let mut options = Options::default();
    let environment = std::env::vars_os();
    let texts = environment
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    options.variables.environment = texts.collect();
    let compiled = flow_validate::plan((path.as_str(), text.as_str()), &options);
    for finding in &compiled.diagnostics {
        eprintln!("{}", report::render_concise(finding, &compiled.sources));
    }
    let Some(plan) = &compiled.plan else { return ExitCode::FAILURE };
    for (image, containers) in bill(plan) {
        println!("{image}  {}", containers.join(", "));
    }
    ExitCode::SUCCESS
}

/// The containers of each image.
fn bill(plan: &Plan) -> BTreeMap<&Image, Vec<&str>> {
    let mut bill = BTreeMap::<_, Vec<_>>::new();
    for container in plan.workloads().flat_map(|(_, workload)| &workload.containers) {
        bill.entry(&container.image.value).or_default().push(container.name.as_str());
    }
    bill
}
