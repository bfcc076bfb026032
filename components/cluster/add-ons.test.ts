import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import type { AddOn } from "./add-on.ts";
import { argoCd } from "./add-ons/argo-cd.ts";
import { certManager } from "./add-ons/cert-manager.ts";
import { kubePrometheusStack } from "./add-ons/kube-prometheus-stack.ts";
import { loadBalancerController } from "./add-ons/load-balancer-controller.ts";
import { bindTargetsPolicy, manageLoadBalancersPolicy } from "./add-ons/load-balancer-policy.ts";
import { metricsServer } from "./add-ons/metrics-server.ts";
import { prometheusOperatorCrds } from "./add-ons/prometheus-operator-crds.ts";
import { AddOns } from "./add-ons.ts";
import { CLUSTER, CLUSTER_NAME, planCluster, refusal } from "./planned-cluster.ts";

const SCOPE = {
  partition: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  clusterName: CLUSTER_NAME,
};
const WORKSPACE = "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/api/v1/remote_write";
const ADD_ONS: readonly AddOn[] = [
  argoCd({ domain: "argocd.internal.example.com" }),
  kubePrometheusStack({
    clusterName: CLUSTER_NAME,
    remoteWrite: {
      url: WORKSPACE,
      region: "us-east-1",
      policies: {
        write: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "aps:RemoteWrite", Resource: "*" }],
        },
      },
    },
    grafanaAdminSecret: "grafana-admin",
  }),
  loadBalancerController({ ...SCOPE, vpcId: "vpc-1" }),
  certManager(),
  prometheusOperatorCrds(),
  metricsServer(),
];

const planned = (mode: PlanMode, addOns = ADD_ONS): Promise<Plan> =>
  planCluster(mode, (opts) => ({
    versions: new AddOns("add-ons", { addOns, cluster: CLUSTER }, opts).versions,
  }));
const CERT_MANAGER_RELEASE = "add-ons-cert-manager-chart-helm";
const release = (plan: Plan, name: string) =>
  named(plan, name === "cert-manager" ? CERT_MANAGER_RELEASE : `add-ons-${name}-release`).inputs;
const valuesOf = (plan: Plan, name: string) => JSON.parse(JSON.stringify(release(plan, name)["values"]));

describe("AddOns", () => {
  for (const mode of MODES) {
    describe(mode, () => {
      let plan: Plan;
      before(async () => {
        plan = await planned(mode);
      });

      it("EKS-23: every chart is pinned, waits until Ready and is rolled back as a whole", () => {
        const releases = ofType(plan, "kubernetes:helm.sh/v3:Release");
        assert.deepEqual(
          Object.fromEntries(releases.map(({ inputs }) => [String(inputs["name"]), inputs["version"]])),
          {
            "argo-cd": "10.1.1",
            "aws-load-balancer-controller": "3.5.0",
            "cert-manager": "v1.21.1",
            "kube-prometheus-stack": "88.5.3",
            "metrics-server": "3.13.1",
            "prometheus-operator-crds": "31.0.1",
          },
        );
        for (const { name, inputs } of releases) {
          assert.equal(inputs["atomic"], true, name);
          assert.notEqual(inputs["skipAwait"], true, name);
          assert.equal(inputs["createNamespace"], false, name);
        }
      });

      it("EKS-23: webhooks are Ready before what they admit, and go after it", () => {
        const order = [
          "add-ons-metrics-server-release",
          CERT_MANAGER_RELEASE,
          "add-ons-aws-load-balancer-controller-release",
          "add-ons-kube-prometheus-stack-release",
          "add-ons-argo-cd-release",
        ];
        for (const [index, later] of order.slice(1).entries())
          assert(outlives(plan, order[index] ?? "", later), `${order[index]} before ${later}`);
      });

      it("EKS-32: cert-manager comes by its component: three webhooks that survive a node, definitions kept", () => {
        assert.equal(ofType(plan, "kubernetes-cert-manager:index:CertManager").length, 1);
        assert.equal(release(plan, "cert-manager")["namespace"], "infrastructure");
        const values = valuesOf(plan, "cert-manager");
        assert.deepEqual(values.crds, { enabled: true, keep: true });
        assert.equal(values.webhook.replicaCount, 3);
        assert.deepEqual(values.webhook.podDisruptionBudget, { enabled: true, maxUnavailable: 1 });
        assert.deepEqual(
          values.webhook.topologySpreadConstraints.map((one: { topologyKey: string }) => one.topologyKey),
          ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
        );
      });

      it("EKS-23: the load balancer controller binds pods only, as itself, and cannot block Services (C-09)", () => {
        const values = valuesOf(plan, "aws-load-balancer-controller");
        assert.equal(values.enableServiceMutatorWebhook, false);
        assert.equal(values.defaultTargetType, "ip");
        assert.equal(values.vpcId, "vpc-1");
        const association = named(plan, "add-ons-aws-load-balancer-controller-controller-association").inputs;
        assert.equal(association["serviceAccount"], values.serviceAccount.name);
        assert.equal(association["namespace"], release(plan, "aws-load-balancer-controller")["namespace"]);
        assert.deepEqual(
          JSON.parse(
            String(named(plan, "add-ons-aws-load-balancer-controller-controller-targets").inputs["policy"]),
          ),
          bindTargetsPolicy(SCOPE),
        );
      });

      it("EKS-27: Prometheus, Alertmanager, Grafana and cert-manager live in infrastructure", () => {
        for (const name of ["kube-prometheus-stack", "cert-manager", "prometheus-operator-crds"])
          assert.equal(release(plan, name)["namespace"], "infrastructure", name);
      });

      it("OBS-33: Prometheus asks for 500m/2Gi and may take 2000m/8Gi", () => {
        assert.deepEqual(valuesOf(plan, "kube-prometheus-stack").prometheus.prometheusSpec.resources, {
          limits: { cpu: "2000m", memory: "8Gi" },
          requests: { cpu: "500m", memory: "2Gi" },
        });
      });

      it("OBS-34: Grafana asks for 100m/128Mi and may take 500m/512Mi, with no password of the chart", () => {
        const { grafana } = valuesOf(plan, "kube-prometheus-stack");
        assert.deepEqual(grafana.resources, {
          limits: { cpu: "500m", memory: "512Mi" },
          requests: { cpu: "100m", memory: "128Mi" },
        });
        assert.equal(grafana.admin.existingSecret, "grafana-admin");
        assert.equal(grafana.adminPassword, undefined);
      });

      it("OBS-02: two servers write what they collect to the region's store, which can tell them apart", () => {
        const { prometheusSpec, serviceAccount } = valuesOf(plan, "kube-prometheus-stack").prometheus;
        assert.equal(prometheusSpec.replicas, 2);
        assert.deepEqual(prometheusSpec.externalLabels, { cluster: CLUSTER_NAME });
        assert.equal(prometheusSpec.replicaExternalLabelName, "__replica__");
        assert.deepEqual(prometheusSpec.remoteWrite[0].sigv4, { region: "us-east-1" });
        assert.equal(prometheusSpec.remoteWrite[0].url, WORKSPACE);
        assert.equal(
          named(plan, "add-ons-kube-prometheus-stack-prometheus-association").inputs["serviceAccount"],
          serviceAccount.name,
        );
        for (const kind of ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"])
          assert.equal(prometheusSpec[`${kind}SelectorNilUsesHelmValues`], false, kind);
      });

      it("OBS-03: the operator's definitions come first, apart from its chart; AWS's own parts are not scraped", () => {
        const values = valuesOf(plan, "kube-prometheus-stack");
        assert.deepEqual(values.crds, { enabled: false });
        for (const part of ["kubeControllerManager", "kubeEtcd", "kubeScheduler"])
          assert.deepEqual(values[part], { enabled: false }, part);
        assert(
          outlives(plan, "add-ons-prometheus-operator-crds-release", "add-ons-kube-prometheus-stack-release"),
        );
      });

      it("COST-07: what monitoring stores is on gp3", () => {
        const { prometheus, alertmanager } = valuesOf(plan, "kube-prometheus-stack");
        for (const { volumeClaimTemplate } of [
          prometheus.prometheusSpec.storageSpec,
          alertmanager.alertmanagerSpec.storage,
        ])
          assert.equal(volumeClaimTemplate.spec.storageClassName, "gp3");
      });

      it("CICD-08: Argo CD is highly available in its namespace, and nothing exposes it", () => {
        const values = valuesOf(plan, "argo-cd");
        assert.equal(release(plan, "argo-cd")["namespace"], "argocd");
        for (const part of ["server", "repoServer", "applicationSet"]) {
          assert.equal(values[part].replicas, 2, part);
          assert.deepEqual(values[part].pdb, { enabled: true, maxUnavailable: 1 }, part);
        }
        assert.equal(values["redis-ha"].enabled, true);
        assert.deepEqual([values.server.service.type, values.server.ingress.enabled], ["ClusterIP", false]);
      });

      it("EKS-09: platform pods run on the on-demand system nodes (C-26)", () => {
        const system = { "platform/node-role": "system" };
        const cert = valuesOf(plan, "cert-manager");
        const stack = valuesOf(plan, "kube-prometheus-stack");
        for (const part of [
          valuesOf(plan, "metrics-server"),
          valuesOf(plan, "aws-load-balancer-controller"),
          valuesOf(plan, "argo-cd").global,
          valuesOf(plan, "argo-cd")["redis-ha"],
          cert,
          cert.webhook,
          cert.cainjector,
          stack.prometheus.prometheusSpec,
          stack.alertmanager.alertmanagerSpec,
          stack.prometheusOperator,
          stack.grafana,
        ]) {
          assert.deepEqual(part.nodeSelector, system);
          assert.deepEqual(part.tolerations, [{ key: "CriticalAddonsOnly", operator: "Exists" }]);
        }
      });
    });
  }

  it("SEC-06: an add-on without AWS rights gets no role", async () => {
    const plan = await planned("preview", [metricsServer(), kubeWithoutStore()]);
    assert.deepEqual(ofType(plan, "aws:iam/role:Role"), []);
    assert.deepEqual(valuesOf(plan, "kube-prometheus-stack").grafana, { enabled: false });
    assert.deepEqual(valuesOf(plan, "kube-prometheus-stack").prometheus.prometheusSpec.remoteWrite, []);
  });

  it("OBS-02: a small cluster runs one server, and no budget keeps its node from draining", () => {
    const addOn = kubePrometheusStack({ clusterName: CLUSTER_NAME, highlyAvailable: false });
    const { prometheus, alertmanager } = JSON.parse(JSON.stringify(addOn.values));
    assert.deepEqual([prometheus.prometheusSpec.replicas, alertmanager.alertmanagerSpec.replicas], [1, 1]);
    assert.deepEqual(
      [prometheus.podDisruptionBudget.enabled, alertmanager.podDisruptionBudget.enabled],
      [false, false],
    );
  });

  it("tells which versions run", async () => {
    const { outputs } = await planned("preview", [metricsServer(), certManager()]);
    assert.deepEqual(outputs["versions"], { "cert-manager": "v1.21.1", "metrics-server": "3.13.1" });
  });

  it("refuses an add-on that depends on one that is not there", async () => {
    const lines = await refusal((opts) => {
      new AddOns(
        "add-ons",
        { addOns: [loadBalancerController({ ...SCOPE, vpcId: "vpc-1" }), metricsServer()], cluster: CLUSTER },
        opts,
      );
    });
    assert.deepEqual(lines.slice(0, 2), [
      'AddOns "add-ons":',
      '  add-on "aws-load-balancer-controller" depends on the unknown add-on "cert-manager": known are aws-load-balancer-controller, metrics-server',
    ]);
  });
});

function kubeWithoutStore(): AddOn {
  return { ...kubePrometheusStack({ clusterName: CLUSTER_NAME }), dependsOn: [] };
}

describe("rights of the load balancer controller", () => {
  interface Statement {
    readonly Sid: string;
    readonly Action: string | string[];
    readonly Resource: string | string[];
    readonly Condition?: unknown;
  }
  const statementsOf = (policy: unknown): Statement[] => JSON.parse(JSON.stringify(policy)).Statement;
  const changes = ({ Action }: Statement) =>
    [Action].flat().filter((action) => !/:(Describe|Get|List)/.test(action));

  it("EKS-23: binding targets changes nothing but targets and this cluster's own security groups", () => {
    assert.deepEqual(
      statementsOf(bindTargetsPolicy(SCOPE)).flatMap((one) => changes(one)),
      [
        "elasticloadbalancing:RegisterTargets",
        "elasticloadbalancing:DeregisterTargets",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupIngress",
      ],
    );
  });

  it("EKS-23: no change reaches another region or account, and deletions need this cluster's mark", () => {
    for (const statement of statementsOf(manageLoadBalancersPolicy(SCOPE))) {
      const actions = changes(statement).filter(
        (action) => !/^(iam:CreateServiceLinkedRole|wafv2:|ec2:CreateSecurityGroup$)/.test(action),
      );
      if (actions.length === 0) continue;
      for (const resource of [statement.Resource].flat())
        assert.match(resource, /^arn:aws:[a-z0-9]+:us-east-1:111122223333:/, statement.Sid);
      if (actions.some((action) => /DeleteLoadBalancer|DeleteTargetGroup|DeleteSecurityGroup/.test(action)))
        assert.deepEqual(statement.Condition, {
          StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": CLUSTER_NAME },
        });
    }
  });

  it("fits into a role", () => {
    assert(JSON.stringify(manageLoadBalancersPolicy(SCOPE)).length <= 10_240);
  });
});
