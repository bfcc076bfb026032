/** Daily backups with copies in the other regions, a restore test each month, and alarms on what can be lost. */
import { BackupPlan } from "../../components/backup/backup-plan.ts";
import { ObjectiveAlarms } from "../../components/backup/objective-alarms.ts";
import { RestoreTesting } from "../../components/backup/restore-testing.ts";
import { alarmTopics, type RegionContext } from "./context.ts";

export function backup(context: RegionContext): void {
  const { config, names, provider } = context;
  const { accountId, region, regions, backup: wanted } = config;
  const peerRegions = Object.keys(regions).filter((peer) => peer !== region);
  const topics = alarmTopics(context);
  const place = { region, accountId, partition: names.partition };

  if (wanted.enabled) {
    const plan = new BackupPlan(
      "backup-plan",
      {
        ...place,
        planName: config.name,
        vaultName: names.backupVault,
        copyRegions: peerRegions,
        retentionDays: wanted.retentionDays,
        failureTopicArns: Object.fromEntries(topics.map((arn) => ["page", arn])),
      },
      { provider },
    );
    new RestoreTesting(
      "restore-testing",
      {
        ...place,
        testName: config.name.replaceAll("-", "_"),
        vaultName: names.backupVault,
        roleArn: plan.roleArn,
      },
      { provider },
    );
  }
  if (topics.length > 0) {
    new ObjectiveAlarms(
      "objectives",
      {
        region,
        peerRegions,
        clusterIdentifier: names.relationalCluster(region),
        tableNames: [names.documentTable],
        vaultName: wanted.enabled ? names.backupVault : undefined,
        alarmTopicArns: topics,
      },
      { provider },
    );
  }
}
