import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type AddOn, type ClusterReference, HelmAddOn } from "./add-on.ts";
import { addOnProblems, installOrder, orderProblems, waitsFor } from "./add-on-order.ts";
import { CERT_MANAGER } from "./add-ons/cert-manager.ts";
import { CertManagerAddOn } from "./cert-manager.ts";

export interface AddOnsArgs {
  readonly addOns: readonly AddOn[];
  readonly cluster: ClusterReference;
  /** ARN of the policy that bounds the roles made here. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

/**
 * All add-ons of one cluster, wave by wave. A wave starts when the wave before it is Ready, and is removed before it: a
 * controller outlives the objects it has to clean up, a webhook is there before what it admits.
 *
 * Needs explicit `aws`, `kubernetes` and, for cert-manager, `kubernetes-cert-manager` providers.
 */
export class AddOns extends pulumi.ComponentResource {
  /** By the add-on's name; depend on one to come after it. */
  readonly installed: Readonly<Record<string, HelmAddOn | CertManagerAddOn>>;
  readonly versions: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: AddOnsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:AddOns", name, {}, opts);
    refuse(this, `AddOns "${name}"`, [...addOnProblems(args.addOns), ...orderProblems(args.addOns)]);

    const installed: Record<string, HelmAddOn | CertManagerAddOn> = {};
    for (const addOn of installOrder(args.addOns)) {
      const dependsOn = waitsFor(addOn, args.addOns).flatMap((other) => installed[other] ?? []);
      const Component = addOn.name === CERT_MANAGER ? CertManagerAddOn : HelmAddOn;
      installed[addOn.name] = new Component(
        `${name}-${addOn.name}`,
        { addOn, cluster: args.cluster, permissionsBoundaryArn: args.permissionsBoundaryArn },
        pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this, dependsOn }),
      );
    }
    this.installed = installed;
    this.versions = pulumi.output(
      Object.fromEntries(args.addOns.map((addOn) => [addOn.name, addOn.version])),
    );
    this.registerOutputs({ versions: this.versions });
  }
}
