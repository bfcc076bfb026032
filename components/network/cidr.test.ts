import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addressCount,
  type Cidr,
  carve,
  cidrsOverlap,
  contains,
  formatCidr,
  overlap,
  parseCidr,
} from "./cidr.ts";

const prefix = fc.integer({ min: 0, max: 32 });
const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyCidr: fc.Arbitrary<Cidr> = fc
  .tuple(address, prefix)
  .map(([near, length]) => ({ first: near - (near % addressCount({ prefix: length })), prefix: length }));

describe("CIDR arithmetic", () => {
  it("reads what it writes", () => {
    fc.assert(fc.property(anyCidr, (cidr) => assert.deepEqual(parseCidr(formatCidr(cidr)), cidr)));
  });

  it("refuses a block that does not start on its boundary, and suggests the one that does", () => {
    assert.throws(() => parseCidr("10.0.1.7/16"), {
      message: '"10.0.1.7/16" does not start on a /16 boundary: write 10.0.0.0/16 if that block is meant',
    });
    fc.assert(
      fc.property(anyCidr, fc.nat(), (cidr, seed) => {
        fc.pre(cidr.prefix < 32);
        const inside = 1 + (seed % (addressCount(cidr) - 1));
        const [shifted] = formatCidr({ first: cidr.first + inside, prefix: 32 }).split("/");
        const aligned = formatCidr(cidr);
        assert.throws(
          () => parseCidr(`${shifted}/${cidr.prefix}`),
          (error) => String(error).includes(`write ${aligned} `),
        );
      }),
    );
  });

  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.256/32",
    "10.0.0.0/33",
    "010.0.0.0/8",
    "10.0.0.0/016",
    "10.0.0.0/16 ",
    "fd00::/8",
    "-1.0.0.0/8",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseCidr(text), {
        message: `"${text}" is not an IPv4 block: write four numbers from 0 to 255 and a prefix, for example 10.0.0.0/16`,
      });
    });
  }

  it("handles the upper half of the address space, where signed arithmetic fails", () => {
    assert.deepEqual(parseCidr("192.168.4.0/22"), { first: 3232236544, prefix: 22 });
    assert.equal(formatCidr(carve(parseCidr("192.168.0.0/16"), 24, 255)), "192.168.255.0/24");
    assert.equal(addressCount(parseCidr("0.0.0.0/0")), 2 ** 32);
  });

  it("carves blocks that lie inside the parent, side by side and in order", () => {
    fc.assert(
      fc.property(anyCidr, fc.integer({ min: 0, max: 6 }), (parent, bits) => {
        fc.pre(parent.prefix + bits <= 32);
        const blocks = Array.from({ length: 2 ** bits }, (_, index) =>
          carve(parent, parent.prefix + bits, index),
        );
        assert.ok(blocks.every((block) => contains(parent, block)));
        blocks.slice(1).forEach((block, index) => {
          const before = blocks[index];
          assert.ok(before !== undefined && before.first + addressCount(before) === block.first);
        });
      }),
    );
  });

  it("refuses a block number or size that the parent does not have", () => {
    const parent = parseCidr("10.0.0.0/16");
    for (const [size, index] of [
      [24, 256],
      [24, -1],
      [24, 0.5],
      [15, 0],
      [33, 0],
    ] as const) {
      assert.throws(() => carve(parent, size, index), {
        message: `10.0.0.0/16 has no /${size} block number ${index}`,
      });
    }
  });

  it("calls two blocks overlapping exactly when an address lies in both", () => {
    const small = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
      .map(([near, length]) => {
        const size = addressCount({ prefix: length });
        return { first: near - (near % size), prefix: length };
      });
    fc.assert(
      fc.property(small, small, (a, b) => {
        const shared = Array.from({ length: 256 }, (_, host) => host).some((host) =>
          [a, b].every(
            ({ first, prefix: length }) => host >= first && host < first + addressCount({ prefix: length }),
          ),
        );
        assert.equal(overlap(a, b), shared);
        assert.equal(cidrsOverlap(formatCidr(a), formatCidr(b)), shared);
      }),
    );
  });
});
