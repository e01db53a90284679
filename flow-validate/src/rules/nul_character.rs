//! Text that cannot be passed to a process.

use flow_model::{Diagnostic, Diagnostics, Level, RuleInfo, Span};
use serde_json::{Map, Value};

use super::Subject;

/// Text with a NUL character in a Flow built in code.
pub static NUL_CHARACTER: RuleInfo = RuleInfo {
    code: "nul-character",
    level: Level::Error,
    summary: "text with a NUL character in a Flow built in code",
    explanation: "\
An argument, a variable or a name cannot contain NUL, which ends text in the kernel. In a Flow that was read from a file, `wrong-value` reports it at its line; this rule reports it in a Flow that was built in code.",
};

pub(super) fn check(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let flow = subject.flow;
    // The reader already checks text from files.
    if flow.span.is_some() {
        return;
    }
    let mut look = |of: &str, map: Map<String, Value>| {
        for (key, _) in map.iter().filter(|(_, value)| holds_nul(value)) {
            let message = format!("`{key}` of {of} contains the character NUL");
            let label = "expected text without NUL";
            diagnostics.push(Diagnostic::new(&NUL_CHARACTER, message).at(None::<Span>, label));
        }
    };
    look("the Flow", flow.settings.to_map());
    if let Some(gateway) = &flow.gateway {
        look("the gateway", gateway.settings.to_map());
    }
    for executor in &flow.executors {
        look(&format!("`{}`", executor.name.value.replace('\0', "")), executor.settings.to_map());
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
