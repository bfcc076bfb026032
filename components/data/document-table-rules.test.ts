import assert from "node:assert/strict";
import fc from "fast-check";
import { keyAttributes, type TableShape, tableProblems } from "./document-table-rules.ts";

const shape = (change: Partial<TableShape> = {}): TableShape => ({
  regions: ["us-east-1", "us-west-2"],
  partitionKey: "pk",
  sortKey: "sk",
  indexes: [],
  consistencyMode: "eventual",
  ...change,
});

describe("keyAttributes", () => {
  it("declares every attribute of a key once, and no other", () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/);
    const index = fc.record({ name, partitionKey: name, sortKey: fc.option(name, { nil: undefined }) });
    fc.assert(
      fc.property(name, name, fc.array(index), (partitionKey, sortKey, indexes) => {
        const found = keyAttributes(shape({ partitionKey, sortKey, indexes, ttlAttribute: "TTL" }));
        const keys = [partitionKey, sortKey, ...indexes.flatMap((each) => [each.partitionKey, each.sortKey])];
        assert.deepEqual(found, [...new Set(found)].sort());
        assert.deepEqual(new Set(found), new Set(keys.filter((key) => key !== undefined)));
      }),
    );
  });
});

describe("tableProblems", () => {
  it("DATA-13: two regions, three, or one, are a table with eventual consistency", () => {
    for (const regions of [
      ["us-east-1"],
      ["us-east-1", "us-west-2"],
      ["us-east-1", "us-west-2", "us-east-2"],
    ]) {
      assert.deepEqual(tableProblems(shape({ regions, ttlAttribute: "expiresAt" })), []);
    }
  });

  it("takes three places for strong consistency, a witness being one", () => {
    const consistencyMode = "strong";
    assert.deepEqual(tableProblems(shape({ consistencyMode, witnessRegion: "us-east-2" })), []);
    assert.deepEqual(
      tableProblems(shape({ consistencyMode, regions: ["us-east-1", "us-west-2", "us-east-2"] })),
      [],
    );
    assert.deepEqual(tableProblems(shape({ consistencyMode, ttlAttribute: "expiresAt" })), [
      "consistencyMode: strong needs three regions, or two and a witnessRegion, but 2 and no witnessRegion are given; add a region, add a witness, or use eventual",
      'ttlAttribute: "expiresAt" cannot be had in consistencyMode strong; leave it out',
    ]);
    assert.deepEqual(tableProblems(shape({ consistencyMode, witnessRegion: "us-west-2" })), [
      'witnessRegion: "us-west-2" is also one of regions; name a region without a replica',
    ]);
    assert.deepEqual(tableProblems(shape({ witnessRegion: "us-east-2" })), [
      'witnessRegion: "us-east-2" has no use in consistencyMode eventual; leave it out',
    ]);
  });

  it("refuses names that DynamoDB would refuse", () => {
    const index = { name: "a b", partitionKey: "owner" };
    assert.deepEqual(
      tableProblems(shape({ partitionKey: "", sortKey: "", ttlAttribute: "", indexes: [index, index] })),
      [
        'partitionKey: "" is empty; name an attribute',
        'sortKey: "" is empty or the partition key; name another attribute',
        'ttlAttribute: "" is empty; name an attribute or leave it out',
        'indexes: "a b" is named twice; give every index a name of its own',
        'indexes: "a b" is no index name; use 3 to 255 letters, digits, dots, hyphens and underscores',
        'indexes: "a b" is no index name; use 3 to 255 letters, digits, dots, hyphens and underscores',
      ],
    );
    const many = Array.from({ length: 21 }, (_, place) => ({ name: `index${place}`, partitionKey: "owner" }));
    assert.deepEqual(tableProblems(shape({ indexes: many })), [
      "indexes: 21 are more than the 20 that DynamoDB allows; leave some out",
    ]);
  });
});
