//! The state of every service.

use flow_model::{State, Status};

use super::survey::Container;

/// The state of every service, and of every container that belongs to no service.
pub(super) fn statuses<'a>(
    services: impl Iterator<Item = &'a str>,
    containers: &[&Container],
) -> Vec<Status> {
    let missing = services.filter(|service| !containers.iter().any(|c| c.service == *service));
    let missing = missing.map(|service| Status {
        object: service.to_owned(),
        state: State::Missing,
        detail: String::new(),
    });
    let there = containers.iter().map(|container| Status {
        object: container.service.clone(),
        state: container.state,
        detail: container.detail.clone(),
    });
    let mut statuses: Vec<_> = missing.chain(there).collect();
    statuses.sort();
    statuses
}
