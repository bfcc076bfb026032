import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createSecurityGroupRules } from "./security-group-rules.ts";
import { type ClusterGroup, clusterRules } from "./security-rules.ts";

export interface ClusterSecurityGroupsArgs {
  /** Replaces every group. */
  readonly vpcId: pulumi.Input<string>;
  /** Who reaches the load balancer: CloudFront and the Route 53 health checkers, or anyone on ports 80 and 443 (C-49). */
  readonly edge:
    | {
        readonly kind: "cloudfront";
        /** Region's id of `com.amazonaws.global.cloudfront.origin-facing`. */
        readonly cloudfrontPrefixListId: pulumi.Input<string>;
        /** Region's id of `com.amazonaws.<region>.route53-healthchecks`. */
        readonly healthChecksPrefixListId: pulumi.Input<string>;
      }
    | { readonly kind: "internet" };
  /**
   * Ports on which the API gateway's pods listen (C-50).
   * @default Kong's proxy ports, 8000 and 8443
   */
  readonly gatewayPorts?: readonly number[];
  /**
   * Opens the node port range to the load balancer as well; for NodePort services in development (C-50).
   * @default false
   */
  readonly nodePorts?: boolean;
}

const KONG_PROXY_PORTS = [8000, 8443];
const DESCRIPTIONS: Readonly<Record<ClusterGroup, string>> = {
  alb: "Load balancer: clients in, API gateway out",
  "alb-health-checks": "Load balancer: Route 53 health checkers in",
  "control-plane": "Kubernetes control plane",
  workers: "Kubernetes workers",
};

/**
 * Security groups of the load balancer, the control plane and the workers of one region, with one resource for every rule
 * of the catalogue in `security-rules.ts`. Free, and without a tie to another region.
 */
export class ClusterSecurityGroups extends pulumi.ComponentResource {
  /** All groups of the load balancer; it needs every one of them. */
  readonly albIds: pulumi.Output<string>[];
  /** Additional group of the control plane's interfaces. */
  readonly controlPlaneId: pulumi.Output<string>;
  readonly workersId: pulumi.Output<string>;

  constructor(name: string, args: ClusterSecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:ClusterSecurityGroups", name, {}, opts);
    const { edge, gatewayPorts = KONG_PROXY_PORTS, nodePorts = false } = args;
    const group = (key: ClusterGroup): aws.ec2.SecurityGroup =>
      new aws.ec2.SecurityGroup(
        `${name}-${key}`,
        { vpcId: args.vpcId, description: DESCRIPTIONS[key], tags: { Name: `${name}-${key}` } },
        { parent: this },
      );
    const alb = group("alb");
    const controlPlane = group("control-plane");
    const workers = group("workers");
    const healthChecks = edge.kind === "cloudfront" ? group("alb-health-checks") : undefined;
    createSecurityGroupRules(clusterRules({ edge: edge.kind, gatewayPorts, nodePorts }), {
      parent: this,
      name,
      groupIds: {
        alb: alb.id,
        "control-plane": controlPlane.id,
        workers: workers.id,
        ...(healthChecks === undefined ? {} : { "alb-health-checks": healthChecks.id }),
      },
      prefixListIds:
        edge.kind === "cloudfront"
          ? { cloudfront: edge.cloudfrontPrefixListId, "health-checks": edge.healthChecksPrefixListId }
          : {},
    });
    this.albIds = [alb, ...(healthChecks === undefined ? [] : [healthChecks])].map(({ id }) => id);
    this.controlPlaneId = controlPlane.id;
    this.workersId = workers.id;
    this.registerOutputs({
      albIds: this.albIds,
      controlPlaneId: this.controlPlaneId,
      workersId: this.workersId,
    });
  }
}
