//! Creates and changes objects.

use flow_model::deploy::{ChangeKind, Event, Observer};
use flow_model::{Diagnostic, Diagnostics, FlowId};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use http::Method;
use serde_json::{Value, json};

use super::check::{Action, Checked, apply_path, placed};
use super::connection::{Answer, Failure, Payload, Session, parallel};
use super::desired::{MANAGER, STEPS};
use super::inventory::{self, Inventory};
use crate::cluster_rules::OBJECT_REFUSED;

/// Creates a namespace. It belongs to nobody: a delete of the Flow keeps it.
pub(super) async fn create_namespace(
    session: &Session<'_>,
    namespace: &str,
) -> Result<(), Failure> {
    let object = json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": namespace},
    });
    let path = format!("/api/v1/namespaces/{namespace}?fieldManager={MANAGER}&force=false");
    session.request(&Method::PATCH, &path, Payload::Apply(&object)).await?;
    Ok(())
}

/// Writes the inventory, unless it is the same.
pub(super) async fn write_inventory(
    session: &Session<'_>,
    flow: &FlowId,
    before: Option<&Inventory>,
    after: &Inventory,
) -> Result<(), Failure> {
    if before == Some(after) {
        return Ok(());
    }
    let path = format!("{}?fieldManager={MANAGER}&force=true", inventory::parent_path(flow));
    session.request(&Method::PATCH, &path, Payload::Apply(&after.parent(flow))).await?;
    Ok(())
}

/// Applies all objects, step by step. An object that is refused is a finding, and ends it.
pub(super) async fn apply(
    session: &Session<'_>,
    checked: &[Checked],
    observer: &dyn Observer,
    findings: &mut Diagnostics,
) -> Result<(), Failure> {
    for step in 0..STEPS {
        let mut requests: Vec<BoxFuture<'_, _>> = Vec::new();
        for one in checked {
            if one.desired.step() == step && one.action != Action::Nothing {
                requests.push(Box::pin(async move { (one, apply_one(session, one).await) }));
            }
        }
        let mut requests = parallel(requests);
        let (mut refused, mut lost) = (Vec::new(), None);
        while let Some((one, result)) = requests.next().await {
            let name = &one.desired.name;
            match result {
                Ok(answer) => {
                    for text in &answer.warnings {
                        observer.event(Event::Warning { object: Some(name), text });
                    }
                    let kind = match one.action {
                        Action::Create => ChangeKind::Create,
                        Action::Recreate { .. } => ChangeKind::Recreate,
                        Action::Patch { .. } | Action::Nothing => ChangeKind::Update,
                    };
                    if one.change.is_some() {
                        observer.event(Event::Changed { object: name, kind });
                    }
                }
                Err(Failure::Refused(refusal)) => refused.push((one, refusal)),
                // The other requests are on their way, and are counted.
                Err(failure) => lost = Some(failure),
            }
        }
        // Answers arrive in any order.
        refused.sort_by_key(|(one, _)| &one.desired.name);
        findings.extend(refused.into_iter().map(|(one, refusal)| {
            let message =
                format!("the API server refuses {}: {}", one.desired.name, refusal.message);
            placed(Diagnostic::new(&OBJECT_REFUSED, message), one.desired.span(), "")
                .note("the check of the server had accepted it before")
        }));
        if let Some(failure) = lost {
            return Err(failure);
        }
        if findings.has_errors() {
            return Ok(());
        }
    }
    Ok(())
}

async fn apply_one(session: &Session<'_>, one: &Checked) -> Result<Answer, Failure> {
    let desired = &one.desired;
    let mut force = false;
    match &one.action {
        Action::Patch { fold, force: forced } => {
            force = *forced;
            if let Some(fold) = fold {
                let path = desired.path();
                session.request(&Method::PATCH, &path, Payload::Merge(fold)).await?;
            }
        }
        Action::Recreate { uid } => {
            orphan(session, &desired.path(), uid).await?;
        }
        Action::Create | Action::Nothing => {}
    }
    let path = apply_path(desired, false, force);
    session.request(&Method::PATCH, &path, Payload::Apply(&desired.value)).await
}

/// Deletes an object without its Pods, and waits until it is gone.
async fn orphan(session: &Session<'_>, path: &str, uid: &str) -> Result<(), Failure> {
    let options = json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Orphan",
        "preconditions": {"uid": uid},
    });
    match session.request(&Method::DELETE, path, Payload::Json(&options)).await {
        Err(failure) if !failure.is_not_found() => return Err(failure),
        _ => {}
    }
    loop {
        let found = session.find(path).await?;
        let is_it = |found: &Value| found["metadata"]["uid"] == uid;
        if !found.as_ref().is_some_and(is_it) {
            return Ok(());
        }
        if session.is_late() {
            return Err(Failure::Late);
        }
        session.pause(std::time::Duration::from_millis(100)).await;
    }
}
