import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createSecurityGroupRules } from "./security-group-rules.ts";
import { clusterRules } from "./security-rules.ts";

export interface ClusterSecurityGroupsArgs {
  /** Replaces both groups. */
  readonly vpcId: pulumi.Input<string>;
  /** The load balancer's group; when it has several, the one that the workers admit. */
  readonly albSecurityGroupId: pulumi.Input<string>;
  /**
   * Ports on which the load balancer's targets listen (C-50).
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

/**
 * Security groups of the control plane and the workers of one region, and what the load balancer may open on the workers;
 * one resource for every rule of the catalogue in `security-rules.ts`. Free, and without a tie to another region.
 */
export class ClusterSecurityGroups extends pulumi.ComponentResource {
  /** For the control plane's interfaces, besides the group that EKS makes. */
  readonly controlPlaneId: pulumi.Output<string>;
  /** For nodes and, through them, pods. The client that data stores admit. */
  readonly workersId: pulumi.Output<string>;

  constructor(name: string, args: ClusterSecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:ClusterSecurityGroups", name, {}, opts);
    const { vpcId, albSecurityGroupId, gatewayPorts = KONG_PROXY_PORTS, nodePorts = false } = args;
    const group = (key: string, description: string): pulumi.Output<string> =>
      new aws.ec2.SecurityGroup(
        `${name}-${key}`,
        { vpcId, description, tags: { Name: `${name}-${key}` } },
        { parent: this },
      ).id;
    this.controlPlaneId = group("control-plane", "Kubernetes control plane");
    this.workersId = group("workers", "Kubernetes workers");
    createSecurityGroupRules(clusterRules({ gatewayPorts, nodePorts }), {
      parent: this,
      name,
      groupIds: { alb: albSecurityGroupId, "control-plane": this.controlPlaneId, workers: this.workersId },
    });
    this.registerOutputs({ controlPlaneId: this.controlPlaneId, workersId: this.workersId });
  }
}
