import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { dynamodbReplicasSymmetric } from "./dynamodb-replicas-symmetric.ts";

const replica = (regionName: string, change: object = {}) => ({ regionName, propagateTags: true, ...change });
const stream = (value: string) =>
  `streamEnabled and streamViewType is ${value}; it must be true and "NEW_AND_OLD_IMAGES". Set both; replication reads the stream.`;

describe("dynamodb-replicas-symmetric", () => {
  cases(
    dynamodbReplicasSymmetric,
    "aws:dynamodb/table:Table",
    {
      replicas: [replica("us-west-2"), replica("eu-west-1")],
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
    },
    [
      [
        "DATA-13: names the replica that differs",
        { replicas: [replica("us-west-2"), replica("eu-west-1", { propagateTags: false })] },
        [
          "replicas[1].propagateTags is [false,true]; it must be the same as replicas[0].propagateTags. Build all replicas from one list of regions.",
        ],
      ],
      [
        "refuses a region named twice",
        { replicas: [replica("us-west-2"), replica("us-west-2")] },
        [
          'replicas[].regionName is ["us-west-2","us-west-2"]; it must be a different region for each replica. Remove the region that is named twice.',
        ],
      ],
      [
        "refuses a global table without a stream",
        { streamEnabled: false },
        [stream('[false,"NEW_AND_OLD_IMAGES"]')],
      ],
      ["refuses a stream of keys only", { streamViewType: "KEYS_ONLY" }, [stream('[true,"KEYS_ONLY"]')]],
      ["leaves a table of one region alone", { replicas: undefined, streamEnabled: undefined }, []],
      ["leaves an empty list alone", { replicas: [], streamEnabled: false }, []],
      ["does not decide on unknown replicas", { replicas: UNKNOWN }, [undecided("replicas")]],
    ],
  );
});
