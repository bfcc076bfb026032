import assert from "node:assert/strict";
import fc from "fast-check";
import { KEY_SERVICES, keyPolicy } from "./key-policy.ts";

interface Statement {
  readonly Sid: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Condition?: Record<string, Record<string, string>>;
}
const OWNER = "111122223333";
const statements = (services: readonly (typeof KEY_SERVICES)[number][], partition = "aws"): Statement[] =>
  JSON.parse(keyPolicy({ partition, accountId: OWNER, region: "us-west-2", services })).Statement;

describe("keyPolicy", () => {
  it("SEC-11: leaves the decision to the account's IAM and admits nobody else unless a service is named", () => {
    assert.deepEqual(statements([]), [
      {
        Sid: "IamDecides",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${OWNER}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });

  it("admits CloudWatch Logs of its own region for log groups of its own account", () => {
    const [, logs] = statements(["logs"], "aws-us-gov");
    assert.deepEqual(logs, {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: "logs.us-west-2.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws-us-gov:logs:us-west-2:${OWNER}:*` },
      },
    });
  });

  it("lets Auto Scaling use the key for volumes, and grant it to AWS only", () => {
    const [, use, grants] = statements(["autoscaling"]);
    const role = `arn:aws:iam::${OWNER}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
    assert.deepEqual(use?.Condition, {
      ArnEquals: { "aws:PrincipalArn": role },
      StringEquals: { "kms:CallerAccount": OWNER },
    });
    assert.equal(grants?.Action, "kms:CreateGrant");
    assert.deepEqual(grants?.Condition, { ...use?.Condition, Bool: { "kms:GrantIsForAWSResource": "true" } });
  });

  it("lets Macie read what it searches, and Config write what it records, for the own account only", () => {
    const [, config, macie] = statements(["macie", "config"]);
    assert.deepEqual(config?.Principal, { Service: "config.amazonaws.com" });
    assert.deepEqual(config?.Condition, { StringEquals: { "aws:SourceAccount": OWNER } });
    assert.equal(macie?.Sid, "MacieReads");
    assert.deepEqual(macie?.Action, ["kms:Decrypt"]);
    assert.deepEqual(macie?.Condition, {
      ArnEquals: {
        "aws:PrincipalArn": `arn:aws:iam::${OWNER}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`,
      },
      StringEquals: { "kms:CallerAccount": OWNER },
    });
  });

  it("binds every service to the own account, and lets none administer the key", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...KEY_SERVICES)), (services) => {
        const granted = statements(services).slice(1);
        assert.equal(granted.length, services.length + (services.includes("autoscaling") ? 1 : 0));
        for (const { Sid, Action, Condition } of granted) {
          assert.ok(JSON.stringify(Condition ?? {}).includes(OWNER), Sid);
          assert.ok(!JSON.stringify(Action).includes("kms:*"), Sid);
        }
      }),
    );
  });

  it("does not depend on the order or number of times that services are named", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KEY_SERVICES)), (services) => {
        assert.deepEqual(statements(services), statements([...new Set(services)].reverse()));
      }),
    );
  });
});
