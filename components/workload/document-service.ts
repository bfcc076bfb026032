import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterReference } from "../cluster/add-on.ts";
import { WorkloadIdentity } from "../security/workload-identity.ts";
import { applySettings, autoscalerPatch, readKustomization, type WorkloadSettings } from "./manifests.ts";

export interface DocumentServiceArgs extends WorkloadSettings<pulumi.Input<string>> {
  /** Who applies the objects of deploy/: `argocd` makes an Application of them, `direct` applies them with Pulumi. */
  readonly deployMode: "argocd" | "direct";
  /** Namespace of the pods; must exist. */
  readonly namespace: string;
  /** The EKS cluster, for the pods' AWS identity. */
  readonly cluster: ClusterReference;
  /** IAM policy documents (JSON) that the pods need, by a short name. */
  readonly policies: Readonly<Record<string, pulumi.Output<string>>>;
  /** Target group of the region's load balancer that sends to the pods. */
  readonly targetGroupArn: pulumi.Input<string>;
  /** Security group of the load balancer, which the pods admit. */
  readonly loadBalancerSecurityGroupId: pulumi.Input<string>;
  /** Environment of the pods, as a ConfigMap. Holds no secret. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Git repository that Argo CD follows; read in mode `argocd`. */
  readonly repositoryUrl: string;
  /** Branch, tag or commit of the repository. */
  readonly revision: string;
}

/** Port of the pods, as deploy/ has it. */
export const DOCUMENT_SERVICE_PORT = 8080;
const NAME = "document-service";
/** Folder of the objects, from the root of the repository. */
const FOLDER = "deploy/document-service";

/**
 * The document service in one cluster: Pulumi owns its AWS identity, service account and configuration; Argo CD (or Pulumi
 * itself in mode `direct`) owns Deployment, Service, autoscaler and disruption budget, from the same files. No object has
 * two owners.
 *
 * Regional: needs nothing of another region. When Git is unreachable Argo CD keeps what runs.
 */
export class DocumentService extends pulumi.ComponentResource {
  constructor(name: string, args: DocumentServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:workload:DocumentService", name, {}, opts);
    const parent = { parent: this };

    const identity = new WorkloadIdentity(
      `${name}-identity`,
      {
        clusterName: args.cluster.name,
        clusterArn: args.cluster.arn,
        accountId: args.cluster.accountId,
        namespace: args.namespace,
        serviceAccount: NAME,
        policies: args.policies,
      },
      parent,
    );
    const metadata = { name: NAME, namespace: args.namespace, labels: { "app.kubernetes.io/name": NAME } };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const settings = new k8s.core.v1.ConfigMap(
      `${name}-settings`,
      { metadata, data: args.environment },
      parent,
    );

    const wiring = { parent: this, dependsOn: [...identity.ready, account, settings] };
    this.#targets(name, args);
    if (args.deployMode === "argocd") {
      this.#application(name, args, wiring);
    } else {
      new k8s.yaml.v2.ConfigGroup(
        `${name}-objects`,
        { objs: applySettings(readKustomization(FOLDER), NAME, args) },
        wiring,
      );
    }
    this.registerOutputs({});
  }

  /** The load balancer controller registers the pods, and opens the nodes' security group for the load balancer alone. */
  #targets(name: string, args: DocumentServiceArgs): void {
    new k8s.apiextensions.CustomResource(
      `${name}-targets`,
      {
        apiVersion: "elbv2.k8s.aws/v1beta1",
        kind: "TargetGroupBinding",
        metadata: { name: NAME, namespace: args.namespace },
        spec: {
          serviceRef: { name: NAME, port: "http" },
          targetGroupARN: args.targetGroupArn,
          targetType: "ip",
          networking: {
            ingress: [
              {
                from: [{ securityGroup: { groupID: args.loadBalancerSecurityGroupId } }],
                ports: [{ protocol: "TCP", port: DOCUMENT_SERVICE_PORT }],
              },
            ],
          },
        },
      },
      { parent: this },
    );
  }

  #application(name: string, args: DocumentServiceArgs, opts: pulumi.CustomResourceOptions): void {
    new k8s.apiextensions.CustomResource(
      `${name}-application`,
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: {
          name: NAME,
          namespace: "argocd",
          // Without the finalizer a destroy would leave the objects behind, and their load balancer targets with them.
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
        spec: {
          project: "default",
          source: {
            repoURL: args.repositoryUrl,
            targetRevision: args.revision,
            path: FOLDER,
            kustomize: {
              images: [pulumi.interpolate`${NAME}=${args.image}`],
              patches: [
                {
                  target: { kind: "HorizontalPodAutoscaler", name: NAME },
                  patch: JSON.stringify(autoscalerPatch(args)),
                },
              ],
            },
          },
          destination: { server: "https://kubernetes.default.svc", namespace: args.namespace },
          syncPolicy: {
            automated: { prune: true, selfHeal: true },
            retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
          },
        },
      },
      opts,
    );
  }
}
