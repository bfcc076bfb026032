import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { dynamodbRecoverable } from "./dynamodb-recoverable.ts";

const off = (property: string, value: string) =>
  `${property} is ${value}; it must be true. Set ${property}: true; each region's copy has its own setting.`;
const west = { regionName: "us-west-2", pointInTimeRecovery: true, deletionProtectionEnabled: true };

describe("dynamodb-recoverable", () => {
  cases(
    dynamodbRecoverable,
    "aws:dynamodb/table:Table",
    { pointInTimeRecovery: { enabled: true }, deletionProtectionEnabled: true, replicas: [west] },
    [
      [
        "DATA-14: refuses a table without point-in-time recovery",
        { pointInTimeRecovery: undefined },
        [off("pointInTimeRecovery.enabled", "not set")],
      ],
      [
        "refuses enabled: false",
        { pointInTimeRecovery: { enabled: false } },
        [off("pointInTimeRecovery.enabled", "false")],
      ],
      [
        "DR-21: refuses a shorter window",
        { pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 29 } },
        [
          "pointInTimeRecovery.recoveryPeriodInDays is 29; it must be at least 30 days. Remove recoveryPeriodInDays for the full 35 days.",
        ],
      ],
      ["takes 30 days", { pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 30 } }, []],
      [
        "refuses no deletion protection",
        { deletionProtectionEnabled: false },
        [off("deletionProtectionEnabled", "false")],
      ],
      [
        "names each replica and property",
        { replicas: [west, { regionName: "eu-west-1", pointInTimeRecovery: false }] },
        [
          off("replicas[1].pointInTimeRecovery", "false"),
          off("replicas[1].deletionProtectionEnabled", "not set"),
        ],
      ],
      [
        "does not decide on unknown recovery, and reports the rest",
        { pointInTimeRecovery: UNKNOWN, deletionProtectionEnabled: undefined },
        [off("deletionProtectionEnabled", "not set"), undecided("pointInTimeRecovery")],
      ],
    ],
  );
  cases(
    dynamodbRecoverable,
    "aws:dynamodb/tableReplica:TableReplica",
    { globalTableArn: "arn:t", pointInTimeRecovery: true, deletionProtectionEnabled: true },
    [
      [
        "refuses a separate replica without recovery",
        { pointInTimeRecovery: false },
        [off("pointInTimeRecovery", "false")],
      ],
      [
        "refuses a separate replica without deletion protection",
        { deletionProtectionEnabled: undefined },
        [off("deletionProtectionEnabled", "not set")],
      ],
    ],
  );
});
