import { awsPackage } from "./aws/index.ts";
import { certManagerPackage } from "./cert-manager/index.ts";
import { eksPackage } from "./eks/index.ts";
import { kubernetesPackage } from "./kubernetes/index.ts";
import type { ProviderPackage } from "./provider.ts";

/** Every package that has a local provider, by name. */
export function localPackages(): ReadonlyMap<string, ProviderPackage> {
  const packages = [awsPackage, kubernetesPackage, eksPackage, certManagerPackage];
  return new Map(packages.map((local) => [local.name, local]));
}
