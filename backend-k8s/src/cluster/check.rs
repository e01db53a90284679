//! What an apply would do: every object is checked by the API server, and nothing is changed.

use std::collections::BTreeMap;

use flow_model::deploy::{ApplyOptions, Change, ChangeKind, FOREIGN_OBJECT, ObjectName};
use flow_model::{Diagnostic, Diagnostics, FlowId, Span};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use http::Method;
use serde_json::Value;

use super::compare::{compare, pointer_of};
use super::connection::{Failure, Payload, Refusal, Session, parallel};
use super::desired::{Desired, MANAGER};
use super::scaler::leave_replicas;
use super::survey::{NamespaceState, Owner, Survey, owner};
use super::{immutable, ownership};
use crate::cluster_rules::{
    CLAIM_NOT_RESIZED, FIELD_CONFLICT, NEEDS_RECREATE, NOT_PERMITTED, OBJECT_REFUSED,
    TWO_GENERATIONS,
};

/// One object, and what an apply does to it.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) desired: Desired,
    pub(super) action: Action,
    /// What changes; `None` if the object is as it should be.
    pub(super) change: Option<Change>,
}

/// What an apply does to an object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// The object is created.
    Create,
    /// The object is patched, after the fields of earlier managers became ours.
    Patch {
        /// The patch that makes them ours.
        fold: Option<Value>,
        /// Whether fields of other managers are taken over.
        force: bool,
    },
    /// The object is deleted without its Pods, and created again.
    Recreate {
        /// The object to delete.
        uid: String,
    },
    /// Nothing is sent.
    Nothing,
}

/// Checks all objects. Errors are findings; then nothing may be applied.
pub(super) async fn check(
    session: &Session<'_>,
    redactor: &flow_model::deploy::Redactor,
    flow: &FlowId,
    mut desired: Vec<Desired>,
    survey: &Survey,
    options: &ApplyOptions,
    findings: &mut Diagnostics,
) -> Result<Vec<Checked>, Failure> {
    for one in &mut desired {
        let Some(live) = survey.live.get(&one.name) else { continue };
        // The autoscaler of a workload without replicas may be about to be applied.
        let is_scaled = one.value["spec"]["replicas"].is_null()
            || survey.scaled.has(&one.name.kind, &one.name.name);
        if one.is_workload() && is_scaled {
            leave_replicas(&mut one.value, live);
        }
    }
    if !options.adopt {
        findings.extend(foreign(&desired, survey, flow, options.replaced_by(flow).as_ref()));
    }
    if findings.has_errors() {
        return Ok(Vec::new());
    }
    two_generations(&desired, survey, findings);
    if survey.namespace == NamespaceState::Missing && options.dry_run {
        // Nothing can be checked in a namespace that does not exist.
        return Ok(desired.into_iter().map(created).collect());
    }
    let order: BTreeMap<ObjectName, usize> =
        desired.iter().enumerate().map(|(at, one)| (one.name.clone(), at)).collect();
    let mut checks: Vec<BoxFuture<'_, _>> = Vec::new();
    for one in desired {
        let live = survey.live.get(&one.name);
        checks.push(Box::pin(check_one(session, redactor, one, live, options)));
    }
    let mut checks = parallel(checks);
    let mut all = Vec::new();
    while let Some(checked) = checks.next().await {
        all.push(checked?);
    }
    // Answers arrive in any order.
    all.sort_by_key(|(one, _)| order.get(&one.desired.name).copied());
    let (all, found): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    findings.extend(found.into_iter().flatten());
    Ok(all)
}

fn created(desired: Desired) -> Checked {
    let mut change = Change::new(desired.name.clone(), ChangeKind::Create);
    change.span = desired.span();
    Checked { action: Action::Create, change: Some(change), desired }
}

/// The path of a server-side apply.
pub(super) fn apply_path(desired: &Desired, is_dry: bool, force: bool) -> String {
    let dry = if is_dry { "&dryRun=All" } else { "" };
    format!("{}?fieldManager={MANAGER}&fieldValidation=Strict&force={force}{dry}", desired.path())
}

async fn check_one(
    session: &Session<'_>,
    redactor: &flow_model::deploy::Redactor,
    desired: Desired,
    live: Option<&Value>,
    options: &ApplyOptions,
) -> Result<(Checked, Vec<Diagnostic>), Failure> {
    if live.is_some_and(|live| ownership::is_applied(&desired.value, live)) {
        return Ok((Checked { desired, action: Action::Nothing, change: None }, Vec::new()));
    }
    let mut findings = Vec::new();
    let immutable = live.map(|live| immutable::changed(&desired.name.kind, &desired.value, live));
    if let (Some(fields), Some(live)) = (immutable.filter(|fields| !fields.is_empty()), live) {
        // The size of a volume may be written in two ways, so the server has the last word.
        let sent = dry_run(session, &desired, true).await;
        if let Err(Failure::Refused(refusal)) = &sent
            && matches!(refusal.code, 403 | 422)
        {
            let uid = live["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
            let mut change = Change::new(desired.name.clone(), ChangeKind::Recreate);
            change.span = fields.first().and_then(|field| desired.origins.find(field));
            change.notes.push(format!("{} cannot be changed", fields.join(", ")));
            if !options.recreate {
                findings.push(needs_recreate(&desired, &fields));
            }
            findings.extend(not_resized(&desired, live));
            let action = Action::Recreate { uid };
            return Ok((Checked { desired, action, change: Some(change) }, findings));
        }
        sent?;
    }
    let fold = live.and_then(ownership::fold);
    let mut force = options.force;
    let mut sent = dry_run(session, &desired, force).await;
    if let (Err(Failure::Refused(refusal)), false) = (&sent, force) {
        let conflicts = conflicts(refusal);
        // Fields of earlier managers become ours first.
        if !conflicts.is_empty()
            && fold.is_some()
            && conflicts.iter().all(|(manager, _)| ownership::folds(manager))
        {
            force = true;
            sent = dry_run(session, &desired, true).await;
        }
    }
    let result = match sent {
        Ok(answer) => answer,
        Err(Failure::Refused(refusal)) => {
            findings.extend(refused(&desired, &refusal));
            let action = Action::Nothing;
            return Ok((Checked { desired, action, change: None }, findings));
        }
        Err(failure) => return Err(failure),
    };
    let Some(live) = live else { return Ok((created(desired), findings)) };
    let fields = compare(live, &result, &desired, redactor);
    let is_owned = ownership::ours(live) == ownership::ours(&result);
    let action = if fields.is_empty() && is_owned && fold.is_none() {
        Action::Nothing
    } else {
        Action::Patch { fold, force }
    };
    let change = (!fields.is_empty()).then(|| {
        let mut change = Change::new(desired.name.clone(), ChangeKind::Update);
        change.span = fields.iter().find_map(|field| field.span).or_else(|| desired.span());
        change.notes.extend(rollout(&desired, live, &fields));
        change.fields = fields;
        change
    });
    Ok((Checked { desired, action, change }, findings))
}

async fn dry_run(session: &Session<'_>, desired: &Desired, force: bool) -> Result<Value, Failure> {
    let path = apply_path(desired, true, force);
    Ok(session.request(&Method::PATCH, &path, Payload::Apply(&desired.value)).await?.value)
}

/// Which Pods a change replaces.
fn rollout(
    desired: &Desired,
    live: &Value,
    fields: &[flow_model::deploy::FieldChange],
) -> Option<String> {
    let is_template =
        |field: &&flow_model::deploy::FieldChange| field.pointer.starts_with("/spec/template/");
    let first = fields.iter().find(is_template).filter(|_| desired.is_workload())?;
    let count = live["spec"]["replicas"].as_u64().unwrap_or(1);
    let pods = if count == 1 { "1 Pod is".to_owned() } else { format!("{count} Pods are") };
    let why = first.pointer.trim_start_matches("/spec/template/");
    Some(format!("{pods} replaced, because {why} changes"))
}

/// The conflicts of a refusal, as manager and field.
fn conflicts(refusal: &Refusal) -> Vec<(&str, &str)> {
    let causes = refusal.causes.iter().filter(|cause| cause.reason == "FieldManagerConflict");
    let manager = |message: &'_ str| -> Option<(usize, usize)> {
        let start = message.find('"')? + 1;
        let end = start + message[start..].find('"')?;
        Some((start, end))
    };
    causes
        .map(|cause| {
            let name =
                manager(&cause.message).map_or("", |(start, end)| &cause.message[start..end]);
            (name, cause.field.as_str())
        })
        .collect()
}

/// Findings about an object that the server refuses.
fn refused(desired: &Desired, refusal: &Refusal) -> Vec<Diagnostic> {
    let name = &desired.name;
    let conflicts = conflicts(refusal);
    if !conflicts.is_empty() {
        return conflicts.into_iter().map(|one| conflict(desired, one)).collect();
    }
    if refusal.code == 403 && refusal.message.contains(" cannot ") {
        let message = format!("{name} cannot be applied: {}", refusal.message);
        return vec![not_permitted(message)];
    }
    // A cause names its field.
    let causes = refusal.causes.iter().filter(|cause| !cause.field.is_empty());
    let mut found: Vec<_> = causes
        .map(|cause| {
            let pointer = pointer_of(&cause.field, &desired.value);
            let message =
                format!("the API server refuses {name}: {}: {}", cause.field, cause.message);
            placed(
                Diagnostic::new(&OBJECT_REFUSED, message),
                desired.origins.find(&pointer),
                "set here",
            )
        })
        .collect();
    if found.is_empty() {
        let message = format!("the API server refuses {name}: {}", refusal.message);
        found.push(placed(Diagnostic::new(&OBJECT_REFUSED, message), desired.span(), ""));
    }
    found
}

/// A finding at a place. A saved plan has no places, and a label without one would mean nothing.
pub(super) fn placed(
    finding: Diagnostic,
    span: Option<Span>,
    label: impl Into<String>,
) -> Diagnostic {
    match span {
        Some(span) => finding.at(span, label),
        None => finding,
    }
}

/// A finding about a missing right.
pub(super) fn not_permitted(message: String) -> Diagnostic {
    Diagnostic::new(&NOT_PERMITTED, message)
        .help("ask for the rights that `flowship rbac FLOW` prints")
}

fn conflict(desired: &Desired, (manager, field): (&str, &str)) -> Diagnostic {
    let pointer = pointer_of(field, &desired.value);
    let message = format!("`{manager}` set {pointer} of {} to another value", desired.name);
    placed(Diagnostic::new(&FIELD_CONFLICT, message), desired.origins.find(&pointer), "set here")
        .help("set the same value in the Flow, or pass `--force-conflicts` to overwrite it")
}

fn needs_recreate(desired: &Desired, fields: &[&str]) -> Diagnostic {
    let name = &desired.name;
    let message = format!("{} of {name} cannot be changed", fields.join(" and "));
    let span = fields.iter().find_map(|field| desired.origins.find(&format!("{field}/0")));
    placed(Diagnostic::new(&NEEDS_RECREATE, message), span, "differs from the cluster").help(
        "pass `--recreate` to replace the object first and then one Pod after the other; claims are \
         kept",
    )
}

/// Claims that keep their size.
fn not_resized(desired: &Desired, live: &Value) -> Vec<Diagnostic> {
    let claims = |object: &Value| -> BTreeMap<String, String> {
        let list = object["spec"]["volumeClaimTemplates"].as_array().cloned().unwrap_or_default();
        let size = |claim: &Value| {
            let size = claim["spec"]["resources"]["requests"]["storage"].as_str();
            size.unwrap_or_default().to_owned()
        };
        let name =
            |claim: &Value| claim["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        list.iter().map(|claim| (name(claim), size(claim))).collect()
    };
    let before = claims(live);
    let replicas = live["spec"]["replicas"].as_u64().unwrap_or(1);
    let mut found = Vec::new();
    for (index, (claim, size)) in claims(&desired.value).into_iter().enumerate() {
        let Some(old) = before.get(&claim).filter(|old| **old != size) else { continue };
        let message = format!(
            "the claims `{claim}-{0}-0` to `{claim}-{0}-{1}` keep their size {old}",
            desired.name.name,
            replicas.saturating_sub(1)
        );
        let pointer = format!("/spec/volumeClaimTemplates/{index}");
        found.push(
            placed(
                Diagnostic::new(&CLAIM_NOT_RESIZED, message),
                desired.origins.find(&pointer),
                format!("{size} only for new claims"),
            )
            .help("patch `spec.resources.requests.storage` of the claims, if the class allows it"),
        );
    }
    found
}

/// Objects of somebody else, one finding for each owner; those of the Flow that this one replaces
/// are its own.
fn foreign(
    desired: &[Desired],
    survey: &Survey,
    flow: &FlowId,
    moved: Option<&FlowId>,
) -> Vec<Diagnostic> {
    let mut taken: Vec<(Owner, Vec<&Desired>)> = Vec::new();
    for one in desired.iter().filter(|one| one.name.kind != "Namespace") {
        let Some(live) = survey.live.get(&one.name) else { continue };
        let owner = owner(live, flow);
        let is_moved = moved.is_some_and(|moved| {
            moved.namespace == one.name.namespace && owner == Owner::Flow(moved.name.clone())
        });
        if owner == Owner::This || is_moved {
            continue;
        }
        match taken.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, objects)) => objects.push(one),
            None => taken.push((owner, vec![one])),
        }
    }
    taken.iter().map(|(owner, objects)| in_the_way(owner, objects)).collect()
}

/// A finding about objects of one owner.
fn in_the_way(owner: &Owner, objects: &[&Desired]) -> Diagnostic {
    // A Flow has hundreds; these show which entries they are of.
    const PLACES: usize = 3;
    let namespace =
        objects.iter().find_map(|one| one.name.namespace.as_deref()).unwrap_or_default();
    let what = match objects {
        [one] => one.name.to_string(),
        [one, other] => format!("{} and {}", one.name, other.name),
        [one, others @ ..] => format!("{} and {} other objects", one.name, others.len()),
        [] => unreachable!("an owner has objects"),
    };
    let number = |one, several| if objects.len() == 1 { one } else { several };
    let other_namespace = "choose another namespace with `--namespace`";
    let adopt = number("pass `--adopt` to take it over", "pass `--adopt` to take them over");
    let mut help = format!("{other_namespace}, or {adopt}");
    let whose = match owner {
        Owner::Flow(other) => {
            help = format!(
                "{other_namespace}; if this is the same Flow with a new name, pass `--moved-from {other}`"
            );
            format!("{} to the Flow `{other}`", number("belongs", "belong"))
        }
        Owner::Other(Some(tool)) => format!("{} managed by {tool}", number("is", "are")),
        Owner::This | Owner::Other(None) => {
            format!("{} not created by flowship", number("was", "were"))
        }
    };
    let message = format!("{what} in the namespace `{namespace}` {whose}");
    let mut places = Vec::new();
    for place in objects.iter().map(|one| one.origins.find("/metadata")) {
        if places.len() < PLACES && !places.contains(&place) {
            places.push(place);
        }
    }
    let finding = Diagnostic::new(&FOREIGN_OBJECT, message);
    let at = |finding, span| placed(finding, span, "would be overwritten");
    places.into_iter().fold(finding, at).help(help)
}

/// Workloads that change their kind.
fn two_generations(desired: &[Desired], survey: &Survey, findings: &mut Diagnostics) {
    for one in desired.iter().filter(|one| one.is_workload()) {
        let other = if one.name.kind == "Deployment" { "StatefulSet" } else { "Deployment" };
        let other = ObjectName { kind: other.to_owned(), ..one.name.clone() };
        if survey.live.contains_key(&other) && !desired.iter().any(|one| one.name == other) {
            let message =
                format!("{} replaces {other}; both take calls until {other} is deleted", one.name);
            findings.push(placed(Diagnostic::new(&TWO_GENERATIONS, message), one.span(), ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use flow_model::Origins;
    use flow_model::deploy::{FieldChange, ObjectName};
    use serde_json::{Value, json};

    use super::super::connection::{Cause, Refusal};
    use super::super::desired::Desired;
    use super::super::resource::Resource;
    use super::{apply_path, conflicts, not_resized, refused, rollout};

    fn desired(kind: &str, value: Value) -> Desired {
        let plural = format!("{}s", kind.to_lowercase());
        Desired {
            name: ObjectName {
                namespace: Some("shop".to_owned()),
                group: "apps".to_owned(),
                kind: kind.to_owned(),
                name: "a".to_owned(),
            },
            resource: Resource::builtin("apps", kind, &plural),
            value,
            origins: Origins::new(),
        }
    }

    fn refusal(code: u16, message: &str, causes: &[(&str, &str, &str)]) -> Refusal {
        let cause = |(reason, message, field): &(&str, &str, &str)| Cause {
            reason: (*reason).to_owned(),
            message: (*message).to_owned(),
            field: (*field).to_owned(),
        };
        let causes = causes.iter().map(cause).collect();
        Refusal { code, reason: String::new(), message: message.to_owned(), causes }
    }

    #[test]
    fn an_apply_is_strict_and_may_be_dry() {
        let path = "/apis/apps/v1/namespaces/shop/deployments/a?fieldManager=flowship&fieldValidation=Strict";
        let desired = desired("Deployment", json!({}));
        assert_eq!(apply_path(&desired, true, false), format!("{path}&force=false&dryRun=All"));
        assert_eq!(apply_path(&desired, false, true), format!("{path}&force=true"));
    }

    #[test]
    fn a_rollout_is_told_with_its_first_reason() {
        let field = |pointer: &str| FieldChange {
            pointer: pointer.to_owned(),
            before: None,
            after: None,
            fingerprint: String::new(),
            span: None,
        };
        let image = "/spec/template/spec/containers/0/image";
        for (kind, replicas, fields, expected) in [
            (
                "Deployment",
                json!(1),
                vec!["/spec/replicas", image],
                Some("1 Pod is replaced, because spec/containers/0/image changes"),
            ),
            (
                "StatefulSet",
                json!(3),
                vec![image],
                Some("3 Pods are replaced, because spec/containers/0/image changes"),
            ),
            (
                "Deployment",
                Value::Null,
                vec![image],
                Some("1 Pod is replaced, because spec/containers/0/image changes"),
            ),
            ("Deployment", json!(1), vec!["/spec/replicas", "/spec/templates/x"], None),
            ("Job", json!(1), vec![image], None),
        ] {
            let fields: Vec<_> = fields.into_iter().map(field).collect();
            let live = json!({"spec": {"replicas": replicas}});
            let told = rollout(&desired(kind, json!({})), &live, &fields);
            assert_eq!(told.as_deref(), expected, "{kind} {fields:?}");
        }
    }

    #[test]
    fn conflicts_name_their_manager() {
        let all = refusal(
            409,
            "",
            &[
                ("FieldManagerConflict", "conflict with \"kubectl\" using v1", ".spec.replicas"),
                ("FieldManagerConflict", "conflict", ".spec.paused"),
                ("FieldValueInvalid", "conflict with \"x\"", ".spec"),
            ],
        );
        assert_eq!(conflicts(&all), [("kubectl", ".spec.replicas"), ("", ".spec.paused")]);
    }

    #[test]
    fn a_refusal_is_a_finding_for_each_field() {
        let conflict = ("FieldManagerConflict", "conflict with \"kubectl\"", ".spec.replicas");
        for (refusal, expected) in [
            (
                refusal(409, "Apply failed", &[conflict]),
                vec![
                    "field-conflict: `kubectl` set /spec/replicas of Deployment/a to another value",
                ],
            ),
            (
                refusal(403, "User \"u\" cannot patch", &[]),
                vec!["not-permitted: Deployment/a cannot be applied: User \"u\" cannot patch"],
            ),
            (
                refusal(403, "exceeded quota", &[]),
                vec!["object-refused: the API server refuses Deployment/a: exceeded quota"],
            ),
            (
                refusal(422, "it cannot be", &[]),
                vec!["object-refused: the API server refuses Deployment/a: it cannot be"],
            ),
            (
                refusal(
                    422,
                    "invalid",
                    &[
                        ("", "too many", "spec.replicas"),
                        ("", "no field", ""),
                        ("", "bad", "spec.x"),
                    ],
                ),
                vec![
                    "object-refused: the API server refuses Deployment/a: spec.replicas: too many",
                    "object-refused: the API server refuses Deployment/a: spec.x: bad",
                ],
            ),
        ] {
            let found = refused(&desired("Deployment", json!({"spec": {"replicas": 1}})), &refusal);
            let shown: Vec<_> =
                found.iter().map(|one| format!("{}: {}", one.rule.code, one.message)).collect();
            assert_eq!(shown, expected, "{refusal:?}");
        }
    }

    #[test]
    fn claims_that_grow_are_named() {
        let object = |replicas: Value, claims: &[(&str, &str)]| {
            let claims: Vec<_> = claims
                .iter()
                .map(|(name, size)| json!({"metadata": {"name": name}, "spec": {"resources": {"requests": {"storage": size}}}}))
                .collect();
            json!({"spec": {"replicas": replicas, "volumeClaimTemplates": claims}})
        };
        let wanted = object(json!(3), &[("data", "2Gi"), ("more", "1Gi"), ("new", "1Gi")]);
        for (live, expected) in [
            (
                object(json!(3), &[("data", "1Gi"), ("more", "1Gi")]),
                vec!["the claims `data-a-0` to `data-a-2` keep their size 1Gi"],
            ),
            (
                object(Value::Null, &[("more", "5Gi")]),
                vec!["the claims `more-a-0` to `more-a-0` keep their size 5Gi"],
            ),
            (object(json!(0), &[("data", "2Gi")]), vec![]),
            (
                object(json!(0), &[("data", "1Gi")]),
                vec!["the claims `data-a-0` to `data-a-0` keep their size 1Gi"],
            ),
        ] {
            let found = not_resized(&desired("StatefulSet", wanted.clone()), &live);
            let messages: Vec<_> = found.iter().map(|one| one.message.as_str()).collect();
            assert_eq!(messages, expected, "{live}");
        }
    }
}
