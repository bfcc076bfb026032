import { createRequire } from "node:module";
import { type ProviderPackage, refusingProvider } from "../provider.ts";
import { constructCluster } from "./cluster.ts";

const { version }: { version: string } = createRequire(import.meta.url)("@pulumi/eks/package.json");

/** A stand-in for the eks provider: the cluster component with the resources that the real one makes. */
export const eksPackage: ProviderPackage = {
  name: "eks",
  version,
  configure: () => ({
    ...refusingProvider("eks"),
    construct(request, monitor) {
      if (request.type !== "eks:index:Cluster") {
        throw new Error(
          `the local eks provider does not make ${request.type}; use the aws.eks resource of the same purpose`,
        );
      }
      return constructCluster(request, monitor);
    },
  }),
};
