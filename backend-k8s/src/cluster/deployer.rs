//! The deployer.

use std::time::Duration;

use async_trait::async_trait;
use flow_model::deploy::{
    ApplyOptions, Change, ChangeKind, Event, Left, ObjectName, Observer, Outcome, Redactor, Status,
    Step,
};
use flow_model::{Bundle, DeployError, Deployer, Diagnostic, Diagnostics, FlowId, Levels};

use super::apply::apply;
use super::check::{Action, Checked, check, not_permitted, placed};
use super::connection::{Connection, Failure, Session};
use super::delete::{delete, prune};
use super::desired::{self, Desired};
use super::inventory::Inventory;
use super::preflight;
use super::resource::Resources;
use super::saved::Expected;
use super::survey::{NamespaceState, Survey};
use super::wait::wait;
use super::workload::Watched;
use super::world::World;
use crate::cluster_rules::{MISSING_DEFINITION, OBJECT_REFUSED, UNFINISHED};
use crate::mesh::Requirements;

/// Deploys Flows to a cluster.
#[derive(Debug)]
pub struct Cluster {
    connection: Connection,
    options: ClusterOptions,
    redactor: Redactor,
}

/// Options of a [`Cluster`].
#[derive(Clone)]
#[non_exhaustive]
pub struct ClusterOptions {
    /// What the mesh of the Flow needs.
    pub requirements: Requirements,
    /// The name of the mesh, for messages.
    pub mesh: String,
    /// The levels of findings.
    pub levels: Levels,
    /// Values to hide in texts of the cluster, each with the name of its variable.
    pub hidden: Vec<(String, String)>,
    /// The changes of a saved plan; others are refused.
    pub expected: Option<Expected>,
}

/// Without values, which may be secrets.
impl std::fmt::Debug for ClusterOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClusterOptions")
            .field("mesh", &self.mesh)
            .field("requirements", &self.requirements)
            .field("hidden", &self.hidden.len())
            .finish_non_exhaustive()
    }
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            requirements: Requirements::NONE,
            mesh: "none".to_owned(),
            levels: Levels::default(),
            hidden: Vec::new(),
            expected: None,
        }
    }
}

/// Everything that is known before a change.
pub(super) struct Prepared {
    pub(super) checked: Vec<Checked>,
    pub(super) survey: Survey,
    /// The Flow that this one replaces.
    pub(super) moved: Option<Moved>,
}

/// A Flow that is replaced, and its objects.
pub(super) struct Moved {
    flow: FlowId,
    survey: Survey,
}

impl Cluster {
    /// A deployer to a cluster.
    pub fn new(connection: Connection, options: ClusterOptions) -> Self {
        let values = options.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let redactor = Redactor::new(values);
        Self { connection, options, redactor }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn options(&self) -> &ClusterOptions {
        &self.options
    }

    pub(super) fn session(&self, timeout: Option<Duration>) -> Session<'_> {
        Session::new(&self.connection, &self.redactor, timeout)
    }

    /// The objects of a Bundle.
    pub(super) async fn desired(
        &self,
        session: &Session<'_>,
        bundle: &Bundle,
        resources: &mut Resources,
        findings: &mut Diagnostics,
    ) -> Result<Vec<Desired>, Failure> {
        resources.load(session, desired::api_versions(bundle)).await?;
        let (objects, undefined) = desired::objects(bundle, resources, &self.redactor);
        for one in undefined {
            let message = format!("the cluster does not define {} ({})", one.kind, one.api_version);
            findings.push(
                placed(Diagnostic::new(&MISSING_DEFINITION, message), one.span, "needs it")
                    .help("install what defines it; `flowship doctor FLOW` lists what is missing"),
            );
        }
        Ok(objects)
    }

    /// Checks everything, and changes nothing.
    async fn prepare(
        &self,
        session: &Session<'_>,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
        outcome: &mut Outcome,
    ) -> Result<Option<Prepared>, Failure> {
        let flow = &bundle.facts.flow;
        let mut resources = Resources::default();
        let findings = &mut outcome.findings;
        let desired = self.desired(session, bundle, &mut resources, findings).await?;
        observer.event(Event::Step(Step::Check { objects: desired.len() }));
        if findings.has_errors() {
            return Ok(None);
        }
        let survey = Survey::load(session, flow, &desired, &mut resources).await?;
        findings.extend(obstacle(flow, &survey));
        if findings.has_errors() {
            return Ok(None);
        }
        let moved = match options.replaced_by(flow) {
            Some(old) => Some(moved(session, old, observer, &mut resources, findings).await?),
            None => None,
        };
        let namespace = super::inventory::namespace(flow);
        preflight::check(session, self.options(), bundle, namespace, &mut resources, findings)
            .await?;
        findings.apply(&self.options.levels);
        if !options.dry_run && survey.namespace == NamespaceState::Missing && !findings.has_errors()
        {
            super::apply::create_namespace(session, namespace).await?;
        }
        let checked =
            check(session, &self.redactor, flow, desired, &survey, options, findings).await?;
        findings.apply(&self.options.levels);
        outcome.changes = checked.iter().filter_map(|one| one.change.clone()).collect();
        let prepared = Prepared { checked, survey, moved };
        if options.prune {
            prepared.plan_deletions(session, flow, outcome).await?;
        }
        let wanted = prepared.checked.iter().map(|one| &one.desired.name);
        outcome.left.extend(prepared.survey.unlisted(flow, wanted));
        outcome.left.sort();
        outcome.changes.sort_by(|a, b| (&a.object, a.kind).cmp(&(&b.object, b.kind)));
        if let Some(expected) = &self.options.expected {
            outcome.findings.extend(expected.check(&outcome.changes));
        }
        Ok(Some(prepared))
    }

    /// Turns a failure into a finding, or into an error if nothing was reached at all.
    pub(super) fn fail(
        &self,
        failure: Failure,
        has_begun: bool,
        outcome: &mut Outcome,
    ) -> Result<(), DeployError> {
        match failure {
            Failure::Late => outcome.findings.push(
                Diagnostic::new(&UNFINISHED, "the time of `--timeout` has passed")
                    .help("run the same command again, or pass a longer `--timeout`"),
            ),
            Failure::Refused(refusal) if refusal.code == 403 => {
                outcome.findings.push(not_permitted(refusal.message));
            }
            failure @ (Failure::Lost(_) | Failure::Refused(_)) if has_begun => {
                outcome.findings.push(
                    Diagnostic::new(&UNFINISHED, failure.to_string())
                        .help("run the same command again: it continues where this one stopped"),
                );
            }
            Failure::Lost(why) => return Err(DeployError::new(why)),
            failure @ Failure::Refused(_) => {
                let server = self.connection.server();
                return Err(
                    DeployError::new(format!("{server} refused a request")).because(failure)
                );
            }
        }
        Ok(())
    }
}

/// The error of a command that only reads. `what` failed.
pub(super) fn unreadable(what: &str, failure: Failure) -> DeployError {
    match &failure {
        Failure::Refused(refusal) if refusal.code == 403 => DeployError::new(format!(
            "{what}: {}; ask for the rights that `flowship rbac FLOW` prints",
            refusal.message
        )),
        _ => DeployError::new(what).because(failure),
    }
}

impl Prepared {
    /// The garbage of the Flow, and of the one that it replaces.
    fn garbage<'a>(
        &'a self,
        flow: &'a FlowId,
    ) -> impl Iterator<Item = (&'a FlowId, &'a Survey, Garbage<'a>)> {
        let moved = self.moved.iter().map(|moved| (&moved.flow, &moved.survey));
        let flows = std::iter::once((flow, &self.survey)).chain(moved);
        flows.map(|(flow, survey)| (flow, survey, garbage(survey, flow, &self.checked)))
    }

    /// Adds what `--prune` deletes, and what it does not.
    async fn plan_deletions(
        &self,
        session: &Session<'_>,
        flow: &FlowId,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        // An empty result is more likely a mistake than a wish to delete everything.
        if self.checked.is_empty() {
            return Ok(());
        }
        for (flow, _, garbage) in self.garbage(flow) {
            let sets = garbage.iter().filter(|(name, _)| name.kind == "StatefulSet").copied();
            outcome.left.extend(super::delete::claims(session, flow, sets.collect()).await?);
            for (name, object) in garbage {
                if let Some(why) = super::delete::stays(name, object) {
                    outcome.left.push(Left { object: name.clone(), why });
                } else {
                    outcome.changes.push(Change::new(name.clone(), ChangeKind::Delete));
                }
            }
        }
        Ok(())
    }
}

/// What makes it impossible to apply a Flow, whatever its objects are.
fn obstacle(flow: &FlowId, survey: &Survey) -> Option<Diagnostic> {
    if let Some(finding) = survey.foreign_inventory(flow) {
        return Some(finding);
    }
    (survey.namespace == NamespaceState::Terminating).then(|| {
        let namespace = super::inventory::namespace(flow);
        let message = format!("the namespace `{namespace}` is being deleted");
        Diagnostic::new(&OBJECT_REFUSED, message)
            .note("nothing can be created in it")
            .help("run the command again once the namespace is gone")
    })
}

/// Looks at the objects of a Flow that is replaced.
async fn moved(
    session: &Session<'_>,
    flow: FlowId,
    observer: &dyn Observer,
    resources: &mut Resources,
    findings: &mut Diagnostics,
) -> Result<Moved, Failure> {
    let survey = Survey::load(session, &flow, &[], resources).await?;
    if let Some(finding) = survey.foreign_inventory(&flow) {
        findings.push(finding);
    } else if survey.inventory.is_none() {
        // The same command was run before, or the name is wrong.
        let text = format!("There is no Flow {flow} (`--moved-from`): nothing of it is deleted.");
        observer.event(Event::Warning { object: None, text: &text });
    }
    Ok(Moved { flow, survey })
}

/// Objects of a Flow in the cluster that its file has no more.
type Garbage<'a> = Vec<(&'a ObjectName, &'a serde_json::Value)>;

/// The garbage of one Flow.
fn garbage<'a>(survey: &'a Survey, flow: &FlowId, checked: &[Checked]) -> Garbage<'a> {
    let wanted: std::collections::BTreeSet<_> =
        checked.iter().map(|one| &one.desired.name).collect();
    survey.members(flow).filter(|(name, _)| !wanted.contains(name)).collect()
}

#[async_trait]
impl Deployer for Cluster {
    fn name(&self) -> &'static str {
        "Kubernetes"
    }

    async fn apply(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        let session = self.session(options.timeout);
        let mut outcome = Outcome::default();
        let prepared = match self.prepare(&session, bundle, options, observer, &mut outcome).await {
            Ok(prepared) => prepared,
            Err(failure) => {
                self.fail(failure, false, &mut outcome)?;
                return Ok(outcome);
            }
        };
        let Some(prepared) = prepared else { return Ok(outcome) };
        if options.dry_run || outcome.findings.has_errors() {
            return Ok(outcome);
        }
        if let Err(failure) =
            self.carry_out(&session, bundle, options, observer, &prepared, &mut outcome).await
        {
            self.fail(failure, true, &mut outcome)?;
        }
        outcome.findings.apply(&self.options.levels);
        Ok(outcome)
    }

    async fn diff(
        &self,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        let mut options = options.clone();
        options.dry_run = true;
        self.apply(bundle, &options, observer).await
    }

    async fn status(&self, bundle: &Bundle) -> Result<Vec<Status>, DeployError> {
        let session = self.session(Some(Duration::from_mins(1)));
        let what = format!("the state of {} is unknown", bundle.facts.flow);
        let failed = |failure: Failure| unreadable(&what, failure);
        let mut resources = Resources::default();
        let mut findings = Diagnostics::new();
        let desired =
            self.desired(&session, bundle, &mut resources, &mut findings).await.map_err(failed)?;
        let world = World::load(&session, &bundle.facts.flow).await.map_err(failed)?;
        Ok(world.statuses(&Watched::of(&desired), &self.options.requirements))
    }

    async fn delete(
        &self,
        flow: &FlowId,
        options: &ApplyOptions,
        observer: &dyn Observer,
    ) -> Result<Outcome, DeployError> {
        let session = self.session(options.timeout);
        let mut outcome = Outcome::default();
        if let Err(failure) = delete(&session, flow, options, observer, &mut outcome).await {
            let has_begun = !outcome.changes.is_empty();
            self.fail(failure, has_begun, &mut outcome)?;
        }
        Ok(outcome)
    }
}

impl Cluster {
    /// Changes the cluster: create, wait, prune.
    async fn carry_out(
        &self,
        session: &Session<'_>,
        bundle: &Bundle,
        options: &ApplyOptions,
        observer: &dyn Observer,
        prepared: &Prepared,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let flow = &bundle.facts.flow;
        let Prepared { checked, survey, moved } = prepared;
        let inventory = Inventory {
            kinds: checked
                .iter()
                .filter(|one| one.desired.name.kind != "Namespace")
                .map(|one| (one.desired.name.group.clone(), one.desired.name.kind.clone()))
                .collect(),
            namespaces: checked
                .iter()
                .filter_map(|one| one.desired.name.namespace.clone())
                .filter(|namespace| namespace != super::inventory::namespace(flow))
                .collect(),
        };
        // Until the old objects are gone, the inventory lists both.
        let before = survey.inventory.clone().unwrap_or_default().union(&inventory);
        super::apply::write_inventory(session, flow, survey.inventory.as_ref(), &before).await?;
        let changed = checked.iter().filter(|one| one.action != Action::Nothing).count();
        if changed > 0 {
            observer.event(Event::Step(Step::Change { objects: changed }));
        }
        apply(session, checked, observer, &mut outcome.findings).await?;
        if outcome.findings.has_errors() {
            return Ok(());
        }
        let desired: Vec<_> = checked.iter().map(|one| one.desired.clone()).collect();
        if options.wait {
            wait(self, session, flow, &desired, observer, outcome).await?;
            outcome.findings.apply(&self.options.levels);
            if outcome.findings.has_errors() {
                return Ok(());
            }
        }
        if desired.is_empty() {
            return Ok(());
        }
        let all: Vec<_> = prepared.garbage(flow).collect();
        let deleted = |garbage: &[(&ObjectName, &serde_json::Value)]| -> Vec<ObjectName> {
            let garbage = garbage.iter();
            let deleted =
                garbage.filter(|(name, object)| super::delete::stays(name, object).is_none());
            deleted.map(|(name, _)| (*name).clone()).collect()
        };
        let names: Vec<_> = all.iter().flat_map(|(_, _, garbage)| deleted(garbage)).collect();
        let mut kept = !options.prune;
        if options.prune && !names.is_empty() {
            if observer.confirms(&names) {
                observer.event(Event::Step(Step::Delete { objects: names.len() }));
                for (_, survey, garbage) in &all {
                    let names = deleted(garbage);
                    prune(session, survey, &names, observer, &mut outcome.findings).await?;
                }
                kept = outcome.findings.has_errors();
            } else {
                kept = true;
                outcome.changes.retain(|change| change.kind != ChangeKind::Delete);
            }
        }
        if kept {
            outcome.left.extend(all.iter().flat_map(|(_, _, garbage)| garbage).map(|(name, _)| {
                Left {
                    object: (*name).clone(),
                    why: "it was removed from the Flow; pass `--prune=yes` to delete it".to_owned(),
                }
            }));
            outcome.left.sort();
            outcome.left.dedup_by(|a, b| a.object == b.object);
            return Ok(());
        }
        if let Some(old) = moved {
            super::delete::delete_inventory(session, &old.flow, &old.survey).await?;
        }
        let after = &inventory;
        super::apply::write_inventory(session, flow, Some(&before), after).await
    }
}

impl Cluster {
    /// All Flows of a namespace, or of the cluster, by their inventories.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or does not allow to list `ConfigMaps`.
    pub async fn flows(&self, namespace: Option<&str>) -> Result<Vec<FlowId>, DeployError> {
        let session = self.session(Some(Duration::from_mins(1)));
        let path = super::inventory::config_maps().collection(namespace);
        let query = format!("?labelSelector={}", super::connection::escape(super::inventory::SET));
        let parents = session
            .list(&path, &query)
            .await
            .map_err(|failure| unreadable("the Flows cannot be listed", failure))?;
        let tooling = super::inventory::TOOLING;
        let is_ours = |parent: &&serde_json::Value| {
            parent["metadata"]["annotations"][tooling] == super::inventory::TOOL
        };
        let flow = |parent: &serde_json::Value| FlowId {
            namespace: parent["metadata"]["namespace"].as_str().map(str::to_owned),
            name: parent["metadata"]["labels"]["app.kubernetes.io/part-of"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        Ok(parents.iter().filter(is_ours).map(flow).collect())
    }
}
