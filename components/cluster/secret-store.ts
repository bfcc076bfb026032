import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";

export interface SecretStoreArgs {
  /** AWS region whose Secrets Manager is read. */
  readonly region: string;
  /** Namespaces whose ExternalSecrets may use the store. */
  readonly namespaces: readonly string[];
}

/** Name by which an ExternalSecret refers to the store. */
const SECRET_STORE = "aws";

/**
 * The region's Secrets Manager as a store of the cluster (SEC-12, C-45). It names no credentials: External Secrets reads
 * with its own identity. Needs an explicit `kubernetes` provider, and the External Secrets add-on, on which it must
 * depend: without the operator's webhook the object is refused.
 */
export class SecretStore extends pulumi.ComponentResource {
  readonly storeName: pulumi.Output<string>;

  constructor(name: string, args: SecretStoreArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:SecretStore", name, {}, opts);
    refuse(
      this,
      `SecretStore "${name}"`,
      args.namespaces.length > 0 ? [] : ["namespaces is empty: name those that may read secrets"],
    );
    const store = new kubernetes.apiextensions.CustomResource(
      `${name}-store`,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: SECRET_STORE },
        spec: {
          conditions: [{ namespaces: [...args.namespaces] }],
          provider: { aws: { service: "SecretsManager", region: args.region } },
        },
      },
      pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this }),
    );
    this.storeName = store.metadata.apply((metadata) => metadata?.name ?? SECRET_STORE);
    this.registerOutputs({ storeName: this.storeName });
  }
}
