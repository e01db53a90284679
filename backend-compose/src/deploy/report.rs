//! What Docker says of the containers of a project.

use flow_model::{State, Status};

/// The columns that are asked for.
pub(super) const FORMAT: &str = "{{.Label \"com.docker.compose.service\"}}\t\
    {{.Label \"com.docker.compose.config-hash\"}}\t{{.State}}\t{{.Status}}";

/// One container of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) service: String,
    /// What Compose made it from.
    pub(super) hash: String,
    pub(super) state: State,
    /// Docker's own words: `Up 5 seconds (healthy)`.
    pub(super) detail: String,
}

/// Reads the lines of `docker ps`, sorted by service.
pub(super) fn read(text: &str) -> Vec<Container> {
    let mut containers: Vec<_> = text.lines().filter_map(line).collect();
    containers.sort_by(|a, b| a.service.cmp(&b.service));
    containers
}

fn line(line: &str) -> Option<Container> {
    let mut columns = line.split('\t');
    let (service, hash) = (columns.next()?, columns.next()?);
    let (state, detail) = (columns.next()?, columns.next()?);
    let state = match state {
        "running" if detail.ends_with("(healthy)") => State::Up,
        "running" if detail.ends_with("(unhealthy)") => State::Failed,
        "created" | "running" | "restarting" => State::Starting,
        _ => State::Failed,
    };
    Some(Container {
        service: service.to_owned(),
        hash: hash.to_owned(),
        state,
        detail: detail.to_owned(),
    })
}

/// How every service is, and every container that is none of them.
pub(super) fn statuses<'a>(
    services: impl Iterator<Item = &'a str>,
    containers: &[Container],
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

#[cfg(test)]
mod tests {
    use flow_model::State;

    use super::{read, statuses};

    #[test]
    fn states_are_read_from_dockers_words() {
        let text = "b\th2\trunning\tUp 5 seconds (healthy)\n\
                    a\th1\trunning\tUp 2 seconds (health: starting)\n\
                    c\th3\texited\tExited (1) 3 seconds ago\n\
                    d\th4\trunning\tUp 5 minutes (unhealthy)\n\
                    e\th5\trestarting\tRestarting (1) 1 second ago\n\
                    nonsense\n";
        let containers = read(text);
        let states: Vec<_> = statuses(["a", "b", "z"].into_iter(), &containers)
            .into_iter()
            .map(|status| (status.object, status.state))
            .collect();
        let expected = [
            ("a", State::Starting),
            ("b", State::Up),
            ("c", State::Failed),
            ("d", State::Failed),
            ("e", State::Starting),
            ("z", State::Missing),
        ];
        assert_eq!(states, expected.map(|(name, state)| (name.to_owned(), state)));
    }
}
