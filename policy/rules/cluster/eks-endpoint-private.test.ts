import { deepEqual } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { eksEndpointPrivate } from "./eks-endpoint-private.ts";

const closed = { endpointPrivateAccess: true, endpointPublicAccess: false };
const open = (value: string, allowed = "empty") =>
  `vpcConfig.publicAccessCidrs is ${value}; it must be ${allowed}. Set endpointPublicAccess: false, or list the networks of your own in both the program and the rule's publicCidrs.`;
const notPrivate = (value: string) =>
  `vpcConfig.endpointPrivateAccess is ${value}; it must be true. Set it, so that nodes reach the API without leaving the network.`;

describe("eks-endpoint-private", () => {
  cases(eksEndpointPrivate, "aws:eks/cluster:Cluster", { vpcConfig: closed }, [
    ["refuses the defaults of AWS", { vpcConfig: {} }, [notPrivate("not set"), open('["0.0.0.0/0"]')]],
    [
      "refuses a private endpoint turned off",
      { vpcConfig: { ...closed, endpointPrivateAccess: false } },
      [notPrivate("false")],
    ],
    [
      "refuses a public endpoint without a list",
      { vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true } },
      [open('["0.0.0.0/0"]')],
    ],
    [
      "refuses a list that the settings do not know",
      { vpcConfig: { endpointPrivateAccess: true, publicAccessCidrs: ["198.51.100.0/24"] } },
      [open('["198.51.100.0/24"]')],
    ],
    [
      "does not decide on unknown networks",
      { vpcConfig: { endpointPrivateAccess: true, publicAccessCidrs: UNKNOWN } },
      [undecided("vpcConfig.publicAccessCidrs")],
    ],
  ]);

  const cluster = (...publicAccessCidrs: string[]) => ({
    type: "aws:eks/cluster:Cluster",
    props: { vpcConfig: { endpointPrivateAccess: true, publicAccessCidrs } },
  });
  const settings = { publicCidrs: ["198.51.100.0/24"] };
  it("accepts the networks of the settings and no other", () => {
    deepEqual(runRule(eksEndpointPrivate, cluster("198.51.100.0/24"), settings), []);
    deepEqual(runRule(eksEndpointPrivate, cluster("198.51.100.0/24", "0.0.0.0/0"), settings), [
      open('["198.51.100.0/24","0.0.0.0/0"]', "among 198.51.100.0/24"),
    ]);
  });
});
