import { deepEqual } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { noOpenIngress } from "./no-open-ingress.ts";

const open = (where: string, source: string, ports: string) =>
  `${where} lets ${source} in on ${ports}; it must be narrower than the whole internet. Name a prefix list, a security group or a CIDR block of your own.`;
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };

describe("no-open-ingress", () => {
  for (const type of [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  ] as const)
    cases(noOpenIngress, type, { ingress: [{ ...https, cidrBlocks: ["10.0.0.0/16"] }] }, [
      ["takes no rules at all", { ingress: undefined }, []],
      [
        "SEC-04: refuses the internet in an inline rule",
        { ingress: [{ ...https, cidrBlocks: ["10.0.0.0/16", "0.0.0.0/0"] }] },
        [open("ingress[0]", "0.0.0.0/0", "port 443")],
      ],
      [
        "names every open rule",
        {
          ingress: [
            { ...https, ipv6CidrBlocks: ["::/0"] },
            { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
          ],
        },
        [open("ingress[0]", "::/0", "port 443"), open("ingress[1]", "0.0.0.0/0", "port 0")],
      ],
      [
        "reports the second rule when the first is not known yet",
        {
          ingress: [
            { ...https, cidrBlocks: UNKNOWN },
            { ...https, cidrBlocks: ["0.0.0.0/0"] },
          ],
        },
        [open("ingress[1]", "0.0.0.0/0", "port 443"), undecided("ingress.0.cidrBlocks")],
      ],
    ]);

  cases(
    noOpenIngress,
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    { type: "ingress", ...https, cidrBlocks: ["10.0.0.0/16"] },
    [
      [
        "refuses a separate rule",
        { cidrBlocks: ["0.0.0.0/0"], toPort: 8443 },
        [open("the rule", "0.0.0.0/0", "ports 443-8443")],
      ],
      [
        "refuses it for IPv6",
        { cidrBlocks: undefined, ipv6CidrBlocks: ["::/0"] },
        [open("the rule", "::/0", "port 443")],
      ],
      ["leaves egress alone", { type: "egress", cidrBlocks: ["0.0.0.0/0"] }, []],
    ],
  );

  cases(
    noOpenIngress,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { ipProtocol: "tcp", fromPort: 443, toPort: 443, prefixListId: "pl-1" },
    [
      [
        "refuses the newer separate rule",
        { prefixListId: undefined, cidrIpv4: "0.0.0.0/0" },
        [open("cidrIpv4", "0.0.0.0/0", "port 443")],
      ],
      ["refuses it for IPv6", { cidrIpv6: "::/0" }, [open("cidrIpv6", "::/0", "port 443")]],
      [
        "refuses every protocol",
        { ipProtocol: "-1", fromPort: undefined, toPort: undefined, cidrIpv4: "0.0.0.0/0" },
        [open("cidrIpv4", "0.0.0.0/0", "every port")],
      ],
      ["does not decide on an unknown block", { cidrIpv4: UNKNOWN }, [undecided("cidrIpv4")]],
    ],
  );

  const settings = { open: [{ name: "alb-public-https", ports: [443] }] };
  const ingress = (name: string, toPort = 443) => ({
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name,
    props: { ipProtocol: "tcp", fromPort: 443, toPort, cidrIpv4: "0.0.0.0/0" },
  });

  it("accepts what the settings name, on that port only, and nothing else", () => {
    deepEqual(runRule(noOpenIngress, ingress("alb-public-https"), settings), []);
    deepEqual(runRule(noOpenIngress, ingress("alb-public-https", 444), settings), [
      "cidrIpv4 lets 0.0.0.0/0 in on ports 443-444; it must be open on port 443 only. Name a prefix list, a security group or a CIDR block of your own.",
    ]);
    deepEqual(runRule(noOpenIngress, ingress("nodes"), settings), [
      open("cidrIpv4", "0.0.0.0/0", "port 443"),
    ]);
  });
});
