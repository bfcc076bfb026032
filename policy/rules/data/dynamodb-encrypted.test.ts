import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { dynamodbEncrypted } from "./dynamodb-encrypted.ts";

const key = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const off = (value: string) =>
  `serverSideEncryption.enabled is ${value}; it must be true. Set serverSideEncryption.enabled: true; false means a key that DynamoDB owns.`;
const noKey =
  "serverSideEncryption.kmsKeyArn is not set; it must be the ARN of a customer managed key of that region. Set it to the region's data key.";
const noReplicaKey = (property: string) =>
  `${property} is not set; it must be the ARN of a customer managed key of that region. Set it to the replica of the multi-region key in that region.`;
const west = { regionName: "us-west-2", kmsKeyArn: key };

describe("dynamodb-encrypted", () => {
  cases(
    dynamodbEncrypted,
    "aws:dynamodb/table:Table",
    { serverSideEncryption: { enabled: true, kmsKeyArn: key }, replicas: [west] },
    [
      ["refuses no encryption block", { serverSideEncryption: undefined }, [off("not set"), noKey]],
      [
        "refuses enabled: false",
        { serverSideEncryption: { enabled: false, kmsKeyArn: key } },
        [off("false")],
      ],
      ["refuses the key of AWS", { serverSideEncryption: { enabled: true } }, [noKey]],
      ["takes a table of one region", { replicas: [] }, []],
      [
        "names the replica without a key",
        { replicas: [west, { regionName: "eu-west-1" }] },
        [noReplicaKey("replicas[1].kmsKeyArn")],
      ],
      [
        "takes a key that is not known yet",
        { replicas: [{ regionName: "us-west-2", kmsKeyArn: UNKNOWN }] },
        [],
      ],
      [
        "reports the table when its replicas are not known yet",
        { serverSideEncryption: { enabled: true }, replicas: UNKNOWN },
        [noKey, undecided("replicas")],
      ],
    ],
  );
  cases(
    dynamodbEncrypted,
    "aws:dynamodb/tableReplica:TableReplica",
    { globalTableArn: "arn:t", kmsKeyArn: key },
    [["refuses a separate replica without a key", { kmsKeyArn: undefined }, [noReplicaKey("kmsKeyArn")]]],
  );
});
