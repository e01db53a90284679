//! The parts of Istio's resources that flowship writes (`istio.io/api` 1.31).
//!
//! Defined here because existing crates bring `kube` or support only old releases.

use std::collections::BTreeMap;

use backend_k8s::mesh::Spec;
use serde::Serialize;

/// `VirtualService`: the routes and retries of calls to a Service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct VirtualService {
    /// The Service. A short name is completed with the namespace of the resource, which is the
    /// Service's own, and with the domain of the cluster, which flowship does not know.
    pub(crate) hosts: Vec<String>,
    /// The routes; the first one that matches is used.
    pub(crate) http: Vec<HttpRoute>,
}

impl Spec for VirtualService {
    const API_VERSION: &'static str = "networking.istio.io/v1";
    const KIND: &'static str = "VirtualService";
}

/// A route of a [`VirtualService`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct HttpRoute {
    /// The calls that the route matches. Always written: a route without a port matches all ports.
    #[serde(rename = "match")]
    pub(crate) matches: Vec<HttpMatch>,
    pub(crate) route: Vec<RouteDestination>,
    pub(crate) retries: Retries,
}

/// Some calls of one port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct HttpMatch {
    pub(crate) port: u16,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, Exact>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Exact {
    pub(crate) exact: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RouteDestination {
    pub(crate) destination: Destination,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Destination {
    pub(crate) host: String,
    pub(crate) port: PortNumber,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct PortNumber {
    pub(crate) number: u16,
}

/// The retries of a route. Without them Istio retries every call twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Retries {
    pub(crate) attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_on: Option<&'static str>,
}

/// `DestinationRule`: circuit breaking for the replicas of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DestinationRule {
    pub(crate) host: String,
    pub(crate) traffic_policy: TrafficPolicy,
}

impl Spec for DestinationRule {
    const API_VERSION: &'static str = "networking.istio.io/v1";
    const KIND: &'static str = "DestinationRule";
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrafficPolicy {
    pub(crate) outlier_detection: OutlierDetection,
}

/// The condition under which a replica gets no calls for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutlierDetection {
    pub(crate) consecutive_gateway_errors: u32,
    #[serde(rename = "consecutive5xxErrors")]
    pub(crate) consecutive_5xx_errors: u32,
    pub(crate) interval: &'static str,
    pub(crate) base_ejection_time: &'static str,
    pub(crate) max_ejection_percent: u32,
}

/// `PeerAuthentication`: whether Pods take calls that are not encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PeerAuthentication {
    pub(crate) selector: Selector,
    pub(crate) mtls: Mtls,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) port_level_mtls: BTreeMap<u16, Mtls>,
}

impl Spec for PeerAuthentication {
    const API_VERSION: &'static str = "security.istio.io/v1";
    const KIND: &'static str = "PeerAuthentication";
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selector {
    pub(crate) match_labels: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mtls {
    pub(crate) mode: &'static str,
}
