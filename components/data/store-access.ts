/** Security groups of stores that are options of a region, beside the catalogue of those that every region has. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { createSecurityGroupRules } from "../network/security-group-rules.ts";
import type { SecurityRule } from "../network/security-rules.ts";

/** The only port of each optional store, and the row that asks for it; the database tier's network ACL must offer it too. */
export const OPTIONAL_STORE_PORTS = {
  documentdb: { port: 27017, description: "DATA-16: DocumentDB" },
  redshift: { port: 5439, description: "DATA-28: Redshift" },
} as const;
export type OptionalStore = keyof typeof OPTIONAL_STORE_PORTS;

/** A group with the store's port open to the named clients, nothing else in and nothing out; its id. */
export function createStoreAccess(
  name: string,
  store: OptionalStore,
  args: {
    readonly vpcId: pulumi.Input<string>;
    readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { port, description } = OPTIONAL_STORE_PORTS[store];
  const group = new aws.ec2.SecurityGroup(
    `${name}-${store}`,
    { vpcId: args.vpcId, description: `Data store: ${store}`, tags: { Name: `${name}-${store}` } },
    { parent },
  );
  const rules = Object.keys(args.clientSecurityGroupIds).map(
    (key): SecurityRule => ({
      group: store,
      direction: "ingress",
      ports: [port, port],
      peer: { kind: "group", key },
      description: `${description} from ${key}`,
    }),
  );
  createSecurityGroupRules(rules, {
    parent,
    name,
    groupIds: { ...args.clientSecurityGroupIds, [store]: group.id },
  });
  return group.id;
}
