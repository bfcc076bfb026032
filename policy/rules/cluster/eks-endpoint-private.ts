import { z } from "zod";
import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  publicCidrs: z
    .array(z.cidrv4())
    .default([])
    .describe("Networks that may reach the public endpoint; empty means that there may be none"),
};

export const eksEndpointPrivate = resourceRule({
  id: "eks-endpoint-private",
  title: "The Kubernetes API is reached inside the network, and from outside by listed networks only",
  why: "An API server that anyone can reach is one leaked token or one vulnerability away from the whole cluster.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.6"), ...iso27001("A.8.20"), ...pciDss("1.3.1")],
  requirements: ["SEC-01", "NET-19"],
  remediation:
    "Set endpointPrivateAccess: true and endpointPublicAccess: false, or list the networks in publicAccessCidrs.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  config,
  checks: {
    "aws:eks/cluster:Cluster": (cluster, inspection, { config: { publicCidrs } }) => {
      inspection.must({
        property: "vpcConfig.endpointPrivateAccess",
        read: () => cluster.vpcConfig.endpointPrivateAccess,
        is: (value) => value === true,
        allowed: "true",
        fix: "Set it, so that nodes reach the API without leaving the network.",
      });
      inspection.must({
        property: "vpcConfig.publicAccessCidrs",
        read: () =>
          // AWS opens the endpoint to everyone when neither property says otherwise.
          cluster.vpcConfig.endpointPublicAccess === false
            ? []
            : (cluster.vpcConfig.publicAccessCidrs ?? ["0.0.0.0/0"]),
        is: (cidrs) => cidrs.every((cidr) => publicCidrs.includes(cidr)),
        allowed: publicCidrs.length === 0 ? "empty" : `among ${publicCidrs.join(", ")}`,
        fix: "Set endpointPublicAccess: false, or list the networks of your own in both the program and the rule's publicCidrs.",
      });
    },
  },
});
