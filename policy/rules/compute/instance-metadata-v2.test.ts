import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { instanceMetadataV2 } from "./instance-metadata-v2.ts";

const tokens = (value: string) =>
  `metadataOptions.httpTokens is ${value}; it must be "required". Set it to required; version 1 answers any request that a service can be tricked into sending.`;
const hops = (value: string) =>
  `metadataOptions.httpPutResponseHopLimit is ${value}; it must be 1. Set it to 1, so that pods cannot take the node's credentials; they have roles of their own.`;
const good = { httpTokens: "required", httpPutResponseHopLimit: 1 };

describe("instance-metadata-v2", () => {
  for (const type of ["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"] as const)
    cases(instanceMetadataV2, type, { metadataOptions: good }, [
      ["refuses no options", { metadataOptions: undefined }, [tokens("not set"), hops("not set")]],
      ["refuses version 1", { metadataOptions: { ...good, httpTokens: "optional" } }, [tokens('"optional"')]],
      ["SEC-04: refuses two hops", { metadataOptions: { ...good, httpPutResponseHopLimit: 2 } }, [hops("2")]],
      [
        "refuses 0 hops, which is no limit that AWS knows",
        { metadataOptions: { ...good, httpPutResponseHopLimit: 0 } },
        [hops("0")],
      ],
      ["does not decide on unknown options", { metadataOptions: UNKNOWN }, [undecided("metadataOptions")]],
    ]);
});
