import assert from "node:assert/strict";
import { edgePrefixLists } from "./edge-prefix-lists.ts";
import { switchBucketPolicy } from "./evacuation.ts";
import { MODES, planIn } from "./planned-edge.ts";

for (const mode of MODES) {
  it(`the lists of a region are sorted ranges that a switch can admit, ${mode}`, async () => {
    const plan = await planIn("us-west-2", mode, (opts) => ({ ...edgePrefixLists("us-west-2", opts) }));
    const cidrs = plan.outputs["healthCheckerCidrs"];
    assert(Array.isArray(cidrs) && cidrs.length > 0);
    assert.deepEqual(cidrs, [...cidrs].sort());
    assert.match(
      switchBucketPolicy({ partition: "aws", bucketName: "b", cidrs: cidrs.map(String) }),
      /"aws:SourceIp":\["\d/,
    );
    assert.match(String(plan.outputs["cloudfrontPrefixListId"]), /^pl-/);
    assert.match(String(plan.outputs["healthCheckersPrefixListId"]), /^pl-/);
    assert.notEqual(plan.outputs["cloudfrontPrefixListId"], plan.outputs["healthCheckersPrefixListId"]);
  });
}
