//! Logs of the Pods of a Flow.

use flow_model::{DeployError, FlowId};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, SelectAll};
use serde_json::Value;

use super::connection::{Failure, escape};
use super::deployer::{Cluster, unreadable};
use super::inventory;
use super::resource::Resource;

/// Which logs are printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOptions {
    /// Go on until the containers end.
    pub follow: bool,
    /// How many of the last lines of each container.
    pub tail: Option<u32>,
    /// Only lines of the last seconds.
    pub since_seconds: Option<u64>,
    /// Only lines since a time (RFC 3339).
    pub since_time: Option<String>,
}

impl LogOptions {
    fn query(&self, container: &str) -> String {
        let mut query = format!("?container={container}");
        let mut add = |key: &str, value: Option<String>| {
            query.extend(value.map(|value| format!("&{key}={}", escape(&value))));
        };
        add("follow", self.follow.then(|| "true".to_owned()));
        add("tailLines", self.tail.map(|lines| lines.to_string()));
        add("sinceSeconds", self.since_seconds.map(|seconds| seconds.to_string()));
        add("sinceTime", self.since_time.clone());
        query
    }
}

impl Cluster {
    /// Passes on each line of the logs of these Executors, or of all, with the name of the Pod
    /// and container it comes from. Returns false if there is no Pod.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or an Executor has no Pod.
    pub async fn logs(
        &self,
        flow: &FlowId,
        names: &[String],
        options: &LogOptions,
        line: &mut (dyn FnMut(&str, &str) + Send),
    ) -> Result<bool, DeployError> {
        let session = self.session(None);
        let what = format!("the logs of {flow} cannot be read");
        let failed = |failure: Failure| unreadable(&what, failure);
        let kind = Resource::builtin("", "Pod", "pods");
        let namespace = Some(inventory::namespace(flow));
        let label = escape(&format!("app.kubernetes.io/part-of={}", flow.name));
        let query = format!("?labelSelector={label}");
        let mut pods = session.list(&kind.collection(namespace), &query).await.map_err(failed)?;
        let is_of = |pod: &Value, name: &str| {
            let labels = &pod["metadata"]["labels"];
            ["app", "jina_deployment_name"].iter().any(|label| labels[*label] == name)
        };
        let unknown: Vec<_> = names
            .iter()
            .filter(|name| !pods.iter().any(|pod| is_of(pod, name)))
            .map(String::as_str)
            .collect();
        if !pods.is_empty() && !unknown.is_empty() {
            return Err(DeployError::new(format!("no Pod of {}", unknown.join(", "))));
        }
        pods.retain(|pod| names.is_empty() || names.iter().any(|name| is_of(pod, name)));
        let mut streams: SelectAll<BoxStream<'_, (String, String)>> = SelectAll::new();
        for pod in &pods {
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
            for container in containers.filter_map(|one| one["name"].as_str()) {
                let path =
                    format!("{}/log{}", kind.path(namespace, name), options.query(container));
                let source = format!("{name}/{container}");
                let lines = match session.lines(&path).await {
                    Ok(lines) => lines,
                    // A container that has not started yet has no log.
                    Err(Failure::Refused(refusal)) => {
                        line(&source, &format!("(no log: {})", refusal.message));
                        continue;
                    }
                    Err(failure) => return Err(failed(failure)),
                };
                // A stream that breaks has ended.
                let lines = lines.filter_map(|line| std::future::ready(line.ok()));
                let lines = lines.map(move |line| (source.clone(), line));
                if options.follow {
                    streams.push(lines.boxed());
                    continue;
                }
                let all: Vec<_> = lines.collect().await;
                for (source, text) in &all {
                    line(source, text);
                }
            }
        }
        while let Some((source, text)) = streams.next().await {
            line(&source, &text);
        }
        Ok(!pods.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::LogOptions;

    #[test]
    fn options_become_a_query() {
        let all =
            LogOptions { follow: true, tail: Some(5), since_seconds: Some(60), since_time: None };
        assert_eq!(
            all.query("executor"),
            "?container=executor&follow=true&tailLines=5&sinceSeconds=60"
        );
        let since = LogOptions {
            since_time: Some("2026-01-31T12:00:00Z".to_owned()),
            ..LogOptions::default()
        };
        assert_eq!(since.query("a"), "?container=a&sinceTime=2026-01-31T12%3A00%3A00Z");
    }
}
