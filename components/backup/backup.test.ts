import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import {
  ACCOUNT,
  EAST,
  keyArn,
  keyArns,
  planAcross,
  protectionOf,
  refusalOf,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { BackupPlan, type BackupPlanArgs } from "./backup-plan.ts";
import { BackupReport } from "./backup-report.ts";
import { BACKUP_TAGS, retentionProblems, schedules, TAGGED_TYPES, withoutBackup } from "./backup-rules.ts";
import { BackupVaults, type BackupVaultsArgs } from "./backup-vaults.ts";
import { RestoreTesting, type RestoreTestingArgs } from "./restore-testing.ts";

const VAULT = "backup/vault:Vault";
const LOCK = "backup/vaultLockConfiguration:VaultLockConfiguration";
const POLICY = "backup/vaultPolicy:VaultPolicy";
const PLAN = "backup/plan:Plan";
const trimmed = (lines: readonly string[]) => lines.map((line) => line.trim());

const planVaults = (mode: PlanMode, change: Partial<BackupVaultsArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const vaults = new BackupVaults("vaults", vaultArgs({ providers, ...change }));
    return { arns: vaults.vaultArns };
  });
const vaultArgs = (
  change: Partial<BackupVaultsArgs> & Pick<BackupVaultsArgs, "providers">,
): BackupVaultsArgs => ({
  vaultName: "platform",
  regions: TWO,
  kmsKeyArns: keyArns(TWO),
  dataProtection: "retain",
  ...change,
});
const planArgs = (change: Partial<BackupPlanArgs> = {}): BackupPlanArgs => ({
  planName: "platform",
  region: EAST,
  accountId: ACCOUNT,
  vaultName: "platform",
  copyRegions: [WEST],
  failureTopicArns: { alarms: `arn:aws:sns:${EAST}:${ACCOUNT}:alarms` },
  ...change,
});
const planPlan = (mode: PlanMode, change: Partial<BackupPlanArgs> = {}) =>
  planIn(EAST, mode, (opts) => {
    const { planIds, roleArn } = new BackupPlan("backup", planArgs(change), opts);
    return { planIds, roleArn };
  });
const testArgs = (change: Partial<RestoreTestingArgs> = {}): RestoreTestingArgs => ({
  testName: "platform",
  region: EAST,
  accountId: ACCOUNT,
  vaultName: "platform",
  roleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
  ...change,
});
const planTests = (mode: PlanMode, change: Partial<RestoreTestingArgs> = {}) =>
  planIn(EAST, mode, (opts) => ({ arn: new RestoreTesting("restore", testArgs(change), opts).planArn }));
const TAGGED = [{ key: "aws:ResourceTag/backup", value: "daily" }];

for (const mode of MODES) {
  describe(`BackupVaults, ${mode}`, () => {
    it("DR-23: a vault in every region, under the region's own key, kept when the program drops it", async () => {
      const vaults = ofType(await planVaults(mode), VAULT);
      assert.deepEqual(
        vaults.map((vault) => [
          vault.region,
          pick(vault, "name", "kmsKeyArn", "forceDestroy"),
          protectionOf(vault),
        ]),
        TWO.map((region) => [
          region,
          { name: "platform", kmsKeyArn: keyArn(region), forceDestroy: false },
          { protect: true, retainOnDelete: true },
        ]),
      );
    });

    it("GAP-12: locked in governance mode, so that no job keeps a backup for less than 30 days", async () => {
      const locks = ofType(await planVaults(mode), LOCK);
      assert.deepEqual(
        locks.map((lock) => [
          lock.region,
          pick(lock, "minRetentionDays", "maxRetentionDays", "changeableForDays"),
        ]),
        TWO.map((region) => [region, { minRetentionDays: 30, maxRetentionDays: 366 }]),
      );
    });

    it("GAP-12: a compliance lock can still be lifted for the given days", async () => {
      const [lock] = ofType(await planVaults(mode, { lock: "compliance", changeableForDays: 3 }), LOCK);
      assert.equal(lock?.inputs["changeableForDays"], 3);
    });

    it("nobody may delete a backup or shorten its life", async () => {
      const [policy] = ofType(await planVaults(mode), POLICY);
      assert.deepEqual(JSON.parse(String(policy?.inputs["policy"])).Statement, [
        {
          Sid: "NobodyDeletes",
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: [
            "backup:DeleteBackupVault",
            "backup:DeleteRecoveryPoint",
            "backup:DisassociateRecoveryPoint",
            "backup:DisassociateRecoveryPointFromParent",
            "backup:UpdateRecoveryPointLifecycle",
          ],
          Resource: "*",
        },
      ]);
    });

    it("DR-23: a region that the program drops keeps its vault, locked and closed", async () => {
      const plan = await planVaults(mode);
      const kept = [VAULT, LOCK, POLICY].flatMap((type) => ofType(plan, type));
      assert.equal(kept.length, 6);
      for (const resource of kept) {
        assert.deepEqual(protectionOf(resource), { protect: true, retainOnDelete: true }, resource.urn);
      }
    });

    it("released vaults can be destroyed with what is in them, after their lock and policy", async () => {
      const plan = await planVaults(mode, { dataProtection: "release" });
      for (const vault of ofType(plan, VAULT)) {
        assert.equal(vault.inputs["forceDestroy"], true);
        assert.deepEqual(protectionOf(vault), {});
      }
      for (const [type, what] of [
        [LOCK, "lock"],
        [POLICY, "policy"],
      ] as const) {
        const guard = named(plan, type, `vaults-${what}-${EAST}`);
        assert.deepEqual(protectionOf(guard), {});
        assert.deepEqual(sources(guard, "backupVaultName"), [`vaults-${EAST}`]);
      }
    });

    it("GAP-12: no lock is a choice", async () => {
      assert.deepEqual(ofType(await planVaults(mode, { lock: "none" }), LOCK), []);
    });
  });

  describe(`BackupPlan, ${mode}`, () => {
    const rulesOf = async (name: string, change: Partial<BackupPlanArgs> = {}) => {
      const rules = named(await planPlan(mode, change), PLAN, name).inputs["rules"];
      assert.ok(Array.isArray(rules));
      return JSON.parse(JSON.stringify(rules));
    };
    const copyTo = (lifecycle: unknown) => [
      { destinationVaultArn: `arn:aws:backup:${WEST}:${ACCOUNT}:backup-vault:platform`, lifecycle },
    ];

    it("DR-18, DR-22, DR-23 and GAP-12: every day at 05:00 UTC, kept 35 days, copied to the other region", async () => {
      const [daily] = await rulesOf("backup-daily");
      assert.deepEqual(daily, {
        ruleName: "daily",
        targetVaultName: "platform",
        schedule: "cron(0 5 * * ? *)",
        scheduleExpressionTimezone: "Etc/UTC",
        startWindow: 60,
        completionWindow: 480,
        lifecycle: { deleteAfter: 35 },
        copyActions: copyTo({ deleteAfter: 35 }),
      });
    });

    it("DR-21: 30 days are satisfied, and a lower retention is a choice that the vault's lock refuses", async () => {
      const [daily] = await rulesOf("backup-daily", { retentionDays: 30 });
      assert.equal(daily.lifecycle.deleteAfter, 30);
    });

    it("DR-19 and DR-25: buckets are backed up continuously, so that they can be restored to any second", async () => {
      const [continuous] = await rulesOf("backup-continuous");
      assert.deepEqual(
        [
          continuous.ruleName,
          continuous.enableContinuousBackup,
          continuous.lifecycle,
          continuous.copyActions,
        ],
        ["continuous", true, { deleteAfter: 35 }, copyTo({ deleteAfter: 35 })],
      );
      const plan = await planPlan(mode);
      const selection = named(plan, "backup/selection:Selection", "backup-continuous");
      assert.deepEqual(pick(selection, "resources", "notResources", "conditions"), {
        resources: ["arn:aws:s3:::*"],
        conditions: [{ stringEquals: TAGGED }],
      });
      assert.deepEqual(sources(selection, "planId"), ["backup-continuous"]);
    });

    it("DR-26 and DR-27: volumes, file systems, tables and clusters join by their tag", async () => {
      const selection = named(await planPlan(mode), "backup/selection:Selection", "backup-daily");
      assert.deepEqual(pick(selection, "resources", "notResources", "conditions"), {
        resources: ["*"],
        notResources: ["arn:aws:s3:::*"],
        conditions: [{ stringEquals: TAGGED }],
      });
      assert.deepEqual(sources(selection, "iamRoleArn"), ["backup-role"]);
    });

    it("COST-09 and C-54: the first of each month is archived to cold storage after 90 days, for a year", async () => {
      const lifecycle = {
        deleteAfter: 365,
        coldStorageAfter: 90,
        optInToArchiveForSupportedResources: true,
      };
      for (const name of ["backup-daily", "backup-continuous"]) {
        const [, monthly] = await rulesOf(name);
        assert.deepEqual(
          [monthly.ruleName, monthly.schedule, monthly.lifecycle, monthly.copyActions],
          ["monthly", "cron(0 4 1 * ? *)", lifecycle, copyTo(lifecycle)],
        );
        assert.equal((await rulesOf(name, { archiveRetentionDays: 0 })).length, 1);
      }
    });

    it("DR-25: AWS Backup may use every service that has data, and the role has AWS's own policies", async () => {
      const plan = await planPlan(mode);
      const settings = named(plan, "backup/regionSettings:RegionSettings", "backup-region");
      assert.deepEqual(settings.inputs["resourceTypeOptInPreference"], {
        Aurora: true,
        DynamoDB: true,
        EBS: true,
        EC2: true,
        EFS: true,
        RDS: true,
        S3: true,
      });
      assert.deepEqual(settings.inputs["resourceTypeManagementPreference"], { DynamoDB: true, EFS: true });
      const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
      assert.deepEqual(
        ofType(plan, "iam/rolePolicyAttachment:RolePolicyAttachment").map(
          ({ inputs }) => inputs["policyArn"],
        ),
        [
          arn("service-role/AWSBackupServiceRolePolicyForBackup"),
          arn("service-role/AWSBackupServiceRolePolicyForRestores"),
          arn("AWSBackupServiceRolePolicyForS3Backup"),
          arn("AWSBackupServiceRolePolicyForS3Restore"),
        ],
      );
      const without = await planPlan(mode, { regionSettings: false });
      assert.deepEqual(ofType(without, "backup/regionSettings:RegionSettings"), []);
    });

    it("DR-18: jobs that did not succeed are told", async () => {
      const plan = await planPlan(mode);
      const rule = named(plan, "cloudwatch/eventRule:EventRule", "backup-failed");
      const ends = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];
      assert.deepEqual(JSON.parse(String(rule.inputs["eventPattern"])), {
        source: ["aws.backup"],
        "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
        detail: { $or: [{ state: ends }, { status: ends }] },
      });
      assert.deepEqual(
        pick(named(plan, "cloudwatch/eventTarget:EventTarget", "backup-failed-alarms"), "arn", "targetId"),
        { arn: `arn:aws:sns:${EAST}:${ACCOUNT}:alarms`, targetId: "alarms" },
      );
    });

    it("DR-23: the plan of each region names no resource of another stack, only names", async () => {
      const plan = await planPlan(mode);
      assert.deepEqual(sources(named(plan, PLAN, "backup-daily"), "rules"), []);
    });
  });

  describe(`backups of one program, ${mode}`, () => {
    it("DR-23: a plan and its tests wait for the vaults of every region", async () => {
      const plan = await planAcross(TWO, mode, ({ opts, providers }) => {
        const { vaultName } = new BackupVaults("vaults", vaultArgs({ providers }));
        const { roleArn } = new BackupPlan("backup", planArgs({ vaultName }), opts);
        new RestoreTesting("restore", testArgs({ roleArn, vaultName }), opts);
      });
      const vaults = TWO.map((region) => `vaults-${region}`);
      assert.deepEqual(sources(named(plan, PLAN, "backup-daily"), "rules"), vaults);
      const test = named(plan, "backup/restoreTestingPlan:RestoreTestingPlan", "restore");
      assert.deepEqual(sources(test, "recoveryPointSelection"), vaults);
      assert.ok(JSON.stringify(test.inputs["recoveryPointSelection"]).includes(":backup-vault:platform"));
    });
  });

  describe(`RestoreTesting, ${mode}`, () => {
    it("DR-24: every month a backup of the last 30 days is restored, of each kind", async () => {
      const plan = await planTests(mode);
      assert.deepEqual(
        pick(
          named(plan, "backup/restoreTestingPlan:RestoreTestingPlan", "restore"),
          "name",
          "scheduleExpression",
          "scheduleExpressionTimezone",
          "startWindowHours",
          "recoveryPointSelection",
        ),
        {
          name: "platform",
          scheduleExpression: "cron(0 10 1 * ? *)",
          scheduleExpressionTimezone: "Etc/UTC",
          startWindowHours: 4,
          recoveryPointSelection: {
            algorithm: "RANDOM_WITHIN_WINDOW",
            includeVaults: [`arn:aws:backup:${EAST}:${ACCOUNT}:backup-vault:platform`],
            recoveryPointTypes: ["CONTINUOUS", "SNAPSHOT"],
            selectionWindowDays: 30,
          },
        },
      );
      const selections = ofType(plan, "backup/restoreTestingSelection:RestoreTestingSelection");
      assert.deepEqual(
        selections.map(({ inputs }) => [
          inputs["name"],
          inputs["protectedResourceType"],
          inputs["validationWindowHours"],
        ]),
        ["Aurora", "DynamoDB", "EBS", "EFS", "S3"].map((type) => [`platform_${type}`, type, 4]),
      );
      assert.deepEqual(selections[0]?.inputs["protectedResourceConditions"], { stringEquals: TAGGED });
    });

    it("DR-24: restores where it is told to", async () => {
      const overrides = { Aurora: { dbSubnetGroupName: "database" } };
      const plan = await planTests(mode, { types: ["Aurora", "S3"], overrides });
      assert.deepEqual(
        ofType(plan, "backup/restoreTestingSelection:RestoreTestingSelection").map(
          ({ inputs }) => inputs["restoreMetadataOverrides"],
        ),
        [{ dbSubnetGroupName: "database" }, undefined],
      );
    });
  });

  describe(`BackupReport, ${mode}`, () => {
    it("lists backup, copy and restore jobs in a bucket", async () => {
      const plan = await planIn(EAST, mode, (opts) => {
        new BackupReport("report", { reportName: "platform", bucketName: "logs-east" }, opts);
      });
      assert.deepEqual(
        ofType(plan, "backup/reportPlan:ReportPlan").map((report) => pick(report, "name", "reportSetting")),
        [
          { name: "platform_backups", reportSetting: { reportTemplate: "BACKUP_JOB_REPORT" } },
          { name: "platform_copies", reportSetting: { reportTemplate: "COPY_JOB_REPORT" } },
          { name: "platform_restores", reportSetting: { reportTemplate: "RESTORE_JOB_REPORT" } },
        ],
      );
    });
  });
}

describe("backup rules", () => {
  it("DR-25, DR-26 and DR-27: finds resources with data that have no tag, and no others", () => {
    const resource = (type: string, tags?: Readonly<Record<string, string>>) => ({
      urn: `urn:${type}:${JSON.stringify(tags ?? null)}`,
      type,
      inputs: tags === undefined ? {} : { tags },
    });
    const bare = [
      resource("aws:s3/bucket:Bucket"),
      resource("aws:efs/fileSystem:FileSystem", {}),
      resource("aws:dynamodb/table:Table", { backup: "weekly" }),
      resource("aws:rds/cluster:Cluster", { owner: "x" }),
    ];
    const fine = [
      resource("aws:ebs/volume:Volume", BACKUP_TAGS),
      resource("aws:s3/bucket:Bucket", { ...BACKUP_TAGS, owner: "x" }),
      resource("aws:sqs/queue:Queue"),
    ];
    assert.deepEqual(
      withoutBackup([...bare, ...fine]),
      bare.map(({ urn }) => urn),
    );
  });

  it("COST-09: whatever is accepted, a backup that goes to cold storage stays there for 90 days", () => {
    const days = fc.integer({ min: -10, max: 800 });
    fc.assert(
      fc.property(days, days, days, (retentionDays, archiveRetentionDays, coldStorageAfterDays) => {
        const problems = retentionProblems({ retentionDays, archiveRetentionDays, coldStorageAfterDays });
        const possible =
          retentionDays >= 1 &&
          retentionDays <= 35 &&
          (archiveRetentionDays === 0 ||
            (coldStorageAfterDays >= 1 && archiveRetentionDays - coldStorageAfterDays >= 90));
        assert.equal(problems.length === 0, possible, problems.join("\n"));
      }),
    );
  });

  it("the monthly backup starts an hour before the daily one, around midnight too", () => {
    assert.deepEqual(schedules(0), { daily: "cron(0 0 * * ? *)", monthly: "cron(0 23 1 * ? *)" });
  });
});

describe("backups refuse", () => {
  it("vaults without a key, with a lock that cannot be, or with a name that is none", async () => {
    const lines = await refusalOf(
      ({ providers }) =>
        new BackupVaults(
          "vaults",
          vaultArgs({
            providers,
            vaultName: "v",
            kmsKeyArns: { [EAST]: keyArn(EAST) },
            lock: "compliance",
            changeableForDays: 2,
            minRetentionDays: 40,
            maxRetentionDays: 35,
            dataProtection: "release",
          }),
        ),
    );
    assert.deepEqual(lines, [
      "BackupVaults vaults:",
      'kmsKeyArns: nothing is given for "us-west-2"; give a value for every one of regions',
      'vaultName: "v" is no name of a vault; use 2 to 50 letters, digits, hyphens and underscores',
      "maxRetentionDays: 35 is not a whole number from 40 to 36500; it is at least minRetentionDays, and what the archive keeps",
      "changeableForDays: 2 is not a whole number from 3 to 36500; AWS gives three days to think again",
      'dataProtection: "release" cannot lift a compliance lock; use "retain", or another lock',
    ]);
  });

  it("days to think again for a lock that can always be lifted", async () => {
    const lines = await refusalOf(
      ({ providers }) => new BackupVaults("v", vaultArgs({ providers, changeableForDays: 5 })),
    );
    assert.deepEqual(lines, [
      "BackupVaults v:",
      'changeableForDays: only a compliance lock has it; leave it out, or set lock to "compliance"',
    ]);
  });

  it("a plan that copies into itself, or keeps what cannot be kept", async () => {
    const change = {
      planName: "p p",
      accountId: "1",
      copyRegions: [EAST],
      hourUtc: 24,
      retentionDays: 36,
      archiveRetentionDays: 179,
    };
    assert.deepEqual(trimmed(await refusal((opts) => new BackupPlan("backup", planArgs(change), opts))), [
      "BackupPlan backup:",
      "hourUtc: 24 is not a whole number from 0 to 23; 5 is the proposed hour",
      'planName: "p p" is no name of a plan; use up to 39 letters, digits, hyphens and underscores',
      'accountId: "1" is no account; write its 12 digits',
      'copyRegions: "us-east-1" is the region itself; name the others',
      "retentionDays: 36 is not a whole number from 1 to 35; 35 is what production keeps; for longer there is the monthly archive",
      "archiveRetentionDays: 179 is not a whole number from 180 to 36500; a backup stays in cold storage for 90 days at least; 0 keeps no archive",
    ]);
  });

  it("a test of nothing, of a name that is none, or with overrides of what is not tested", async () => {
    const change = {
      testName: "a-b",
      types: [],
      overrides: { EFS: { newFileSystem: "true" } },
      validationWindowHours: 0,
    };
    assert.deepEqual(
      trimmed(await refusal((opts) => new RestoreTesting("restore", testArgs(change), opts))),
      [
        "RestoreTesting restore:",
        "validationWindowHours: 0 is not a whole number from 1 to 168; a week is the longest",
        'testName: "a-b" is no name; use up to 41 letters, digits and underscores',
        "types: is empty; use some of Aurora, DynamoDB, EBS, EFS, S3",
        "overrides.EFS: is not tested; add it to types, or leave it out",
      ],
    );
  });

  it("a report whose name is none", async () => {
    const lines = await refusal(
      (opts) => new BackupReport("r", { reportName: "1-a", bucketName: "b" }, opts),
    );
    assert.deepEqual(trimmed(lines), [
      "BackupReport r:",
      'reportName: "1-a" is no name; use letters, digits and underscores, a letter first',
    ]);
  });
});

describe("the description of backups", () => {
  const text = readFileSync(new URL("README.md", import.meta.url), "utf8");

  it("DR-28 and DR-33: says how volumes of pods and configuration are backed up and come back", () => {
    for (const part of [
      "pulumi stack export",
      "pulumi stack import",
      "configuration/<stack>/",
      "Velero",
      "storage class",
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it("has a line for every type that must carry the tag, and for no other", () => {
    const described = [...text.matchAll(/`(aws:[\w/]+:\w+)`/g)].map(([, type]) => type);
    assert.deepEqual(described.sort(), [...TAGGED_TYPES].sort());
  });
});
