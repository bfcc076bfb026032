import { CertManager } from "@pulumi/kubernetes-cert-manager";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { addOnIdentities, type HelmAddOnArgs, RELEASE_OPTIONS, RELEASE_TIMEOUT_SECONDS } from "./add-on.ts";
import { addOnProblems } from "./add-on-order.ts";

/**
 * cert-manager by its own Pulumi component (EKS-32). Its webhook refuses every certificate while it is down, so it runs
 * on three system nodes; certificates that exist keep working without it.
 *
 * Needs explicit `aws`, `kubernetes` and `kubernetes-cert-manager` providers.
 */
export class CertManagerAddOn extends pulumi.ComponentResource {
  readonly certManager: CertManager;
  /** Roles by the key of the identity. */
  readonly roleArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: HelmAddOnArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:CertManagerAddOn", name, {}, opts);
    const { addOn } = args;
    refuse(this, `CertManagerAddOn "${name}"`, addOnProblems([addOn]));

    const identities = addOnIdentities(name, args, this);
    this.certManager = new CertManager(
      `${name}-chart`,
      {
        helmOptions: {
          name: addOn.name,
          chart: addOn.chart,
          repositoryOpts: { repo: addOn.repository },
          version: addOn.version,
          namespace: addOn.namespace,
          timeout: addOn.timeoutSeconds ?? RELEASE_TIMEOUT_SECONDS,
          ...RELEASE_OPTIONS,
        },
      },
      pulumi.mergeOptions(
        { dependsOn: opts.dependsOn },
        {
          parent: this,
          dependsOn: Object.values(identities).flatMap((identity) => identity.ready),
          transforms: [withValues(addOn.values)],
        },
      ),
    );
    this.roleArns = Object.fromEntries(
      Object.entries(identities).map(([key, identity]) => [key, identity.roleArn]),
    );
    this.registerOutputs({ certManager: this.certManager, roleArns: this.roleArns });
  }
}

/**
 * The component's argument types are older than the chart (no disruption budget, no spread, a node selector of the wrong
 * shape), and its empty arguments overwrite `helmOptions.values`; so the values are given to its release itself.
 */
function withValues(values: HelmAddOnArgs["addOn"]["values"]): pulumi.ResourceTransform {
  return ({ type, props, opts }) =>
    type === "kubernetes:helm.sh/v3:Release" ? { props: { ...props, values }, opts } : undefined;
}
