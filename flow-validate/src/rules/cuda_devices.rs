//! GPUs that are chosen by a variable.

use flow_model::launcher::{CUDA_VISIBLE_DEVICES, CudaDevices};
use flow_model::values::{Environment, Gpus};
use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Spanned};

use super::Subject;

/// `CUDA_VISIBLE_DEVICES` that chooses GPUs of the author's machine.
pub static CUDA_DEVICES: RuleInfo = RuleInfo {
    code: "cuda-devices",
    level: Level::Error,
    summary: "`CUDA_VISIBLE_DEVICES` that chooses GPUs of the author's machine",
    explanation: "\
Jina's launcher starts processes on one machine, and `CUDA_VISIBLE_DEVICES` selects the GPUs that \
each process may use; `RR` and `RR1:3` assign them to replicas in turn. A container sees only the \
GPUs that it requests, numbered from 0, and only the launcher understands `RR`.

```yaml
executors:
  - name: encoder
    replicas: 2
    gpus: 1                              # each replica gets one
    # env: {CUDA_VISIBLE_DEVICES: RR}    # error
```

Docker Compose assigns the GPUs of `RR0:2`, `RR1,3` and the like to replicas in turn. `RR` without numbers \
means all GPUs of the machine, whose number flowship does not know. `-1` hides all GPUs and is passed \
unchanged.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    if let Some(gateway) = &flow.gateway {
        look(gateway.settings.env.as_ref(), None, true, false, diagnostics);
    }
    for executor in flow.executors.iter().filter(|executor| !executor.is_external()) {
        let settings = &executor.settings;
        let deals = subject.deals_gpus();
        look(settings.env.as_ref(), *settings.gpus, false, deals, diagnostics);
    }
}

fn look(
    env: Option<&Spanned<Environment>>,
    gpus: Option<Spanned<Gpus>>,
    is_gateway: bool,
    deals: bool,
    diagnostics: &mut Diagnostics,
) {
    let Some(value) = env.and_then(|env| env.get(CUDA_VISIBLE_DEVICES)) else { return };
    let gpus = gpus.map(|gpus| gpus.value).filter(|gpus| !gpus.is_none());
    let (message, label, count) = match (CudaDevices::parse(&value.value), gpus) {
        (CudaDevices::None, _) | (CudaDevices::Indices(_), Some(Gpus::All)) => return,
        (CudaDevices::RoundRobin(Some(_)), _) if deals => return,
        (CudaDevices::RoundRobin(None), _) if deals => {
            let message =
                format!("`{CUDA_VISIBLE_DEVICES}` does not say how many GPUs the machine has");
            diagnostics.push(
                Diagnostic::new(&CUDA_DEVICES, message)
                    .at(value.span, "expected numbers, such as `RR0:2`")
                    .help("write `RR0:2` for the first two GPUs of the machine"),
            );
            return;
        }
        (CudaDevices::RoundRobin(_), _) => {
            ("assigns GPUs in turn", "only Jina's launcher supports `RR`", 1)
        }
        (CudaDevices::Identities, _) => {
            ("names GPUs of one machine", "a container gets different GPUs on every machine", 1)
        }
        (CudaDevices::Indices(indices), None) => {
            ("selects GPUs that are not requested", "the container gets no GPU", indices.len())
        }
        (CudaDevices::Indices(indices), Some(Gpus::Count(count))) => {
            if indices.iter().all(|index| *index < count.get()) {
                return;
            }
            let label = "a container's GPUs are numbered from 0";
            ("selects a GPU that the container does not get", label, 1)
        }
    };
    let help = match gpus {
        Some(_) => {
            format!(
                "remove `{CUDA_VISIBLE_DEVICES}`: `gpus` sets the number of GPUs of each replica"
            )
        }
        None if is_gateway => {
            format!(
                "set `gpus: {count}` in the entry of each Executor that needs GPUs, and remove `{CUDA_VISIBLE_DEVICES}`"
            )
        }
        None => format!("set `gpus: {count}`, and remove `{CUDA_VISIBLE_DEVICES}`"),
    };
    diagnostics.push(
        Diagnostic::new(&CUDA_DEVICES, format!("`{CUDA_VISIBLE_DEVICES}` {message}"))
            .at(value.span, label)
            .help(help),
    );
}
