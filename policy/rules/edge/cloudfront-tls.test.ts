import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { cloudfrontTls } from "./cloudfront-tls.ts";

const viewer = (value: string) =>
  `viewerCertificate.minimumProtocolVersion is ${value}; it must be TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025. Set it together with an own certificate; the default certificate of CloudFront accepts TLS 1.0.`;
const behavior = (property: string, value: string) =>
  `${property}.viewerProtocolPolicy is ${value}; it must be https-only or redirect-to-https. Set redirect-to-https.`;
const alb = (change: object = {}) => ({
  originId: "alb",
  domainName: "origin.example.org",
  customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"], ...change },
});
const compliant = {
  viewerCertificate: { acmCertificateArn: "arn:acm", minimumProtocolVersion: "TLSv1.2_2021" },
  defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
  orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }],
  origins: [alb(), { originId: "s3", domainName: "docs.s3.amazonaws.com" }],
};

describe("cloudfront-tls", () => {
  cases(cloudfrontTls, "aws:cloudfront/distribution:Distribution", compliant, [
    [
      "SEC-10: takes TLS 1.3 for viewers",
      { viewerCertificate: { minimumProtocolVersion: "TLSv1.3_2025" } },
      [],
    ],
    [
      "refuses an older version",
      { viewerCertificate: { minimumProtocolVersion: "TLSv1.1_2016" } },
      [viewer('"TLSv1.1_2016"')],
    ],
    [
      "refuses the certificate of CloudFront",
      { viewerCertificate: { cloudfrontDefaultCertificate: true } },
      [viewer("not set")],
    ],
    [
      "refuses plain HTTP from viewers",
      { defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } },
      [behavior("defaultCacheBehavior", '"allow-all"')],
    ],
    [
      "names the further behaviour",
      {
        orderedCacheBehaviors: [
          { viewerProtocolPolicy: "https-only" },
          { viewerProtocolPolicy: "allow-all" },
        ],
      },
      [behavior("orderedCacheBehaviors[1]", '"allow-all"')],
    ],
    ["takes no further behaviours", { orderedCacheBehaviors: undefined }, []],
    [
      "refuses plain HTTP to an origin",
      { origins: [alb({ originProtocolPolicy: "match-viewer" })] },
      [
        'origins[0].customOriginConfig.originProtocolPolicy is "match-viewer"; it must be https-only. Set https-only.',
      ],
    ],
    [
      "refuses old TLS to an origin",
      { origins: [alb({ originSslProtocols: ["TLSv1.1", "TLSv1.2"] })] },
      [
        'origins[0].customOriginConfig.originSslProtocols is ["TLSv1.1","TLSv1.2"]; it must be ["TLSv1.2"]. Remove the older versions; TLSv1.2 is the newest that CloudFront offers to origins.',
      ],
    ],
    [
      "reports the rest when the certificate is not known yet",
      { viewerCertificate: UNKNOWN, defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } },
      [behavior("defaultCacheBehavior", '"allow-all"'), undecided("viewerCertificate")],
    ],
  ]);
});
