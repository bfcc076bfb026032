import assert from "node:assert/strict";
import { stackNames } from "../tools/plan/index.ts";
import { compareWithReference } from "../tools/plan/reference.ts";
import { planOf } from "./plans.ts";

describe("recorded plans", () => {
  for (const stack of stackNames()) {
    it(`CICD-19: ${stack} is as recorded; after an intended change run npx platform plan --record`, async () => {
      assert.equal(compareWithReference(await planOf(stack)), "");
    });
  }
});
