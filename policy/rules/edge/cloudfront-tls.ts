import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

const viewerPolicies = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"];
const encryptedOnly = ["https-only", "redirect-to-https"];

export const cloudfrontTls = resourceRule({
  id: "cloudfront-tls",
  title: "CloudFront speaks TLS 1.2 or newer on both sides",
  why: "The edge is where every client connects; what it accepts is what the platform accepts.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.7"), ...iso27001("A.8.24"), ...pciDss("4.2.1")],
  requirements: ["SEC-09", "SEC-10"],
  remediation:
    "Use an own certificate with minimumProtocolVersion TLSv1.2_2021 or newer, redirect viewers to HTTPS and reach origins by HTTPS with TLSv1.2.",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
  config: {},
  checks: {
    "aws:cloudfront/distribution:Distribution": (distribution, inspection) => {
      inspection.must({
        property: "viewerCertificate.minimumProtocolVersion",
        read: () => distribution.viewerCertificate.minimumProtocolVersion,
        is: (version) => version !== undefined && viewerPolicies.includes(version),
        allowed: viewerPolicies.join(", "),
        fix: "Set it together with an own certificate; the default certificate of CloudFront accepts TLS 1.0.",
      });
      const viewersByTls = (property: string, read: () => string | undefined) =>
        inspection.must({
          property: `${property}.viewerProtocolPolicy`,
          read,
          is: (policy) => policy !== undefined && encryptedOnly.includes(policy),
          allowed: encryptedOnly.join(" or "),
          fix: "Set redirect-to-https.",
        });
      viewersByTls("defaultCacheBehavior", () => distribution.defaultCacheBehavior.viewerProtocolPolicy);
      inspection.attempt(() => {
        (distribution.orderedCacheBehaviors ?? []).forEach((behavior, at) => {
          viewersByTls(`orderedCacheBehaviors[${at}]`, () => behavior.viewerProtocolPolicy);
        });
      });
      inspection.attempt(() => {
        distribution.origins.forEach((origin, at) => {
          // An S3 origin has no such block; CloudFront signs and encrypts those requests itself.
          const custom = () => origin.customOriginConfig;
          inspection.must({
            property: `origins[${at}].customOriginConfig.originProtocolPolicy`,
            read: () => custom()?.originProtocolPolicy,
            is: (policy) => custom() === undefined || policy === "https-only",
            allowed: "https-only",
            fix: "Set https-only.",
          });
          inspection.must({
            property: `origins[${at}].customOriginConfig.originSslProtocols`,
            read: () => custom()?.originSslProtocols,
            is: (protocols) => custom() === undefined || protocols?.join() === "TLSv1.2",
            allowed: '["TLSv1.2"]',
            fix: "Remove the older versions; TLSv1.2 is the newest that CloudFront offers to origins.",
          });
        });
      });
    },
  },
});
