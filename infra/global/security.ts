/** The account's own guards, and the people who may enter it. */
import { AccountSettings } from "../../components/security/account-settings.ts";
import { AuditTrail } from "../../components/security/audit-trail.ts";
import { ConfigRules } from "../../components/security/config-rules.ts";
import { ConfigurationRecorder } from "../../components/security/configuration-recorder.ts";
import { DataClassification } from "../../components/security/data-classification.ts";
import { IdentityCenter } from "../../components/security/identity-center.ts";
import { InstanceIsolation } from "../../components/security/instance-isolation.ts";
import { MandatoryMfa } from "../../components/security/mandatory-mfa.ts";
import { PermissionBoundary } from "../../components/security/permission-boundary.ts";
import { SecurityAlerts } from "../../components/security/security-alerts.ts";
import { SecurityHub } from "../../components/security/security-hub.ts";
import { ThreatDetection } from "../../components/security/threat-detection.ts";
import { boundRoles } from "../aspects.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

/** The policy that bounds every role of every stack, and bounds those made from here on in this one. */
export function roleBoundary({ config, names, providers }: GlobalContext): void {
  const { policyArn } = new PermissionBoundary(
    "role-boundary",
    { policyName: names.boundaryPolicy, accountId: config.accountId, partition: names.partition },
    { provider: providerOf(providers, config.homeRegion) },
  );
  boundRoles(policyArn);
}

export function accountSecurity(
  context: GlobalContext,
  keyArns: KeyArns,
  topicArns: GlobalOutputs["alertTopicArns"],
): void {
  const { config, names, providers } = context;
  const { accountId, homeRegion, name, security } = config;
  const home = { provider: providerOf(providers, homeRegion) };
  const mfa = `${name}-mandatory-mfa`;
  new MandatoryMfa("mandatory-mfa", { groupName: mfa, policyName: mfa }, home);
  if (security.identityCenter !== undefined) {
    const { region, ...people } = security.identityCenter;
    new IdentityCenter(
      "people",
      { ...people, accountId, partition: names.partition, prefix: name },
      { provider: providerOf(providers, region) },
    );
  }
  if (security.baseline) {
    recordedEvidence(context, keyArns);
    threats(context, keyArns, topicArns);
  }
}

/** What happened in the account and what it looked like at any time. */
function recordedEvidence(context: GlobalContext, keyArns: KeyArns): void {
  const { config, names, providers } = context;
  const { accountId, dataProtection, homeRegion, name, security } = config;
  const { partition } = names;
  const regions = homeFirst(config);
  const bucketsOf = (purpose: string) =>
    Object.fromEntries(regions.map((region) => [region, names.bucket(purpose, region)]));

  new AuditTrail(
    "audit-trail",
    {
      trailName: name,
      region: homeRegion,
      accountId,
      partition,
      bucketName: names.bucket("audit", homeRegion),
      kmsKeyArn: keyArns.audit[homeRegion] ?? "",
      lockMode: security.auditLock,
      dataEventBucketArns: regions.map(
        (region) => `arn:${partition}:s3:::${names.bucket("documents", region)}`,
      ),
      dataProtection,
    },
    { provider: providerOf(providers, homeRegion) },
  );
  const recorder = new ConfigurationRecorder("configuration", {
    regions,
    providers,
    accountId,
    partition,
    bucketNames: bucketsOf("configuration"),
    kmsKeyArns: keyArns.audit,
    serviceLinkedRole: security.existing.configRole ? "existing" : "create",
    dataProtection,
  });
  new ConfigRules("account-rules", {
    regions,
    providers,
    accountId,
    partition,
    prefix: name,
    oldestKubernetesVersion: config.cluster.version,
    recorderReady: recorder.ready,
  });
}

/** What looks for trouble, who is told, and what can be done at once. */
function threats(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
  topicArns: GlobalOutputs["alertTopicArns"],
): void {
  const { accountId, name, security } = config;
  const { partition } = names;
  const regions = homeFirst(config);
  const spanning = { regions, providers, accountId, partition };

  new AccountSettings("account-settings", { ...spanning, volumeKeyArns: keyArns.cluster });
  new ThreatDetection("threat-detection", {
    ...spanning,
    existingDetectorIds: security.existing.detectorIds,
  });
  new SecurityHub("security-hub", {
    ...spanning,
    hub: security.existing.securityHub ? "existing" : "create",
  });
  new DataClassification("data-classification", {
    ...spanning,
    bucketNames: Object.fromEntries(regions.map((region) => [region, [names.bucket("documents", region)]])),
    session: security.existing.macie ? "existing" : "create",
  });
  new SecurityAlerts("security-alerts", {
    ...spanning,
    regions: Object.keys(topicArns.page),
    topicArns,
  });
  new InstanceIsolation("instance-isolation", {
    ...spanning,
    documentName: `${name}-isolate-instance`,
    automatic: security.isolateInstances,
  });
}
