import { echoPackage } from "./echo.ts";
import type { ProviderPackage } from "./provider.ts";

/** Every package that has a local provider, by name. */
export function localPackages(): ReadonlyMap<string, ProviderPackage> {
  return new Map(
    ["aws", "kubernetes", "eks", "kubernetes-cert-manager"].map((name) => [name, echoPackage(name)]),
  );
}
