import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

interface Metadata {
  readonly httpTokens?: string;
  readonly httpPutResponseHopLimit?: number;
}

function tokensOneHop(read: () => Metadata | undefined, inspection: Inspection): void {
  inspection.must({
    property: "metadataOptions.httpTokens",
    read: () => read()?.httpTokens,
    is: (tokens) => tokens === "required",
    allowed: '"required"',
    fix: "Set it to required; version 1 answers any request that a service can be tricked into sending.",
  });
  inspection.must({
    property: "metadataOptions.httpPutResponseHopLimit",
    read: () => read()?.httpPutResponseHopLimit,
    is: (hops) => hops === 1,
    allowed: "1",
    fix: "Set it to 1, so that pods cannot take the node's credentials; they have roles of their own.",
  });
}

export const instanceMetadataV2 = resourceRule({
  id: "instance-metadata-v2",
  title: "Instances answer metadata requests only with a token and over one hop",
  why: "Whoever reaches the metadata service has the node's credentials.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.1", "CC6.3"), ...iso27001("A.8.2"), ...pciDss("2.2.1")],
  requirements: ["SEC-04", "SEC-07"],
  remediation:
    'Set metadataOptions {httpTokens: "required", httpPutResponseHopLimit: 1} on launch templates and instances.',
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
  config: {},
  checks: {
    "aws:ec2/launchTemplate:LaunchTemplate": (template, inspection) =>
      tokensOneHop(() => template.metadataOptions, inspection),
    "aws:ec2/instance:Instance": (instance, inspection) =>
      tokensOneHop(() => instance.metadataOptions, inspection),
  },
});
