import assert from "node:assert/strict";
import fc from "fast-check";
import { addressCount, type Cidr, contains, overlap, parseCidr } from "../components/network/cidr.ts";
import { planSubnets } from "../components/network/subnet-plan.ts";
import { parseConfig } from "../infra/config/parse.ts";
import type { ConfigValues } from "../infra/config/schema.ts";
import { ofType, planOf } from "./plans.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];

/** A block in one of the private ranges, aligned to its size; sometimes one that no VPC may have. */
const privateBlock = fc
  .tuple(fc.constantFrom("10", "172", "192"), fc.integer({ min: 14, max: 25 }), fc.nat(0xffff))
  .map(([range, prefix, seed]) => {
    const address = {
      "10": [10, seed >> 8, seed & 255],
      "172": [172, 16 + (seed >> 12), seed & 255],
      "192": [192, 168, seed & 255],
    }[range];
    return aligned([...(address ?? []), 0], prefix);
  });
const podBlock = fc
  .tuple(fc.nat(63), fc.integer({ min: 15, max: 25 }))
  .map(([octet, prefix]) => aligned([100, 64 + octet, 0, 0], prefix));

function aligned(octets: readonly number[], prefix: number): string {
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

/** Sets of one to four regions; most blocks are fit, so that enough of them are accepted. */
const regionSets = fc
  .uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.array(
        fc.record({
          cidr: fc.oneof(
            privateBlock,
            fc.nat(255).map((octet) => `10.${octet}.0.0/16`),
          ),
          sharedCidr: fc.option(
            fc.nat(255).map((octet) => `10.${octet}.0.0/18`),
            { nil: undefined },
          ),
          podCidr: fc.option(podBlock, { nil: undefined }),
          zones: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 5 }),
        }),
        { minLength: names.length, maxLength: names.length },
      ),
      fc.array(fc.nat(100), { minLength: names.length, maxLength: names.length }),
      fc.boolean(),
    ),
  )
  .map(([names, blocks, seeds, whole]) => ({ names, blocks, weights: whole ? toHundred(seeds) : seeds }));

/** Weights in the proportion of the seeds; the last one takes what rounding leaves. */
function toHundred(seeds: readonly number[]): number[] {
  const total = seeds.reduce((sum, seed) => sum + seed, 0) || 1;
  const first = seeds.slice(0, -1).map((seed) => Math.floor((seed * 100) / total));
  return [...first, 100 - first.reduce((sum, weight) => sum + weight, 0)];
}

const configs = regionSets.map(({ names, blocks, weights }) => ({
  environment: "production",
  accountId: "111122223333",
  domain: "docs.example.com",
  scopes: ["global"],
  primaryRegion: names[0],
  regions: Object.fromEntries(
    names.map((name, index) => {
      const { sharedCidr, podCidr, ...block } = blocks[index] ?? { cidr: "" };
      return [
        name,
        {
          ...block,
          ...(sharedCidr === undefined ? {} : { sharedCidr, transitAsn: 64512 + index }),
          ...(podCidr === undefined ? {} : { podCidr }),
          weight: weights[index] ?? 0,
        },
      ];
    }),
  ),
}));

interface Block {
  readonly what: string;
  readonly range: Cidr;
}

/** Every range of every region: the VPCs' and pods' blocks, and all their subnets. */
function ranges({ regions }: ConfigValues): { blocks: Block[]; subnets: (Block & { within: Block })[] } {
  const blocks: Block[] = [];
  const subnets: (Block & { within: Block })[] = [];
  const take = (what: string, cidr: string): Block => {
    const block = { what, range: parseCidr(cidr) };
    blocks.push(block);
    return block;
  };
  for (const [region, { cidr, sharedCidr, podCidr, zones }] of Object.entries(regions)) {
    const inRegion = zones.map((zone) => `${region}${zone}`);
    const pods = podCidr === undefined ? undefined : take(`${region} pods`, podCidr);
    const vpcs = [
      { block: take(`${region} production`, cidr), plan: planSubnets({ cidr, zones: inRegion, podCidr }) },
      ...(sharedCidr === undefined
        ? []
        : [
            {
              block: take(`${region} shared`, sharedCidr),
              plan: planSubnets({ cidr: sharedCidr, zones: inRegion }),
            },
          ]),
    ];
    for (const { block, plan } of vpcs) {
      for (const { zone, pod, ...tiers } of plan.zones) {
        for (const [tier, subnet] of Object.entries(tiers)) {
          subnets.push({ what: `${block.what} ${tier} ${zone}`, range: parseCidr(subnet), within: block });
        }
        if (pod !== undefined && pods !== undefined) {
          subnets.push({ what: `${pods.what} ${zone}`, range: parseCidr(pod), within: pods });
        }
      }
    }
  }
  return { blocks, subnets };
}

function disjoint(all: readonly Block[]): void {
  all.forEach((one, index) => {
    for (const other of all.slice(index + 1)) {
      assert.ok(!overlap(one.range, other.range), `${one.what} and ${other.what} overlap`);
    }
  });
}

describe("every configuration that is accepted", () => {
  it("NET-34, C-55: has VPCs and subnets that never overlap, in any number of regions, zones and sizes", () => {
    let accepted = 0;
    fc.assert(
      fc.property(configs, (config) => {
        const { values } = parseConfig(config);
        if (values === undefined) {
          return;
        }
        accepted += Object.keys(values.regions).length > 2 ? 1 : 0;
        const { blocks, subnets } = ranges(values);
        disjoint(blocks);
        disjoint(subnets);
        for (const { what, range, within } of subnets) {
          assert.ok(contains(within.range, range), `${what} lies outside ${within.what}`);
          // AWS keeps five addresses of a subnet; a load balancer needs eight more.
          assert.ok(addressCount(range) >= 16, `${what} is too small`);
        }
      }),
      { numRuns: 1500, seed: 55 },
    );
    assert.ok(accepted > 20, `only ${accepted} configurations of three or four regions were accepted`);
  });

  it("EDGE-05, EDGE-06: sends each request to a region: weights of 100 in all, none of them negative", () => {
    let accepted = 0;
    fc.assert(
      fc.property(configs, (config) => {
        const { values } = parseConfig(config);
        if (values === undefined) {
          return;
        }
        accepted += 1;
        const weights = Object.values(values.regions).map(({ weight }) => weight);
        assert.equal(
          weights.reduce((sum, weight) => sum + weight, 0),
          100,
        );
        assert.ok(weights.every((weight) => weight >= 0));
      }),
      { numRuns: 500, seed: 56 },
    );
    assert.ok(accepted > 30, `only ${accepted} configurations were accepted`);
  });

  it("NET-34, C-55: is refused, and says where, when two regions share addresses", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.integer({ min: 16, max: 23 }), (octet, prefix) => {
        const { values, problems } = parseConfig({
          environment: "production",
          accountId: "111122223333",
          domain: "docs.example.com",
          scopes: ["global"],
          primaryRegion: "us-east-1",
          regions: {
            "us-east-1": { cidr: `10.${octet}.0.0/16`, weight: 70 },
            "us-west-2": { cidr: `10.${octet}.0.0/${prefix}`, weight: 30 },
          },
        });
        assert.equal(values, undefined);
        assert.deepEqual(
          problems.map(({ key }) => key),
          ["platform:regions.us-west-2.cidr"],
        );
      }),
    );
  });

  it("NET-02, NET-03, NET-34: plans the subnets that the address plan says, in the real program", async () => {
    const shapes = fc.sample(
      configs.filter(
        (config) =>
          parseConfig({ ...config, scopes: ["region"], region: config.primaryRegion, role: "primary" })
            .values !== undefined,
      ),
      { numRuns: 2, seed: 7 },
    );
    for (const config of shapes) {
      const [region = ""] = Object.keys(config.regions);
      const { regions, primaryRegion } = config;
      const plan = await planOf("prod", {
        regions,
        primaryRegion,
        homeRegion: primaryRegion,
        region: primaryRegion,
      });
      const { values } = parseConfig({ ...config });
      assert.ok(values);
      const own = ranges(values).subnets.filter(({ what }) => what.startsWith(`${region} `));
      const planned = ofType(plan, "Subnet").map(({ inputs }) => String(inputs["cidrBlock"]));
      assert.equal(planned.length, own.length);
      const known = new Set(planned.map((cidr) => parseCidr(cidr).first));
      for (const { what, range } of own) {
        assert.ok(known.has(range.first), what);
      }
      disjoint(planned.map((cidr) => ({ what: cidr, range: parseCidr(cidr) })));
    }
  });
});
