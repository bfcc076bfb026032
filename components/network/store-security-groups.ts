import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createSecurityGroupRules } from "./security-group-rules.ts";
import { type SecurityPeer, type Store, storeRules } from "./security-rules.ts";

export interface StoreSecurityGroupsArgs {
  /** Replaces every group. */
  readonly vpcId: pulumi.Input<string>;
  /** Stores of this VPC. */
  readonly stores: readonly Store[];
  /** Groups whose members may connect, by a name that says who they are, for example `{ workers: workersId }`. */
  readonly clientGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Blocks that may connect, by name; for clients of another VPC, whose groups cannot be referred to.
   * @default none
   */
  readonly clientCidrs?: Readonly<Record<string, string>>;
}

/**
 * One security group for each data store of a VPC: its one port from the named clients, nothing else in and nothing out
 * (NET-30, NET-31, GAP-06). Free, and without a tie to another region.
 */
export class StoreSecurityGroups extends pulumi.ComponentResource {
  readonly groupIds: Readonly<Partial<Record<Store, pulumi.Output<string>>>>;

  readonly #name: string;

  constructor(name: string, args: StoreSecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:StoreSecurityGroups", name, {}, opts);
    this.#name = name;
    const { clientGroupIds, clientCidrs = {} } = args;
    const clients: SecurityPeer[] = [
      ...Object.keys(clientGroupIds).map((key) => ({ kind: "group", key }) as const),
      ...Object.entries(clientCidrs).map(([key, cidr]) => ({ kind: "cidr", key, cidr }) as const),
    ];
    this.groupIds = Object.fromEntries(
      args.stores.map((store) => {
        const group = new aws.ec2.SecurityGroup(
          `${name}-${store}`,
          { vpcId: args.vpcId, description: `Data store: ${store}`, tags: { Name: `${name}-${store}` } },
          { parent: this },
        );
        return [store, group.id];
      }),
    );
    createSecurityGroupRules(storeRules(args.stores, clients), {
      parent: this,
      name,
      groupIds: { ...clientGroupIds, ...this.groupIds },
    });
    this.registerOutputs({ groupIds: this.groupIds });
  }

  /** The store's group; throws when `stores` does not name it. */
  idOf(store: Store): pulumi.Output<string> {
    const id = this.groupIds[store];
    if (id === undefined) {
      const known = Object.keys(this.groupIds).join(", ") || "none";
      throw new Error(
        `StoreSecurityGroups ${this.#name} has no group for "${store}" (it has ${known}): add it to stores`,
      );
    }
    return id;
  }
}
