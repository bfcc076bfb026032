import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, protectionOf, refusalOf } from "../data/planned-data.ts";
import { statementOf, statementsOf } from "../security/planned-security.ts";
import { AccessLogBucket, type AccessLogBucketArgs, accessLogBucketName } from "./access-log-bucket.ts";
import { Cdn } from "./cdn.ts";
import { MODES, named, ofType, pick, sources } from "./planned-edge.ts";
import { RegionIngress } from "./region-ingress.ts";
import { WebAcl } from "./web-acl.ts";

const bucketName = accessLogBucketName({ prefix: "platform", accountId: ACCOUNT, region: EAST });
const args = (provider: aws.Provider, change: Partial<AccessLogBucketArgs> = {}): AccessLogBucketArgs => ({
  region: EAST,
  provider,
  accountId: ACCOUNT,
  bucketName,
  dataProtection: "retain",
  ...change,
});
const planLogs = (mode: PlanMode, change: Partial<AccessLogBucketArgs> = {}) =>
  planProgram(
    () => {
      const provider = new aws.Provider(EAST, { region: EAST });
      const opts = { provider };
      const logs = new AccessLogBucket("access", args(provider, change));
      const { webAclArn } = new WebAcl(
        "firewall",
        { scope: "CLOUDFRONT", logDestinationArn: logs.bucketArn },
        opts,
      );
      new RegionIngress(
        "ingress",
        {
          region: EAST,
          domain: "example.com",
          zoneId: "Z1D633PJN98FT9",
          vpcId: "vpc-1",
          publicSubnetIds: ["subnet-a", "subnet-b"],
          targetCidrs: ["10.20.0.0/16"],
          exposure: "internet",
          accessLogsBucket: logs.bucketName,
        },
        opts,
      );
      new Cdn(
        "cdn",
        {
          aliases: ["example.com"],
          zoneId: "Z1D633PJN98FT9",
          certificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/a`,
          webAclArn,
          healthCheckedOrigin: "origin.example.com",
          originHeaderName: "x-origin-key",
          originHeaderValue: "hush",
          accessLogsBucketArn: logs.bucketArn,
        },
        opts,
      );
      return { name: logs.bucketName, arn: logs.bucketArn };
    },
    { mode },
  );

for (const mode of MODES) {
  describe(`AccessLogBucket, ${mode}`, () => {
    it("STOR-06: logs go to Intelligent-Tiering at once and are gone after a year", async () => {
      const plan = await planLogs(mode);
      const bucket = named(plan, "s3/bucket:Bucket", "access-logs-us-east-1");
      assert.equal(bucket.region, EAST);
      assert.deepEqual(pick(bucket, "bucket", "forceDestroy"), {
        bucket: `aws-waf-logs-platform-${ACCOUNT}-us-east-1`,
        forceDestroy: false,
      });
      assert.deepEqual(protectionOf(bucket), { protect: true, retainOnDelete: true });
      const [lifecycle] = ofType(plan, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      const rules = lifecycle?.inputs["rules"] as {
        id: string;
        transitions?: unknown;
        expiration?: unknown;
      }[];
      assert.deepEqual(rules.find(({ id }) => id === "storage-class")?.transitions, [
        { days: 0, storageClass: "INTELLIGENT_TIERING" },
      ]);
      assert.deepEqual(rules.find(({ id }) => id === "expiration")?.expiration, { days: 365 });
    });

    it("SEC-11: S3's own key encrypts, which is the only one that load balancers write under", async () => {
      const plan = await planLogs(mode);
      const [encryption] = ofType(
        plan,
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      );
      assert.match(JSON.stringify(encryption?.inputs["rules"]), /"sseAlgorithm":"AES256"/);
      assert.deepEqual(ofType(plan, "s3/bucketReplicationConfig:BucketReplicationConfig"), []);
    });

    it("every writer waits until the bucket admits it", async () => {
      const plan = await planLogs(mode);
      const waits = [
        sources(named(plan, "lb/loadBalancer:LoadBalancer", "ingress-alb"), "accessLogs"),
        sources(
          named(plan, "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "firewall-log"),
          "logDestinationConfigs",
        ),
        sources(
          named(plan, "cloudwatch/logDeliveryDestination:LogDeliveryDestination", "cdn-log"),
          "deliveryDestinationConfiguration",
        ),
      ];
      for (const wait of waits) assert(wait.includes("access-logs-policy-us-east-1"), wait.join());
    });
  });
}

describe("AccessLogBucket", () => {
  it("STOR-06: admits the writers of load balancer, CloudFront, WAF and S3 logs, for this account only", async () => {
    const plan = await planLogs("update");
    const { policy } = named(plan, "s3/bucketPolicy:BucketPolicy", "access-logs-policy-us-east-1").inputs;
    assert.deepEqual(
      statementsOf(policy)
        .filter(({ Effect }) => Effect === "Allow")
        .map(({ Sid, Principal }) => [Sid, Principal]),
      [
        ["LoadBalancerWrites", { Service: "logdelivery.elasticloadbalancing.amazonaws.com" }],
        ["LogDeliveryChecksBucket", { Service: "delivery.logs.amazonaws.com" }],
        ["LogDeliveryWrites", { Service: "delivery.logs.amazonaws.com" }],
        ["S3AccessWrites", { Service: "logging.s3.amazonaws.com" }],
      ],
    );
    assert.deepEqual(statementOf(policy, "LogDeliveryWrites").Condition, {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
    });
    assert.equal(plan.outputs["name"], bucketName);
    assert.equal(plan.outputs["arn"], `arn:aws:s3:::${bucketName}`);
  });

  it("refuses a name that WAF refuses, and days that save nothing", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new AccessLogBucket(
            "access",
            args(providers[EAST] as aws.Provider, {
              region: "east",
              bucketName: "platform-logs",
              retentionDays: 7,
            }),
          ),
      ),
      [
        'AccessLogBucket "access":',
        'region: "east" is not an AWS region name; write it like us-east-1',
        'bucketName: "platform-logs" must begin with aws-waf-logs-, or WAF refuses it; use accessLogBucketName(...)',
        "retentionDays: 7 is no whole number from 30; use 365",
      ],
    );
  });
});
