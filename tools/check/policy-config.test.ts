import { deepEqual, equal } from "node:assert/strict";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { PACK_FOLDER } from "./analyzer.ts";
import { readPolicyConfig, resolveSettings } from "./policy-config.ts";

const stacks = ["dev", "dr", "global", "link", "prod", "staging"];
const settingsOf = async (stack: string) => resolveSettings(await readPolicyConfig(stack));

describe("settings of the guardrails", () => {
  it("GOV-07: exist for every stack and hold no rule, setting or waiver that is not known", async () => {
    const files = globSync(join(PACK_FOLDER, "config/*.json")).map((file) => basename(file, ".json"));
    deepEqual(files.sort(), stacks);
    for (const stack of stacks) await settingsOf(stack);
  });

  it("GOV-07: turn no rule off, and relax production by nothing but waivers", async () => {
    for (const stack of stacks)
      for (const [rule, { level }] of await settingsOf(stack))
        if (stack !== "dev") equal(level, "mandatory", `${rule} in ${stack}`);
        else equal(level === "disabled", false, `${rule} in ${stack}`);
  });

  it("DR-22: hold 35 days in production in both regions and DR-21: at least 30 in staging", async () => {
    const retention = async (stack: string) =>
      (await settingsOf(stack)).get("rds-backup-retention")?.properties;
    for (const stack of ["prod", "dr", "global"]) equal((await retention(stack))?.["exactDays"], 35);
    equal((await retention("staging"))?.["minimumDays"], 30);
  });

  it("EDGE-05: keep a region's stack in its region", async () => {
    const regions = async (stack: string) =>
      (await settingsOf(stack)).get("provider-region")?.properties["regions"];
    deepEqual(await Promise.all(["prod", "dr", "global"].map(regions)), [
      ["us-east-1"],
      ["us-west-2"],
      ["us-east-1", "us-west-2"],
    ]);
  });

  it("lets `all` set a level that a rule's own entry overrules", () => {
    const settings = resolveSettings({
      all: "advisory",
      "kms-rotation": "mandatory",
      "s3-versioned": { enforcementLevel: "disabled" },
      "provider-region": { regions: ["us-east-1"] },
    });
    equal(settings.get("eks-version")?.level, "advisory");
    equal(settings.get("kms-rotation")?.level, "mandatory");
    equal(settings.get("s3-versioned")?.level, "disabled");
    deepEqual(settings.get("eks-version")?.properties, { floor: "1.34", waivers: [] });
  });
});
