import { createRequire } from "node:module";
import { Construction, outputOf } from "../construct.ts";
import { isMap, type PropertyMap } from "../property.ts";
import type { ConstructMonitor, ConstructRequest, ConstructResult, ProviderPackage } from "../provider.ts";
import { refusingProvider } from "../provider.ts";

const { version }: { version: string } = createRequire(import.meta.url)(
  "@pulumi/kubernetes-cert-manager/package.json",
);

/** A stand-in for the cert-manager provider: its one component, a Helm release. */
export const certManagerPackage: ProviderPackage = {
  name: "kubernetes-cert-manager",
  version,
  configure: () => ({ ...refusingProvider("kubernetes-cert-manager"), construct }),
};

const OWN_OPTIONS = ["helmOptions"];

async function construct(request: ConstructRequest, monitor: ConstructMonitor): Promise<ConstructResult> {
  if (request.type !== "kubernetes-cert-manager:index:CertManager") {
    throw new Error(`the local cert-manager provider does not make ${request.type}`);
  }
  const construction = await Construction.begin(request, monitor);
  const helm = construction.input("helmOptions");
  const options: PropertyMap = isMap(helm?.value) ? helm.value : {};
  const given = Object.keys(request.inputs).filter((key) => !OWN_OPTIONS.includes(key));
  const values = given.flatMap((key) => {
    const input = construction.input(key);
    return input === undefined ? [] : [[key, input] as const];
  });
  const release = await construction.custom({
    type: "kubernetes:helm.sh/v3:Release",
    name: `${request.name}-helm`,
    inputs: {
      ...Object.fromEntries(
        Object.entries({
          chart: "cert-manager",
          repositoryOpts: { repo: "https://charts.jetstack.io" },
          ...options,
        }).map(([key, value]) => [key, { value, dependencies: helm?.dependencies ?? [] }]),
      ),
      // The component's own arguments are the chart's values; those of helmOptions are replaced by them.
      values: {
        value: Object.fromEntries(values.map(([key, { value }]) => [key, value])),
        dependencies: values.flatMap(([, { dependencies }]) => [...dependencies]),
      },
    },
  });
  return construction.end({ status: outputOf(release, "status") });
}
