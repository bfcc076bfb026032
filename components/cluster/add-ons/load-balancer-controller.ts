import type { AddOn, HelmValue } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";
import {
  bindTargetsPolicy,
  type LoadBalancerScope,
  manageLoadBalancersPolicy,
} from "./load-balancer-policy.ts";

export interface LoadBalancerControllerOptions extends LoadBalancerScope {
  readonly vpcId: HelmValue;
  /** Also make load balancers for Ingress and Service objects. @default false: only bind pods to target groups */
  readonly managesLoadBalancers?: boolean;
}

const LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller";

/**
 * Binds pods to the target groups of the region's load balancer (EKS-23, C-09). Its webhooks refuse target group
 * bindings while it is down; targets that are registered stay. Bindings must be deleted before it, or their finalizer
 * never ends: make them depend on it.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/helm/aws-load-balancer-controller/values.yaml
 */
export function loadBalancerController(options: LoadBalancerControllerOptions): AddOn {
  const manages = options.managesLoadBalancers ?? false;
  return {
    name: LOAD_BALANCER_CONTROLLER,
    chart: LOAD_BALANCER_CONTROLLER,
    repository: "https://aws.github.io/eks-charts",
    version: "3.5.0",
    namespace: "kube-system",
    wave: 3,
    dependsOn: ["cert-manager"],
    identities: {
      controller: {
        serviceAccount: LOAD_BALANCER_CONTROLLER,
        policies: {
          targets: manages ? manageLoadBalancersPolicy(options) : bindTargetsPolicy(options),
        },
      },
    },
    values: {
      clusterName: options.clusterName,
      region: options.region,
      // With one hop to the metadata service the controller could not find either by itself.
      vpcId: options.vpcId,
      replicaCount: 2,
      serviceAccount: { create: true, name: LOAD_BALANCER_CONTROLLER },
      defaultTargetType: "ip",
      enableCertManager: true,
      // It would refuse every new Service of the cluster while no controller is Ready.
      enableServiceMutatorWebhook: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: manages,
      podDisruptionBudget: { maxUnavailable: 1 },
      topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": LOAD_BALANCER_CONTROLLER }),
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      ...ON_SYSTEM_NODES,
    },
  };
}
