import { awsPackage } from "./aws/index.ts";
import { echoPackage } from "./echo.ts";
import type { ProviderPackage } from "./provider.ts";

/** Every package that has a local provider, by name. */
export function localPackages(): ReadonlyMap<string, ProviderPackage> {
  const packages = [awsPackage, ...["kubernetes", "eks", "kubernetes-cert-manager"].map(echoPackage)];
  return new Map(packages.map((local) => [local.name, local]));
}
