import assert from "node:assert/strict";
import { type CacheShape, cacheParameterFamily, cacheProblems } from "./cache-rules.ts";

const problem = (change: Partial<CacheShape>) =>
  cacheProblems({
    replicationGroupId: "platform-documents",
    engineVersion: "7.0",
    shards: 3,
    replicasPerShard: 1,
    snapshotRetentionDays: 35,
    ...change,
  });

describe("cacheProblems", () => {
  it("DATA-18: accepts Redis 7.0 and 7.1, and takes their parameters", () => {
    for (const engineVersion of ["7.0", "7.1"]) {
      assert.deepEqual(problem({ engineVersion }), []);
      assert.equal(cacheParameterFamily(engineVersion), "redis7");
    }
    for (const engineVersion of ["7", "6.2", "8.0", ""]) {
      assert.deepEqual(problem({ engineVersion }), [
        `engineVersion: "${engineVersion}" is no Redis version on offer here; use "7.0" or "7.1"`,
      ]);
    }
  });

  it("accepts the smallest and the largest cluster", () => {
    assert.deepEqual(problem({ shards: 1, replicasPerShard: 0, snapshotRetentionDays: 0 }), []);
    assert.deepEqual(problem({ shards: 500, replicasPerShard: 5 }), []);
  });

  it("refuses everything else at once", () => {
    assert.deepEqual(
      problem({
        replicationGroupId: `p${"x".repeat(40)}`,
        shards: 0,
        replicasPerShard: 1.5,
        snapshotRetentionDays: 36,
      }),
      [
        `replicationGroupId: "p${"x".repeat(40)}" is no identifier; use up to 40 lower-case letters, digits and single hyphens, a letter first`,
        "shards: 0 is not a whole number from 1 to 500; three are the drawn size",
        "replicasPerShard: 1.5 is not a whole number from 0 to 5; one survives a zone's loss",
        "snapshotRetentionDays: 36 is not a whole number from 0 to 35; 0 takes none",
      ],
    );
  });
});
