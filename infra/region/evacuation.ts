/** The switch by which this region takes a peer out of DNS. */
import type * as pulumi from "@pulumi/pulumi";
import { edgePrefixLists } from "../../components/edge/edge-prefix-lists.ts";
import { EvacuationSwitch } from "../../components/edge/evacuation-switch.ts";
import type { RegionContext } from "./context.ts";

export function evacuationSwitch({ config, names, provider, posture }: RegionContext): {
  switchBucket: pulumi.Output<string>;
} {
  const { region, stack, role } = config;
  const held = new EvacuationSwitch(
    "switch",
    {
      partition: names.partition,
      region,
      bucketName: names.switchBucket(region),
      peers: Object.keys(config.regions).filter((peer) => peer !== region),
      evacuates: posture.evacuates,
      declaredBy: `stack ${stack}`,
      reason: `role ${role}`,
      dataProtection: config.dataProtection,
      healthCheckerCidrs: edgePrefixLists(region, { provider }).healthCheckerCidrs,
    },
    { provider },
  );
  return { switchBucket: held.bucketName };
}
