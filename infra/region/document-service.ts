/** The document service in this region's cluster, with access to this region's stores only. */

import * as pulumi from "@pulumi/pulumi";
import type { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import type { RegionIngress } from "../../components/edge/region-ingress.ts";
import { DOCUMENT_SERVICE_PORT, DocumentService } from "../../components/workload/document-service.ts";
import { documentServicePolicy } from "../../components/workload/document-service-policy.ts";
import { share } from "../posture.ts";
import { ofRegion, type SlotContext } from "./context.ts";

/** Fewest pods of a production region, so that a zone's loss leaves two (the seeds' autoscaler floor). */
const PRODUCTION_FLOOR = 3;

interface Platform {
  readonly kubernetes: KubernetesCluster;
  readonly entry: RegionIngress;
  readonly services: readonly pulumi.Resource[];
}

export function documentService(context: SlotContext, { kubernetes, entry, services }: Platform): void {
  const { config, names, provider, global, slot } = context;
  const { documents, delivery, region } = config;
  const bucket = names.bucket("documents", region);
  const repository = ofRegion(context, global.documentImageRepository);
  const floor = config.environment === "production" ? PRODUCTION_FLOOR : 1;

  new DocumentService(
    `document-service${slot.suffix}`,
    {
      deployMode: delivery.deployMode,
      repositoryUrl: delivery.repositoryUrl,
      revision: delivery.revision,
      namespace: "apps",
      cluster: { name: kubernetes.name, arn: kubernetes.arn, accountId: config.accountId },
      image: pulumi.interpolate`${repository}:${documents.version}`,
      minimumReplicas: share(documents.replicas.minimum, slot.servesPercent, floor),
      maximumReplicas: documents.replicas.maximum,
      policies: {
        stores: pulumi
          .all([ofRegion(context, global.keyArns.documents), global.documentTableName])
          .apply(([keyArn, table]) =>
            documentServicePolicy({
              partition: names.partition,
              region,
              accountId: config.accountId,
              table,
              bucket,
              keyArn,
            }),
          ),
      },
      environment: {
        HOST: "0.0.0.0",
        PORT: String(DOCUMENT_SERVICE_PORT),
        REGION: region,
        DATA_DIR: "/data",
        CACHE_TTL_SECONDS: String(documents.cacheTtlSeconds),
        MAX_DOCUMENT_BYTES: String(documents.maximumBytes),
      },
      targetGroupArn: entry.targetGroupArns[slot.name] ?? "",
      loadBalancerSecurityGroupId: entry.targetClientSecurityGroupId,
    },
    {
      providers: { aws: provider, kubernetes: kubernetes.kubernetesProvider },
      // The controllers outlive what they have to clean up: targets of the load balancer, and Argo CD's objects.
      dependsOn: [...services],
    },
  );
}
