import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { ContainerRegistry } from "./container-registry.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1"];

function plan(regions: readonly string[], mode: PlanMode) {
  return planProgram(
    () => {
      const providers = Object.fromEntries(
        regions.map((region) => [region, new aws.Provider(region, { region })]),
      );
      const registry = new ContainerRegistry("images", {
        prefix: "platform",
        images: ["document-service"],
        regions,
        providers,
        accountId: "111122223333",
        dataProtection: "retain",
      });
      return { urls: registry.repositoryUrls };
    },
    { mode },
  );
}

describe("ContainerRegistry", () => {
  for (const mode of ["preview", "update"] as const) {
    it(`STOR-14: scans on push, keeps tags immutable and is encrypted in every region (${mode})`, async () => {
      const { resources } = await plan(REGIONS, mode);
      const repositories = resources.filter(({ type }) => type === "aws:ecr/repository:Repository");
      assert.deepEqual(
        repositories.map(({ region, inputs, options }) => [region, inputs["name"], options.protect]),
        REGIONS.toSorted().map((region) => [region, "platform/document-service", true]),
      );
      for (const { inputs } of repositories) {
        assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true });
        assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
        assert.deepEqual(inputs["encryptionConfigurations"], [{ encryptionType: "KMS" }]);
        assert.equal(inputs["forceDelete"], false);
      }
    });
  }

  it("STOR-14: replicates from each region to each other", async () => {
    const { resources } = await plan(REGIONS, "update");
    const rules = resources
      .filter(({ type }) => type.endsWith(":ReplicationConfiguration"))
      .map(({ region, inputs }) => [
        region,
        (
          inputs["replicationConfiguration"] as { rules: { destinations: { region: string }[] }[] }
        ).rules.flatMap(({ destinations }) => destinations.map((destination) => destination.region)),
      ]);
    assert.deepEqual(Object.fromEntries(rules), {
      "us-east-1": ["us-west-2", "eu-west-1"],
      "us-west-2": ["us-east-1", "eu-west-1"],
      "eu-west-1": ["us-east-1", "us-west-2"],
    });
  });

  it("one region alone replicates nowhere", async () => {
    const { resources } = await plan(["us-east-1"], "update");
    assert.deepEqual(
      resources.filter(({ type }) => type.endsWith(":ReplicationConfiguration")),
      [],
    );
  });
});
