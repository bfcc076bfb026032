import assert from "node:assert/strict";
import fc from "fast-check";
import { lifecycleProblems, lifecycleRules } from "./bucket-lifecycle.ts";

const UPLOADS = {
  id: "abandoned-uploads",
  status: "Enabled",
  filter: {},
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

describe("lifecycleRules", () => {
  it("STOR-04: replaced versions of documents go to Glacier after 90 days", () => {
    assert.deepEqual(lifecycleRules({ noncurrentGlacierDays: 90 }), [
      UPLOADS,
      {
        id: "noncurrent-versions",
        status: "Enabled",
        filter: {},
        noncurrentVersionTransitions: [{ noncurrentDays: 90, storageClass: "GLACIER" }],
      },
    ]);
  });

  it("STOR-06: logs go to Intelligent-Tiering at once and expire", () => {
    assert.deepEqual(
      lifecycleRules({ intelligentTiering: true, expirationDays: 365, noncurrentExpirationDays: 30 }),
      [
        UPLOADS,
        {
          id: "storage-class",
          status: "Enabled",
          filter: {},
          transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }],
        },
        { id: "expiration", status: "Enabled", filter: {}, expiration: { days: 365 } },
        {
          id: "noncurrent-versions",
          status: "Enabled",
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
        {
          id: "lone-delete-markers",
          status: "Enabled",
          filter: {},
          expiration: { expiredObjectDeleteMarker: true },
        },
      ],
    );
  });

  it("STOR-12: backups go to Glacier", () => {
    assert.deepEqual(lifecycleRules({ glacierDays: 90 }), [
      UPLOADS,
      {
        id: "storage-class",
        status: "Enabled",
        filter: {},
        transitions: [{ days: 90, storageClass: "GLACIER" }],
      },
    ]);
  });

  it("always ends abandoned uploads, and gives every rule an id of its own", () => {
    const days = fc.option(fc.integer({ min: 1, max: 4000 }), { nil: undefined });
    const input = fc.record({
      noncurrentGlacierDays: days,
      noncurrentExpirationDays: days,
      glacierDays: days,
      expirationDays: days,
      intelligentTiering: fc.boolean(),
    });
    fc.assert(
      fc.property(input, (given) => {
        const rules = lifecycleRules(given);
        assert.deepEqual(rules[0], UPLOADS);
        assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
      }),
    );
  });
});

describe("lifecycleProblems", () => {
  it("accepts what production uses", () => {
    for (const input of [{}, { noncurrentGlacierDays: 90 }, { glacierDays: 90, expirationDays: 180 }]) {
      assert.deepEqual(lifecycleProblems(input), []);
    }
  });

  it("refuses zero, parts of days and a stay in Glacier that costs more than it saves", () => {
    assert.deepEqual(
      lifecycleProblems({
        noncurrentGlacierDays: 0,
        glacierDays: 1.5,
        noncurrentExpirationDays: 10,
        expirationDays: 91,
      }),
      [
        "noncurrentGlacierDays: 0 is no number of days; give a whole number from 1, or leave it out",
        "glacierDays: 1.5 is no number of days; give a whole number from 1, or leave it out",
        "noncurrentExpirationDays: 10 is less than 90 days after noncurrentGlacierDays 0, and Glacier bills 90; raise it to 90 or leave noncurrentGlacierDays out",
        "expirationDays: 91 is less than 90 days after glacierDays 1.5, and Glacier bills 90; raise it to 91.5 or leave glacierDays out",
      ],
    );
  });
});
