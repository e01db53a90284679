//! The state of every service.

use flow_model::deploy::{ObjectName, State, Status};

use super::survey::Container;
use crate::project::Project;

/// The name of a service.
pub(super) fn service(project: &Project, name: &str) -> ObjectName {
    object(project, "service", name)
}

/// The name of an object of a kind.
pub(super) fn object(project: &Project, kind: &str, name: &str) -> ObjectName {
    ObjectName {
        namespace: Some(project.to_string()),
        group: String::new(),
        kind: kind.to_owned(),
        name: name.to_owned(),
    }
}

/// The state of every service, and of every container that belongs to no service.
pub(super) fn statuses<'a>(
    project: &Project,
    services: impl Iterator<Item = &'a str>,
    containers: &[&Container],
) -> Vec<Status> {
    let missing = services.filter(|service| !containers.iter().any(|c| c.service == *service));
    let missing = missing.map(|name| Status::new(service(project, name), State::Missing));
    let there = containers.iter().map(|container| {
        let mut status = Status::new(service(project, &container.service), container.state);
        status.detail.clone_from(&container.detail);
        status
    });
    let mut statuses: Vec<_> = missing.chain(there).collect();
    statuses.sort();
    statuses
}
