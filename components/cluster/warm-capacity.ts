import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { evenSpread } from "./placement.ts";

export interface WarmCapacityArgs {
  /** Namespace of the placeholders; must exist and have no quota in their way. */
  readonly namespace: pulumi.Input<string>;
  /** Placeholder pods; 0 keeps nothing warm. */
  readonly replicas: number;
  /** Size of one, in vCPU. @default 1 */
  readonly cpu?: number;
  /** Size of one, in GiB. @default 4, the ratio of the general pool */
  readonly memoryGib?: number;
  /** Value of the label `platform/node-role`. @default "general" */
  readonly pool?: string;
  /** Image that does nothing, pinned; a mirror where nodes cannot reach its registry. @default the Kubernetes pause image */
  readonly image?: string;
}

const DEFAULTS = { cpu: 1, memoryGib: 4, pool: "general", image: "registry.k8s.io/pause:3.10.1" } as const;

/**
 * Nodes that already run when a region has to take its peer's traffic: placeholders hold the room, real pods push them
 * out at once, and the autoscaler makes new room behind them. They keep the room spread over the zones. Costs what the
 * nodes cost; the limits of the pool hold for them too.
 *
 * Needs an explicit `kubernetes` provider.
 */
export class WarmCapacity extends pulumi.ComponentResource {
  /** Below every pod that asks for no priority; the Cluster Autoscaler makes no room for what is lower still. */
  static readonly PRIORITY = -10;

  constructor(name: string, args: WarmCapacityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:WarmCapacity", name, {}, opts);
    const { cpu = DEFAULTS.cpu, memoryGib = DEFAULTS.memoryGib } = args;
    refuse(this, `WarmCapacity "${name}"`, [
      ...(Number.isInteger(args.replicas) && args.replicas >= 0
        ? []
        : [`replicas ${args.replicas} is no count: use a whole number from 0`]),
      ...(cpu > 0 ? [] : [`cpu ${cpu} is no size: use a number above 0`]),
      ...(memoryGib > 0 ? [] : [`memoryGib ${memoryGib} is no size: use a number above 0`]),
    ]);

    const priority = new kubernetes.scheduling.v1.PriorityClass(
      `${name}-priority`,
      {
        metadata: { name },
        value: WarmCapacity.PRIORITY,
        preemptionPolicy: "Never",
        globalDefault: false,
        description: "Room that is kept for real pods",
      },
      pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this, deleteBeforeReplace: true }),
    );
    const labels = { "app.kubernetes.io/name": name };
    const resources = { cpu: String(cpu), memory: `${memoryGib}Gi` };
    new kubernetes.apps.v1.Deployment(
      `${name}-placeholders`,
      {
        metadata: {
          name,
          namespace: args.namespace,
          labels,
          // Whether there is room for all of them is the autoscaler's business, not the deployment's.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          replicas: args.replicas,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels: { ...labels, "sidecar.istio.io/inject": "false" } },
            spec: {
              priorityClassName: priority.metadata.name,
              terminationGracePeriodSeconds: 0,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              nodeSelector: { "platform/node-role": args.pool ?? DEFAULTS.pool },
              tolerations: [{ key: "platform/pool", operator: "Exists" }],
              topologySpreadConstraints: evenSpread(labels),
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 65_535,
                seccompProfile: { type: "RuntimeDefault" },
              },
              containers: [
                {
                  name: "pause",
                  image: args.image ?? DEFAULTS.image,
                  resources: { requests: resources, limits: resources },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                  },
                },
              ],
            },
          },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
