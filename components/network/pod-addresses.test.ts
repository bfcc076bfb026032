import assert from "node:assert/strict";
import fc from "fast-check";
import {
  instanceInterfaces,
  type NodePoolDemand,
  nodeAddressDemand,
  podAddressDemand,
  type WarmPool,
} from "./pod-addresses.ts";

/** The node limits of the seeds (EKS-14, EKS-15) at twenty pods a node, in three /24 subnets. */
const POOLS: readonly NodePoolDemand[] = [
  { nodes: 10, podsPerNode: 20, ...instanceInterfaces("m5.xlarge") },
  { nodes: 8, podsPerNode: 20, ...instanceInterfaces("c5.4xlarge") },
];
const SUBNETS = { usablePerZone: [251, 251, 251], otherPerZone: 25 };

describe("Pod address demand", () => {
  it("EKS-25: with the CNI's default pool the node limits do not fit into three /24 subnets (C-56)", () => {
    // 10 x 3 interfaces x 15 addresses, 8 x 2 interfaces x 30; a zone holds 4 + 3 nodes, 5 + 4 after the loss of one.
    assert.deepEqual(podAddressDemand({ pools: POOLS, ...SUBNETS }), {
      total: 930,
      perZone: 25 + 4 * 45 + 3 * 60,
      perZoneAfterLoss: 25 + 5 * 45 + 4 * 60,
      fits: false,
    });
  });

  it("EKS-25: with single spare addresses they fit, a lost zone included (C-56)", () => {
    const warm: WarmPool = { kind: "address", spare: 2, minimum: 10 };
    // m5.xlarge: 22 addresses on 2 interfaces; c5.4xlarge: 22 on 1.
    assert.deepEqual(podAddressDemand({ pools: POOLS, ...SUBNETS, warm }), {
      total: 10 * 24 + 8 * 23,
      perZone: 25 + 4 * 24 + 3 * 23,
      perZoneAfterLoss: 25 + 5 * 24 + 4 * 23,
      fits: true,
    });
  });

  it("EKS-25: prefixes cost more addresses and fit a pod block of its own (C-56)", () => {
    const warm: WarmPool = { kind: "prefix", spare: 1 };
    const pods = podAddressDemand({
      pools: POOLS,
      usablePerZone: [16379, 16379, 16379],
      otherPerZone: 0,
      warm,
    });
    assert.deepEqual([pods.total, pods.fits], [18 * 49, true]);
    assert.equal(podAddressDemand({ pools: POOLS, ...SUBNETS, warm }).fits, false);
  });

  it("judges by the smallest subnet", () => {
    const pools = [{ nodes: 2, podsPerNode: 10, interfaces: 3, addressesEach: 10 }];
    const fits = (smallest: number) =>
      podAddressDemand({ pools, usablePerZone: [1000, smallest], otherPerZone: 0 }).fits;
    assert.deepEqual([fits(60), fits(59)], [true, false]);
  });

  it("never asks a node for more than its interfaces hold, nor for less than its pods need", () => {
    const warmPool: fc.Arbitrary<WarmPool> = fc.oneof(
      fc.record({ kind: fc.constant("interface" as const), spare: fc.nat(4) }),
      fc.record({ kind: fc.constant("address" as const), spare: fc.nat(20), minimum: fc.nat(40) }),
      fc.record({ kind: fc.constant("prefix" as const), spare: fc.nat(4) }),
    );
    const node = fc.record({
      interfaces: fc.integer({ min: 1, max: 15 }),
      addressesEach: fc.integer({ min: 2, max: 50 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(node, warmPool, ({ interfaces, addressesEach, share }, warm) => {
        const perSlot = warm.kind === "prefix" ? 16 : 1;
        const most = interfaces * (addressesEach - 1) * perSlot;
        const podsPerNode = Math.floor(share * most);
        const demand = nodeAddressDemand({ interfaces, addressesEach, podsPerNode }, warm);
        assert.ok(demand > podsPerNode, `${demand} addresses for ${podsPerNode} pods`);
        assert.ok(
          demand <= most + interfaces,
          `${demand} addresses where ${most + interfaces} is all there is`,
        );
      }),
    );
  });

  it("knows the instance types of the seeds and says what to do about others", () => {
    assert.deepEqual(
      ["m5.large", "m5.xlarge", "c5.2xlarge", "c5.4xlarge"].map(instanceInterfaces),
      [
        [3, 10],
        [4, 15],
        [4, 15],
        [8, 30],
      ].map(([interfaces, addressesEach]) => ({ interfaces, addressesEach })),
    );
    assert.throws(() => instanceInterfaces("x1.metal"), {
      message:
        'instanceType "x1.metal" is not in the interface table (families t3, t3a, t4g, m5, c5, r5, m6i, c6i, r6i, m6g, c6g, r6g, m7i, c7i, r7i, m7g, c7g, r7g): give interfaces and addressesEach yourself',
    });
  });

  it("refuses fewer than two zones", () => {
    assert.throws(() => podAddressDemand({ pools: [], usablePerZone: [251], otherPerZone: 0 }), {
      message: "usablePerZone has 1 zones: give at least 2, one may be lost",
    });
  });
});
