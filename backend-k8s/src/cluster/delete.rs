//! Deletes objects.

use std::time::Duration;

use flow_model::deploy::{
    ApplyOptions, Change, ChangeKind, Event, Left, ObjectName, Observer, Outcome, Step,
};
use flow_model::{Diagnostic, Diagnostics, FlowId};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use http::Method;
use serde_json::{Value, json};

use super::connection::{Failure, Payload, Session, parallel};
use super::inventory;
use super::resource::{Resource, Resources};
use super::survey::Survey;
use super::world;
use crate::cluster_rules::OBJECT_REFUSED;

/// Why an object that is no longer part of a Flow stays; `None` if it is deleted.
pub(super) fn stays(name: &ObjectName, _object: &Value) -> Option<String> {
    let why = match name.kind.as_str() {
        "PersistentVolumeClaim" => "claims contain data and are never deleted",
        "Namespace" => "namespaces are never deleted",
        "CustomResourceDefinition" => "definitions are never deleted",
        _ => return None,
    };
    Some(why.to_owned())
}

/// Deletes these objects of a survey, all at once.
pub(super) async fn prune(
    session: &Session<'_>,
    survey: &Survey,
    names: &[ObjectName],
    observer: &dyn Observer,
    findings: &mut Diagnostics,
) -> Result<(), Failure> {
    let mut requests: Vec<BoxFuture<'_, _>> = Vec::new();
    for name in names {
        if let Some((resource, object)) = survey.resource(name).zip(survey.live.get(name)) {
            requests.push(Box::pin(async move {
                (name, delete_one(session, resource, name, object).await)
            }));
        }
    }
    let mut requests = parallel(requests);
    let (mut refused, mut lost) = (Vec::new(), None);
    while let Some((name, result)) = requests.next().await {
        match result {
            Ok(()) => {
                observer.event(Event::Changed { object: name, kind: ChangeKind::Delete });
            }
            Err(Failure::Refused(refusal)) => refused.push((name, refusal)),
            Err(failure) => lost = Some(failure),
        }
    }
    // Answers arrive in any order.
    refused.sort_by_key(|(name, _)| *name);
    findings.extend(refused.into_iter().map(|(name, refusal)| {
        let message = format!("{name} cannot be deleted: {}", refusal.message);
        Diagnostic::new(&OBJECT_REFUSED, message)
    }));
    lost.map_or(Ok(()), Err)
}

/// Deletes an object, unless it was created anew in the meantime.
async fn delete_one(
    session: &Session<'_>,
    resource: &Resource,
    name: &ObjectName,
    object: &Value,
) -> Result<(), Failure> {
    let options = json!({
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Background",
        "preconditions": {"uid": object["metadata"]["uid"]},
    });
    let path = resource.path(name.namespace.as_deref(), &name.name);
    match session.request(&Method::DELETE, &path, Payload::Json(&options)).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_not_found() => Ok(()),
        // Another object of the same name is not ours to delete.
        Err(Failure::Refused(refusal)) if refusal.code == 409 => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Deletes all objects of a Flow, and waits until its Pods are gone.
pub(super) async fn delete(
    session: &Session<'_>,
    flow: &FlowId,
    options: &ApplyOptions,
    observer: &dyn Observer,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let survey = Survey::load(session, flow, &[], &mut Resources::default()).await?;
    if let Some(finding) = survey.foreign_inventory(flow) {
        outcome.findings.push(finding);
        return Ok(());
    }
    let mut names = Vec::new();
    for (name, object) in survey.members(flow) {
        match stays(name, object) {
            Some(why) => outcome.left.push(Left { object: name.clone(), why }),
            None => names.push(name.clone()),
        }
    }
    outcome.left.extend(survey.unlisted(flow, []));
    let sets = survey.members(flow).filter(|(name, _)| name.kind == "StatefulSet");
    outcome.left.extend(claims(session, flow, sets.collect()).await?);
    outcome.left.sort();
    outcome.changes =
        names.iter().map(|name| Change::new(name.clone(), ChangeKind::Delete)).collect();
    if options.dry_run {
        return Ok(());
    }
    if !names.is_empty() {
        observer.event(Event::Step(Step::Delete { objects: names.len() }));
    }
    prune(session, &survey, &names, observer, &mut outcome.findings).await?;
    if outcome.findings.has_errors() {
        return Ok(());
    }
    if options.wait && !names.is_empty() {
        while world::has_pods(session, flow).await? {
            if session.is_late() {
                return Err(Failure::Late);
            }
            session.pause(Duration::from_millis(500)).await;
        }
    }
    // Last, so that a run that was interrupted can be repeated.
    delete_inventory(session, flow, &survey).await
}

/// Deletes the inventory of a Flow.
pub(super) async fn delete_inventory(
    session: &Session<'_>,
    flow: &FlowId,
    survey: &Survey,
) -> Result<(), Failure> {
    let name = ObjectName {
        namespace: Some(inventory::namespace(flow).to_owned()),
        group: String::new(),
        kind: "ConfigMap".to_owned(),
        name: inventory::parent_name(flow),
    };
    match survey.live.get(&name).filter(|_| survey.inventory.is_some()) {
        Some(parent) => delete_one(session, &inventory::config_maps(), &name, parent).await,
        None => Ok(()),
    }
}

/// The claims of `StatefulSets` that are deleted, which stay.
pub(super) async fn claims(
    session: &Session<'_>,
    flow: &FlowId,
    sets: Vec<(&ObjectName, &Value)>,
) -> Result<Vec<Left>, Failure> {
    if sets.is_empty() {
        return Ok(Vec::new());
    }
    let kind = Resource::builtin("", "PersistentVolumeClaim", "persistentvolumeclaims");
    let all = match session.list(&kind.collection(flow.namespace.as_deref()), "").await {
        Err(failure) if failure.is_forbidden() => return Ok(Vec::new()),
        other => other?,
    };
    let is_theirs = |claim: &ObjectName| {
        sets.iter().any(|(set, object)| {
            let templates = object["spec"]["volumeClaimTemplates"].as_array();
            templates.into_iter().flatten().any(|template| {
                let template = template["metadata"]["name"].as_str().unwrap_or_default();
                world::is_claim_of(&claim.name, template, &set.name)
            })
        })
    };
    let names = all.iter().map(|claim| kind.name_of(claim)).filter(is_theirs);
    let why = "claims contain data and are never deleted";
    Ok(names.map(|object| Left { object, why: why.to_owned() }).collect())
}
