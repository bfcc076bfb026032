import { isList } from "../../property.ts";
import { type ComputedTable, digest } from "../computed.ts";

/** IAM, KMS, Secrets Manager, certificates and the account's security services. */
export const IDENTITY: ComputedTable = {
  "aws:iam/role:Role": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:role/{name}",
    uniqueId: "AROA{upper:17}",
    createDate: "2026-01-01T00:00:00Z",
    maxSessionDuration: 3600,
  },
  "aws:iam/policy:Policy": {
    id: "{arn}",
    arn: "arn:{partition}:iam::{account}:policy/{name}",
    policyId: "ANPA{upper:17}",
    attachmentCount: 0,
  },
  "aws:iam/rolePolicy:RolePolicy": { id: "{role}:{name}" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { id: "{role}/{policyArn}" },
  "aws:iam/user:User": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:user/{name}",
    uniqueId: "AIDA{upper:17}",
  },
  "aws:iam/group:Group": { id: "{name}", arn: "arn:{partition}:iam::{account}:group/{name}" },
  "aws:iam/instanceProfile:InstanceProfile": {
    id: "{name}",
    arn: "arn:{partition}:iam::{account}:instance-profile/{name}",
    uniqueId: "AIPA{upper:17}",
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    id: "{arn}",
    arn: "arn:{partition}:iam::{account}:oidc-provider/{url}",
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    id: "{arn}",
    arn: "arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}/{name}",
    name: "AWSServiceRoleFor{logical}",
  },
  "aws:kms/key:Key": {
    id: "{keyId}",
    keyId: "{hex:8}-{hex:4}-4{hex:3}-8{hex:3}-{hex:12}",
    arn: "arn:{partition}:kms:{region}:{account}:key/{keyId}",
  },
  "aws:kms/replicaKey:ReplicaKey": {
    id: "{keyId}",
    keyId: "mrk-{hex:32}",
    arn: "arn:{partition}:kms:{region}:{account}:key/{keyId}",
  },
  "aws:kms/alias:Alias": {
    id: "{name}",
    arn: "arn:{partition}:kms:{region}:{account}:{name}",
    targetKeyArn: "arn:{partition}:kms:{region}:{account}:key/{targetKeyId}",
  },
  "aws:secretsmanager/secret:Secret": {
    id: "{arn}",
    arn: "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{hex:6}",
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    id: "{secretId}|{versionId}",
    arn: "{secretId}",
    versionId: "{hex:8}-{hex:4}-4{hex:3}-8{hex:3}-{hex:12}",
    versionStages: ["AWSCURRENT"],
  },
  "aws:acm/certificate:Certificate": {
    id: "{arn}",
    arn: "arn:{partition}:acm:{region}:{account}:certificate/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    // One record for each name; a wildcard has the record of the name beneath it, whatever the region.
    domainValidationOptions: (value) => {
      const others = value("subjectAlternativeNames");
      const names = [value("domainName"), ...(isList(others) ? others : [])].map(String);
      return names.map((domainName) => {
        const bare = domainName.replace(/^\*\./, "");
        return {
          domainName,
          resourceRecordName: `_${digest(bare, 32)}.${bare}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_${digest(`${bare}#value`, 32)}.acm-validations.aws.`,
        };
      });
    },
    status: "PENDING_VALIDATION",
    type: "AMAZON_ISSUED",
  },
  "aws:acm/certificateValidation:CertificateValidation": { id: "2026-01-01 00:00:00 +0000 UTC" },
  "aws:guardduty/detector:Detector": {
    id: "{hex:32}",
    arn: "arn:{partition}:guardduty:{region}:{account}:detector/{id}",
    accountId: "{account}",
  },
  "aws:guardduty/detectorFeature:DetectorFeature": { id: "{detectorId}/{name}" },
  "aws:securityhub/account:Account": {
    id: "{account}",
    arn: "arn:{partition}:securityhub:{region}:{account}:hub/default",
  },
  "aws:securityhub/findingAggregator:FindingAggregator": {
    id: "arn:{partition}:securityhub:{region}:{account}:finding-aggregator/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
  },
  "aws:securityhub/standardsSubscription:StandardsSubscription": { id: "{standardsArn}" },
  "aws:macie2/account:Account": { id: "{account}" },
  "aws:macie2/classificationJob:ClassificationJob": {
    id: "{hex:32}",
    jobId: "{id}",
    jobArn: "arn:{partition}:macie2:{region}:{account}:classification-job/{id}",
    jobStatus: "RUNNING",
  },
  "aws:inspector2/enabler:Enabler": { id: "{account}" },
  "aws:accessanalyzer/analyzer:Analyzer": {
    id: "{analyzerName}",
    arn: "arn:{partition}:access-analyzer:{region}:{account}:analyzer/{analyzerName}",
  },
  "aws:cfg/recorder:Recorder": { id: "{name}" },
  "aws:cfg/deliveryChannel:DeliveryChannel": { id: "{name}" },
  "aws:cfg/recorderStatus:RecorderStatus": { id: "{name}" },
  "aws:cfg/remediationConfiguration:RemediationConfiguration": {
    id: "{configRuleName}",
    arn: "arn:{partition}:config:{region}:{account}:remediation-configuration/{configRuleName}/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
  },
  "aws:cfg/rule:Rule": {
    id: "{name}",
    arn: "arn:{partition}:config:{region}:{account}:config-rule/config-rule-{hex:6}",
    ruleId: "config-rule-{hex:6}",
  },
  "aws:cloudtrail/trail:Trail": {
    id: "{arn}",
    arn: "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}",
    homeRegion: "{region}",
  },
  "aws:wafv2/webAcl:WebAcl": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:wafv2:{region}:{account}:global/webacl/{name}/{id}",
    applicationIntegrationUrl: "https://{hex:12}.{region}.sdk.awswaf.com/{id}/",
    capacity: 100,
    lockToken: "{hex:32}",
  },
  "aws:wafv2/ipSet:IpSet": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:wafv2:{region}:{account}:global/ipset/{name}/{id}",
    lockToken: "{hex:32}",
  },
  "aws:ssoadmin/permissionSet:PermissionSet": {
    id: "{arn},{instanceArn}",
    arn: "arn:{partition}:sso:::permissionSet/ssoins-{hex:16}/ps-{hex:16}",
  },
};
