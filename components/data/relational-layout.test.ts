import assert from "node:assert/strict";
import fc from "fast-check";
import { placeMembers, type RelationalShape, relationalProblems } from "./relational-layout.ts";

const shape = (change: Partial<RelationalShape> = {}): RelationalShape => ({
  clusterIdentifier: "platform-relational-us-west-2",
  region: "us-west-2",
  regions: ["us-east-1", "us-west-2"],
  initialWriterRegion: "us-east-1",
  global: true,
  engineVersion: "16.6",
  instanceClass: "db.r6g.large",
  zones: ["us-west-2a", "us-west-2b", "us-west-2c"],
  instances: 2,
  maximumInstances: 2,
  backupRetentionDays: 35,
  dataProtection: "retain",
  ...change,
});
const problem = (change: Partial<RelationalShape>) => relationalProblems(shape(change));

describe("placeMembers", () => {
  const zones = fc.uniqueArray(fc.stringMatching(/^us-east-1[a-f]$/), { minLength: 1, maxLength: 6 });
  const instances = fc.integer({ min: 1, max: 16 });

  it("DATA-06: spreads members over the zones, the first preferred for the writer", () => {
    assert.deepEqual(placeMembers(["us-east-1a", "us-east-1b"], 3), [
      { key: "us-east-1a", zone: "us-east-1a", promotionTier: 0 },
      { key: "us-east-1b", zone: "us-east-1b", promotionTier: 1 },
      { key: "us-east-1a-2", zone: "us-east-1a", promotionTier: 2 },
    ]);
  });

  it("never has two more members in one zone than in another, and names each differently", () => {
    fc.assert(
      fc.property(zones, instances, (names, count) => {
        const places = placeMembers(names, count);
        assert.equal(places.length, count);
        assert.equal(new Set(places.map(({ key }) => key)).size, count);
        const loads = names.map((name) => places.filter(({ zone }) => zone === name).length);
        assert.ok(Math.max(...loads) - Math.min(...loads) <= 1);
        assert.ok(places.every(({ promotionTier }) => promotionTier >= 0 && promotionTier <= 15));
      }),
    );
  });

  it("moves no member when one is added", () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 1, max: 15 }), (names, count) => {
        assert.deepEqual(placeMembers(names, count + 1).slice(0, count), placeMembers(names, count));
      }),
    );
  });
});

describe("relationalProblems", () => {
  it("accepts the production cluster of either region, whichever was written first", () => {
    assert.deepEqual(relationalProblems(shape()), []);
    assert.deepEqual(problem({ initialWriterRegion: "us-west-2" }), []);
  });

  it("DR-21: keeps at least 30 days of what is retained, and at most what Aurora can keep", () => {
    assert.deepEqual(problem({ backupRetentionDays: 29 }), [
      "backupRetentionDays: 29 is not a whole number from 30 to 35 with dataProtection retain; 35 is what production keeps",
    ]);
    assert.deepEqual(problem({ backupRetentionDays: 36 }), [
      "backupRetentionDays: 36 is not a whole number from 30 to 35 with dataProtection retain; 35 is what production keeps",
    ]);
    assert.deepEqual(problem({ backupRetentionDays: 7, dataProtection: "release" }), []);
    assert.deepEqual(problem({ backupRetentionDays: 0, dataProtection: "release" }), [
      "backupRetentionDays: 0 is not a whole number from 1 to 35 with dataProtection release; 35 is what production keeps",
    ]);
  });

  it("refuses a limit of the lag that Aurora cannot enforce", () => {
    assert.deepEqual(problem({ maximumLagSeconds: 20 }), []);
    assert.deepEqual(problem({ maximumLagSeconds: 1 }), [
      "maximumLagSeconds: 1 is not a whole number from 20, the least that Aurora enforces; usual lag is under a second without it",
    ]);
    assert.deepEqual(problem({ maximumLagSeconds: 20, global: false, initialWriterRegion: "us-west-2" }), [
      "maximumLagSeconds: a cluster without globalClusterIdentifier has no lag; leave it out",
    ]);
  });

  it("refuses a writer that is no region of the platform, and a lone cluster that names another's", () => {
    assert.deepEqual(problem({ initialWriterRegion: "eu-west-1" }), [
      'initialWriterRegion: "eu-west-1" is not one of regions (us-east-1, us-west-2); name the one whose cluster was made first',
    ]);
    assert.deepEqual(problem({ global: false }), [
      'initialWriterRegion: "us-east-1" is not "us-west-2", but a cluster without globalClusterIdentifier is its own writer; name "us-west-2"',
    ]);
    assert.deepEqual(problem({ region: "eu-west-1", zones: ["eu-west-1a"] }), [
      'region: "eu-west-1" is not one of regions (us-east-1, us-west-2); name one of them',
    ]);
  });

  it("refuses zones of another region, none, and a bad identifier", () => {
    assert.deepEqual(problem({ zones: ["us-east-1a", "b"], clusterIdentifier: "A--b" }), [
      'clusterIdentifier: "A--b" is no identifier; use lower-case letters, digits and single hyphens, a letter first',
      'zones: "us-east-1a" is no zone of "us-west-2"; write it like us-west-2a',
      'zones: "b" is no zone of "us-west-2"; write it like us-west-2a',
    ]);
    assert.deepEqual(problem({ zones: [] }), [
      "zones: [] is empty; name the zones of the subnets, two or more",
    ]);
  });

  it("refuses numbers of members that Aurora does not take, and a class that cannot replicate", () => {
    assert.deepEqual(problem({ instances: 0, maximumInstances: 17, instanceClass: "db.t4g.medium" }), [
      "instances: 0 is not a whole number from 1 to 16; two survive a zone's loss",
      "maximumInstances: 17 is not a whole number from instances (0) to 16; leave it out for no scaling",
      'instanceClass: "db.t4g.medium" cannot be a member of a global database; use db.r6g.large or larger, or db.serverless',
    ]);
    assert.deepEqual(
      problem({ instanceClass: "db.t4g.medium", global: false, initialWriterRegion: "us-west-2" }),
      [],
    );
  });

  it("takes serverless capacities with db.serverless only, in halves and in order", () => {
    const serverless = (serverlessMinimumAcu?: number, serverlessMaximumAcu?: number) =>
      problem({ instanceClass: "db.serverless", serverlessMinimumAcu, serverlessMaximumAcu });
    assert.deepEqual(serverless(0.5, 16), []);
    assert.deepEqual(serverless(0.5), [
      "serverlessMinimumAcu and serverlessMaximumAcu: instanceClass db.serverless needs both",
    ]);
    for (const [least, most] of [
      [0, 4],
      [0.5, 0.5],
      [2.25, 4],
      [8, 4],
      [1, 300],
    ] as const) {
      assert.deepEqual(serverless(least, most), [
        `serverlessMinimumAcu and serverlessMaximumAcu: ${least} to ${most} is no capacity range; give halves from 0.5 to 256, the maximum from 1 and not below the minimum`,
      ]);
    }
    assert.deepEqual(problem({ serverlessMaximumAcu: 4 }), [
      'serverlessMinimumAcu and serverlessMaximumAcu: they need instanceClass db.serverless, not "db.r6g.large"; change it or leave them out',
    ]);
  });
});
