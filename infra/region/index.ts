/** One region: one function a layer, in the order in which they need each other. Reads no other region. */
import { boundRoles } from "../aspects.ts";
import type { RegionConfig } from "../config/index.ts";
import type { GlobalOutputs, RegionOutputs } from "../contracts.ts";
import type { Names } from "../names.ts";
import { posture } from "../posture.ts";
import { providerOf, type RegionProviders } from "../providers.ts";
import { backup } from "./backup.ts";
import { cluster, clusterSecurity } from "./cluster.ts";
import { clusterServices } from "./cluster-services.ts";
import { type RegionContext, slotsOf } from "./context.ts";
import { documentService } from "./document-service.ts";
import { evacuationSwitch } from "./evacuation.ts";
import { ingress } from "./ingress.ts";
import { network } from "./network.ts";
import { relationalCluster } from "./relational.ts";
import { stores } from "./stores.ts";
import { watch } from "./watch.ts";

export interface RegionScopeInput {
  readonly config: RegionConfig;
  readonly names: Names;
  readonly providers: RegionProviders;
  readonly global: GlobalOutputs;
}

export function regionScope({ config, names, providers, global }: RegionScopeInput): RegionOutputs {
  const context: RegionContext = {
    config,
    names,
    global,
    provider: providerOf(providers, config.region),
    posture: posture(config),
  };
  boundRoles(names.boundaryArn);
  const { vpc } = network(context);
  const { switchBucket } = evacuationSwitch(context);
  const { entry } = ingress(context, vpc);
  watch(context, vpc, entry);
  const security = clusterSecurity(context, vpc, entry);
  const { writerEndpoint, readerEndpoint } = relationalCluster(context, vpc, security);
  stores(context, vpc, security);
  backup(context);
  const clusters = slotsOf(context).map((slotContext) => {
    const kubernetes = cluster(slotContext, vpc, security);
    const { services } = clusterServices(slotContext, vpc, kubernetes);
    documentService(slotContext, { kubernetes, entry, services });
    return [slotContext.slot.name, { name: kubernetes.name, endpoint: kubernetes.endpoint }] as const;
  });

  return {
    vpcId: vpc.vpcId,
    privateRouteTableIds: vpc.privateRouteTableIds,
    clusters: Object.fromEntries(clusters),
    originHost: entry.originHost,
    loadBalancerArn: entry.loadBalancerArn,
    relationalEndpoint: writerEndpoint,
    relationalReaderEndpoint: readerEndpoint,
    switchBucket,
    evacuates: context.posture.evacuates,
  };
}
