import type { AddOn, AddOnIdentity, HelmValue, HelmValues } from "../add-on.ts";
import { DEFAULT_STORAGE_CLASS, evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

export interface KubePrometheusStackOptions {
  /** Label `cluster` of every sample. */
  readonly clusterName: string;
  /** Where samples are kept for long (OBS-07). @default nowhere: this region's Prometheus alone */
  readonly remoteWrite?: {
    /** Endpoint of the Amazon Managed Prometheus workspace, up to and with `/api/v1/remote_write`. */
    readonly url: HelmValue;
    readonly region: string;
    /** Rights of the Prometheus pods; needs `aps:RemoteWrite` on the workspace. */
    readonly policies: AddOnIdentity["policies"];
  };
  /** Two servers and two Alertmanagers, each on a host of its own. @default true */
  readonly highlyAvailable?: boolean;
  /** Days kept in the cluster. @default 2, what an outage of the remote store needs */
  readonly retentionDays?: number;
  /** Volume of each Prometheus, GiB. @default 50 */
  readonly storageGib?: number;
  /** Routes and receivers of Alertmanager. @default the chart's: alerts are shown, nobody is called */
  readonly alertmanagerConfig?: HelmValues;
  /** Dashboards in the cluster (OBS-08, C-43), with the Secret in `infrastructure` that holds `admin-user` and `admin-password`. @default none */
  readonly grafanaAdminSecret?: string;
}

/** OBS-33, verbatim. */
const PROMETHEUS_RESOURCES = {
  requests: { cpu: "500m", memory: "2Gi" },
  limits: { cpu: "2000m", memory: "8Gi" },
};
/** OBS-34, verbatim. */
const GRAFANA_RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/**
 * Metrics and alerts of one cluster (OBS-02, OBS-03): two equal Prometheus servers in two zones, which the remote store
 * makes one by the labels `cluster` and `__replica__`. Without the remote store, or without the peer region, alerts of
 * this cluster go on.
 * https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack/values.yaml
 */
export function kubePrometheusStack(options: KubePrometheusStackOptions): AddOn {
  return {
    name: "kube-prometheus-stack",
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "88.5.3",
    namespace: "infrastructure",
    wave: 4,
    dependsOn: ["prometheus-operator-crds", "cert-manager"],
    skipCrds: true,
    timeoutSeconds: 900,
    identities: options.remoteWrite
      ? { prometheus: { serviceAccount: "prometheus", policies: options.remoteWrite.policies } }
      : {},
    values: {
      crds: { enabled: false },
      // AWS runs these and shows no metrics of them; kube-proxy serves its own on the host's loopback only.
      kubeControllerManager: { enabled: false },
      kubeEtcd: { enabled: false },
      kubeProxy: { enabled: false },
      kubeScheduler: { enabled: false },
      prometheusOperator: {
        ...ON_SYSTEM_NODES,
        podDisruptionBudget: { enabled: true },
        admissionWebhooks: { certManager: { enabled: true } },
      },
      "kube-state-metrics": { ...ON_SYSTEM_NODES },
      prometheus: prometheus(options),
      alertmanager: alertmanager(options),
      grafana: grafana(options.grafanaAdminSecret),
    },
  };
}

function prometheus(options: KubePrometheusStackOptions): HelmValues {
  const { remoteWrite } = options;
  // Every monitor and rule of the cluster counts, not those of this release alone.
  const all = Object.fromEntries(
    ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map((kind) => [
      `${kind}SelectorNilUsesHelmValues`,
      false,
    ]),
  );
  return {
    serviceAccount: { create: true, name: "prometheus" },
    podDisruptionBudget: budget(options),
    prometheusSpec: {
      ...all,
      ...ON_SYSTEM_NODES,
      ...members(options),
      topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": "prometheus" }),
      externalLabels: { cluster: options.clusterName },
      replicaExternalLabelName: "__replica__",
      retention: `${options.retentionDays ?? 2}d`,
      resources: PROMETHEUS_RESOURCES,
      storageSpec: volume(options.storageGib ?? 50),
      remoteWrite: remoteWrite
        ? [
            {
              url: remoteWrite.url,
              sigv4: { region: remoteWrite.region },
              queueConfig: { maxSamplesPerSend: 1000, maxShards: 200, capacity: 2500 },
            },
          ]
        : [],
    },
  };
}

function alertmanager(options: KubePrometheusStackOptions): HelmValues {
  return {
    podDisruptionBudget: budget(options),
    ...(options.alertmanagerConfig ? { config: options.alertmanagerConfig } : {}),
    alertmanagerSpec: {
      ...ON_SYSTEM_NODES,
      ...members(options),
      topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": "alertmanager" }),
      storage: volume(5),
    },
  };
}

function grafana(adminSecret: string | undefined): HelmValues {
  if (adminSecret === undefined) return { enabled: false };
  return {
    ...ON_SYSTEM_NODES,
    enabled: true,
    // The chart's own password is known to everybody.
    admin: { existingSecret: adminSecret, userKey: "admin-user", passwordKey: "admin-password" },
    resources: GRAFANA_RESOURCES,
    sidecar: { dashboards: { enabled: true, searchNamespace: "ALL" } },
    "grafana.ini": {
      analytics: { check_for_updates: false, reporting_enabled: false },
      users: { allow_sign_up: false },
    },
  };
}

/** None for a single member: it would keep its node from ever draining. */
function budget(options: KubePrometheusStackOptions): HelmValues {
  return { enabled: options.highlyAvailable ?? true, minAvailable: 1 };
}

function members(options: KubePrometheusStackOptions): HelmValues {
  return { replicas: (options.highlyAvailable ?? true) ? 2 : 1, podAntiAffinity: "hard" };
}

function volume(gib: number): HelmValues {
  return {
    volumeClaimTemplate: {
      spec: {
        storageClassName: DEFAULT_STORAGE_CLASS,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${gib}Gi` } },
      },
    },
  };
}
