import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CARRIER_RANGE,
  type Cidr,
  carve,
  cidrsOverlap,
  contains,
  formatCidr,
  overlap,
  PRIVATE_RANGES,
  parseCidr,
} from "./cidr.ts";
import { planSubnets, type SubnetPlan, subnetPlanProblems, usableAddresses } from "./subnet-plan.ts";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

function within(ranges: readonly Cidr[], smallest: number): fc.Arbitrary<Cidr> {
  return fc
    .tuple(fc.constantFrom(...ranges), fc.integer({ min: 16, max: smallest }), fc.nat())
    .map(([range, prefix, seed]) => carve(range, prefix, seed % 2 ** (prefix - range.prefix)));
}
const vpcBlock = within(PRIVATE_RANGES, 23);
const podBlock = within([CARRIER_RANGE], 24);
const zoneCount = fc.integer({ min: 2, max: 4 });

function subnetsOf(plan: SubnetPlan): string[] {
  return plan.zones.flatMap(({ zone: _, ...tiers }) => Object.values(tiers));
}

describe("Subnet plan", () => {
  const drawn = planSubnets({ cidr: "10.0.0.0/16", zones: ZONES.slice(0, 3) });

  it("NET-03: the public subnets of 10.0.0.0/16 are 10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24 in zones A, B, C", () => {
    assert.deepEqual(
      drawn.zones.map((zone) => [zone.zone, zone.public]),
      [
        ["us-east-1a", "10.0.1.0/24"],
        ["us-east-1b", "10.0.2.0/24"],
        ["us-east-1c", "10.0.3.0/24"],
      ],
    );
  });

  it("NET-04: the private subnets are 10.0.10.0/24, 10.0.20.0/24, 10.0.30.0/24", () => {
    assert.deepEqual(
      drawn.zones.map((zone) => zone.private),
      ["10.0.10.0/24", "10.0.20.0/24", "10.0.30.0/24"],
    );
  });

  it("NET-05: the database subnets are 10.0.11.0/24, 10.0.21.0/24, 10.0.31.0/24", () => {
    assert.deepEqual(
      drawn.zones.map((zone) => zone.database),
      ["10.0.11.0/24", "10.0.21.0/24", "10.0.31.0/24"],
    );
  });

  it("NET-34: the second region has the same layout at its own block", () => {
    const second = planSubnets({ cidr: "10.10.0.0/16", zones: ["us-west-2a", "us-west-2b", "us-west-2c"] });
    assert.equal(second.region, "us-west-2");
    assert.deepEqual(
      subnetsOf(second),
      subnetsOf(drawn).map((cidr) => cidr.replace("10.0.", "10.10.")),
    );
  });

  it("GAP-05: no two subnets of the proposed production and shared VPCs of both regions overlap", () => {
    const plans = ["10.0.0.0/16", "10.1.0.0/16", "10.10.0.0/16", "10.11.0.0/16"].map((cidr) =>
      planSubnets({ cidr, zones: ZONES }),
    );
    assertDisjoint(plans.flatMap(subnetsOf));
  });

  it("cuts a smaller block into the same tiers, the private one the largest", () => {
    assert.deepEqual(
      planSubnets({ cidr: "10.20.0.0/20", zones: ["eu-west-1a", "eu-west-1b"], podCidr: "100.66.0.0/16" }),
      {
        region: "eu-west-1",
        zones: [
          {
            zone: "eu-west-1a",
            public: "10.20.8.0/24",
            private: "10.20.0.0/23",
            database: "10.20.12.0/24",
            pod: "100.66.0.0/18",
          },
          {
            zone: "eu-west-1b",
            public: "10.20.9.0/24",
            private: "10.20.2.0/23",
            database: "10.20.13.0/24",
            pod: "100.66.64.0/18",
          },
        ],
      },
    );
  });

  it("keeps every subnet inside its block and apart from the others", () => {
    fc.assert(
      fc.property(vpcBlock, podBlock, zoneCount, (vpc, pods, zones) => {
        const plan = planSubnets({
          cidr: formatCidr(vpc),
          podCidr: formatCidr(pods),
          zones: ZONES.slice(0, zones),
        });
        for (const { zone: _, pod, ...tiers } of plan.zones) {
          assert.ok(Object.values(tiers).every((cidr) => contains(vpc, parseCidr(cidr))));
          assert.ok(pod !== undefined && contains(pods, parseCidr(pod)));
        }
        assertDisjoint(subnetsOf(plan));
      }),
    );
  });

  it("keeps the subnets of any set of regions apart when the regions' blocks are", () => {
    fc.assert(
      fc.property(fc.array(vpcBlock, { minLength: 2, maxLength: 5 }), zoneCount, (blocks, zones) => {
        const valid = blocks.filter(
          (block, index) => !blocks.slice(0, index).some((earlier) => overlap(earlier, block)),
        );
        assertDisjoint(
          valid.flatMap((block) =>
            subnetsOf(planSubnets({ cidr: formatCidr(block), zones: ZONES.slice(0, zones) })),
          ),
        );
      }),
    );
  });

  it("moves no subnet when a zone is appended", () => {
    fc.assert(
      fc.property(vpcBlock, podBlock, fc.integer({ min: 2, max: 3 }), (vpc, pods, zones) => {
        const request = { cidr: formatCidr(vpc), podCidr: formatCidr(pods) };
        const before = planSubnets({ ...request, zones: ZONES.slice(0, zones) });
        const after = planSubnets({ ...request, zones: ZONES.slice(0, zones + 1) });
        assert.deepEqual(after.zones.slice(0, zones), before.zones);
      }),
    );
  });

  it("leaves every subnet room for a load balancer, a /27 at the least", () => {
    fc.assert(
      fc.property(vpcBlock, (vpc) => {
        const plan = planSubnets({ cidr: formatCidr(vpc), zones: ZONES });
        assert.ok(subnetsOf(plan).every((cidr) => usableAddresses(cidr) >= 27));
      }),
    );
  });

  it("NET-04: a /24 has 251 usable addresses, the three private subnets 753", () => {
    assert.equal(
      drawn.zones.reduce((sum, zone) => sum + usableAddresses(zone.private), 0),
      753,
    );
  });
});

describe("Subnet plan, refusals", () => {
  const good = { cidr: "10.0.0.0/16", zones: ZONES.slice(0, 3) };
  const cases: readonly [
    what: string,
    change: Partial<Parameters<typeof planSubnets>[0]>,
    problems: string[],
  ][] = [
    [
      "host bits",
      { cidr: "10.0.0.1/16" },
      ['cidr "10.0.0.1/16" does not start on a /16 boundary: write 10.0.0.0/16 if that block is meant'],
    ],
    [
      "too large",
      { cidr: "10.0.0.0/15" },
      ['cidr "10.0.0.0/15" is larger than a VPC block may be: use /16 to /23'],
    ],
    [
      "too small",
      { cidr: "10.0.0.0/24" },
      ['cidr "10.0.0.0/24" is too small for its subnets: the smallest usable block is /23'],
    ],
    [
      "public addresses",
      { cidr: "8.8.0.0/16" },
      ['cidr "8.8.0.0/16" lies outside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16: choose a block inside'],
    ],
    [
      "pods in a routed range",
      { podCidr: "10.2.0.0/16" },
      ['podCidr "10.2.0.0/16" lies outside 100.64.0.0/10: choose a block inside'],
    ],
    [
      "pods too small",
      { podCidr: "100.64.0.0/25" },
      ['podCidr "100.64.0.0/25" is too small for its subnets: the smallest usable block is /24'],
    ],
    ["one zone", { zones: ["us-east-1a"] }, ['zones ["us-east-1a"] has 1 zones: name 2 to 4']],
    [
      "five zones",
      { zones: [...ZONES, "us-east-1e"] },
      ['zones ["us-east-1a","us-east-1b","us-east-1c","us-east-1d","us-east-1e"] has 5 zones: name 2 to 4'],
    ],
    [
      "a zone twice",
      { zones: ["us-east-1a", "us-east-1a"] },
      ['zones ["us-east-1a","us-east-1a"] names a zone twice: name each once'],
    ],
    [
      "two regions",
      { zones: ["us-east-1a", "us-west-2b"] },
      ['zones ["us-east-1a","us-west-2b"] span regions: a network lies in one region'],
    ],
    [
      "not a zone",
      { zones: ["us-east-1", "use1-az1"] },
      [
        'zones "us-east-1" is not an Availability Zone: write the region and a letter, for example us-east-1a',
        'zones "use1-az1" is not an Availability Zone: write the region and a letter, for example us-east-1a',
      ],
    ],
    [
      "everything at once",
      { cidr: "nowhere", podCidr: "100.64.0.1/16", zones: [] },
      [
        'cidr "nowhere" is not an IPv4 block: write four numbers from 0 to 255 and a prefix, for example 10.0.0.0/16',
        'podCidr "100.64.0.1/16" does not start on a /16 boundary: write 100.64.0.0/16 if that block is meant',
        "zones [] has 0 zones: name 2 to 4",
      ],
    ],
  ];
  for (const [what, change, problems] of cases) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(subnetPlanProblems({ ...good, ...change }), problems);
      assert.throws(() => planSubnets({ ...good, ...change }), { message: problems.join("\n") });
    });
  }
});

function assertDisjoint(cidrs: readonly string[]): void {
  const clashes = cidrs.flatMap((right, index) =>
    cidrs
      .slice(0, index)
      .filter((left) => cidrsOverlap(left, right))
      .map((left) => `${left} ${right}`),
  );
  assert.deepEqual(clashes, []);
}
