import type { ComputedTable } from "../computed.ts";

/** DNS, content delivery and traffic steering. */
export const EDGE: ComputedTable = {
  "aws:route53/zone:Zone": {
    id: "{zoneId}",
    zoneId: "Z{upper:20}",
    arn: "arn:{partition}:route53:::hostedzone/{zoneId}",
    nameServers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk", "ns-3.awsdns-03.com", "ns-4.awsdns-04.net"],
    primaryNameServer: "ns-1.awsdns-01.org",
  },
  "aws:route53/record:Record": { id: "{zoneId}_{name}_{type}_{setIdentifier}", fqdn: "{name}" },
  "aws:route53/healthCheck:HealthCheck": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:route53:::healthcheck/{id}",
  },
  "aws:route53/queryLog:QueryLog": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:route53:::queryloggingconfig/{id}",
  },
  "aws:route53/zoneAssociation:ZoneAssociation": { id: "{zoneId}:{vpcId}", owningAccount: "{account}" },
  "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": { id: "{hostedZoneId}" },
  "aws:route53/keySigningKey:KeySigningKey": { id: "{hostedZoneId},{name}" },
  "aws:cloudfront/distribution:Distribution": {
    id: "E{upper:13}",
    arn: "arn:{partition}:cloudfront::{account}:distribution/{id}",
    domainName: "d{hex:13}.cloudfront.net",
    hostedZoneId: "Z2FDTNDATAQYW2",
    etag: "E{upper:13}",
    status: "Deployed",
    callerReference: "terraform-{digits:18}",
    lastModifiedTime: "2026-01-01 00:00:00 +0000 UTC",
  },
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    id: "E{upper:13}",
    arn: "arn:{partition}:cloudfront::{account}:origin-access-control/{id}",
    etag: "E{upper:13}",
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    etag: "E{upper:13}",
  },
  "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    etag: "E{upper:13}",
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    etag: "E{upper:13}",
  },
  "aws:cloudfront/function:Function": {
    id: "{name}",
    arn: "arn:{partition}:cloudfront::{account}:function/{name}",
    etag: "E{upper:13}",
    status: "UNASSOCIATED",
  },
  "aws:globalaccelerator/accelerator:Accelerator": {
    id: "{arn}",
    arn: "arn:{partition}:globalaccelerator::{account}:accelerator/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    dnsName: "a{hex:16}.awsglobalaccelerator.com",
    dualStackDnsName: "a{hex:16}.dualstack.awsglobalaccelerator.com",
    hostedZoneId: "Z2BJ6XQ5FK7U4H",
  },
  "aws:globalaccelerator/listener:Listener": {
    id: "{arn}",
    arn: "{acceleratorArn}/listener/{hex:8}",
  },
  "aws:apigatewayv2/api:Api": {
    id: "{hex:10}",
    arn: "arn:{partition}:apigateway:{region}::/apis/{id}",
    apiEndpoint: "https://{id}.execute-api.{region}.amazonaws.com",
    executionArn: "arn:{partition}:execute-api:{region}:{account}:{id}",
  },
  "aws:cognito/userPool:UserPool": {
    id: "{region}_{upper:9}",
    arn: "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}",
    endpoint: "cognito-idp.{region}.amazonaws.com/{id}",
  },
};
