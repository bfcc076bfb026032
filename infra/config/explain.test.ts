import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { explainConfig, stackFileSchema } from "./explain.ts";
import { ConfigError } from "./problems.ts";

const project = {
  accountId: "111122223333",
  domain: "docs.example.com",
  primaryRegion: "us-east-1",
  regions: {
    "us-east-1": { cidr: "10.0.0.0/16", weight: 70 },
    "us-west-2": { cidr: "10.10.0.0/16", weight: 30 },
  },
};
const stack = {
  environment: "production",
  scopes: ["region"],
  region: "us-west-2",
  role: "primary",
  cluster: { version: "1.34" },
};

describe("explained configuration", () => {
  const rows = explainConfig("dr", { project, stack });
  const row = (key: string) => rows.find((candidate) => candidate.key === key);

  it("tells for every value where it comes from", () => {
    assert.deepEqual(row("platform:cluster.version"), {
      key: "platform:cluster.version",
      value: "1.34",
      origin: "stack file",
      meaning: "Kubernetes version of the cluster; one minor version at a time upwards.",
    });
    assert.equal(row("platform:domain")?.origin, "project file");
    assert.equal(row("platform:regions.us-west-2.weight")?.origin, "project file");
    assert.equal(row("platform:regions.us-west-2.zones")?.origin, "default");
    assert.equal(row("platform:cluster.systemNodes.minimum")?.origin, "default");
  });

  it("tells what follows from the role", () => {
    assert.deepEqual(row("derived.evacuates")?.value, ["us-east-1"]);
    assert.equal(row("derived.servesPercent")?.value, 100);
    assert.equal(row("derived.regionalOrigin")?.value, "origin.us-west-2.docs.example.com");
  });

  it("every key has a meaning", () => {
    assert.deepEqual(
      rows.filter(({ meaning }) => meaning === ""),
      [],
    );
  });

  it("refuses a configuration with mistakes", () => {
    assert.throws(() => explainConfig("dr", { project, stack: { ...stack, role: "boss" } }), ConfigError);
  });

  it("the committed schema of stack files is the one of this version", () => {
    const committed = readFileSync(new URL("../../docs/stack.schema.json", import.meta.url), "utf8");
    assert.deepEqual(JSON.parse(committed), stackFileSchema(), "run: npx platform config schema --write");
  });
});
