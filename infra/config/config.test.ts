import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "yaml";
import { type ConfigEntries, parseConfig } from "./parse.ts";
import { ConfigError } from "./problems.ts";

const valid: ConfigEntries = {
  environment: "production",
  accountId: "111122223333",
  domain: "docs.example.com",
  scopes: ["region"],
  region: "us-west-2",
  role: "secondary",
  primaryRegion: "us-east-1",
  regions: {
    "us-east-1": { cidr: "10.0.0.0/16", weight: 70 },
    "us-west-2": { cidr: "10.10.0.0/16", weight: 30 },
  },
};

function problems(change: Record<string, unknown>) {
  return parseConfig({ ...valid, ...change }).problems;
}

describe("stack configuration", () => {
  it("fills in production defaults", () => {
    const { values } = parseConfig(valid);
    assert.equal(values?.cluster.version, "1.35");
    assert.equal(values?.network.natGateways, "perZone");
    assert.deepEqual(values?.traffic, {
      routingPolicy: "weighted",
      ttlSeconds: 5,
      healthCheck: { path: "/health", intervalSeconds: 10, failureThreshold: 2 },
    });
    assert.deepEqual(values?.regions["us-west-2"]?.zones, ["a", "b", "c"]);
  });

  it("reads objects as the JSON text that Pulumi hands over", () => {
    const asText = Object.fromEntries(
      Object.entries(valid).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    assert.deepEqual(parseConfig(asText), parseConfig(valid));
  });

  it("keeps an account id that looks like a number as text", () => {
    assert.equal(parseConfig(valid).values?.accountId, "111122223333");
  });

  it("names an unknown key and the one that was meant", () => {
    assert.deepEqual(problems({ cluster: { versoin: "1.35" } }), [
      {
        key: "platform:cluster.versoin",
        value: '"1.35"',
        allowed:
          "one of version, publicAccessCidrs, systemNodes, slots, addOnVersions, autoscaler, nodeImage, warmPods, logRetentionDays",
        fix: "rename it to platform:cluster.version",
      },
    ]);
    assert.equal(problems({ rolle: "primary" })[0]?.fix, "rename it to platform:role");
  });

  it("refuses weights that do not sum to 100", () => {
    const regions = {
      "us-east-1": { cidr: "10.0.0.0/16", weight: 70 },
      "us-west-2": { cidr: "10.10.0.0/16", weight: 20 },
    };
    assert.deepEqual(problems({ regions }), [
      {
        key: "platform:regions",
        value: "weights sum to 90 (us-east-1 70, us-west-2 20)",
        allowed: "weights that sum to 100",
        fix: "raise a weight by 10",
      },
    ]);
  });

  it("refuses ranges that overlap and names a free one", () => {
    const regions = {
      "us-east-1": { cidr: "10.0.0.0/16", weight: 70 },
      "us-west-2": { cidr: "10.0.0.0/15", weight: 30 },
    };
    assert.deepEqual(problems({ regions }), [
      {
        key: "platform:regions.us-west-2.cidr",
        value: "10.0.0.0/15 overlaps platform:regions.us-east-1.cidr 10.0.0.0/16",
        allowed: "ranges that do not overlap, so that networks can be joined",
        fix: "choose a /16 outside it, for example 10.2.0.0/16",
      },
    ]);
  });

  it("asks for the missing keys", () => {
    const { problems: found } = parseConfig({ ...valid, role: undefined, accountId: undefined });
    assert.deepEqual(
      found.map(({ key, value }) => [key, value]),
      [
        ["platform:accountId", undefined],
        ["platform:role", undefined],
      ],
    );
  });

  it("tells about a number where quotes were forgotten", () => {
    const found = problems({ cluster: { version: 1.35 } });
    assert.equal(found[0]?.key, "platform:cluster.version");
    assert.equal(found[0]?.fix, "put the value in quotes, so that YAML reads it as text");
  });

  it("refuses a region that is not one of regions", () => {
    const found = problems({ region: "eu-west-1", relational: { initialWriterRegion: "eu-central-1" } });
    assert.deepEqual(
      found.map(({ key }) => key),
      ["platform:region", "platform:relational.initialWriterRegion"],
    );
    assert.equal(found[0]?.allowed, "one of platform:regions (us-east-1, us-west-2)");
  });

  it("refuses a switch against the own region, and bounds the wrong way round", () => {
    const found = problems({ evacuate: ["us-west-2"], cluster: { systemNodes: { minimum: 9 } } });
    assert.deepEqual(
      found.map(({ key }) => key),
      ["platform:evacuate.0", "platform:cluster.systemNodes.minimum"],
    );
  });

  it("refuses slots that do not share the whole traffic, an option without its facts and a repeated ASN", () => {
    const regions = {
      "us-east-1": { cidr: "10.0.0.0/16", sharedCidr: "10.1.0.0/16", transitAsn: 64512, weight: 70 },
      "us-west-2": { cidr: "10.10.0.0/16", sharedCidr: "10.11.0.0/16", transitAsn: 64512, weight: 30 },
    };
    const found = problems({
      regions,
      cluster: { slots: { even: 50, odd: 40 } },
      network: { hybrid: { onPremisesCidrs: ["172.16.0.0/12"] } },
      relational: { instanceClass: "db.serverless" },
    });
    assert.deepEqual(
      found.map(({ key, fix }) => [key, fix]),
      [
        ["platform:relational.serverless", "add { minimumAcu: 0.5, maximumAcu: 8 }"],
        ["platform:cluster.slots", "raise a weight by 10"],
        ["platform:regions.us-west-2.transitAsn", "choose a free one of 64512 to 65534"],
        ["platform:network.hybrid", "add the facts of at least one way"],
      ],
    );
  });

  it("refuses the facts of a Direct Connect that are not all there", () => {
    const found = problems({
      network: {
        hybrid: { onPremisesCidrs: ["172.16.0.0/12"], directConnect: { connectionId: "dxcon-ab12cd34" } },
      },
    });
    assert.deepEqual(
      found.map(({ key, value }) => [key, value]),
      [
        ["platform:network.hybrid.directConnect.vlan", undefined],
        ["platform:network.hybrid.directConnect.customerAsn", undefined],
        ["platform:network.hybrid.directConnect.gatewayAsn", undefined],
      ],
    );
  });

  it("tells all mistakes at once, aligned for a person", () => {
    const found = problems({
      domain: "no domain",
      traffic: { healthCheck: { intervalSeconds: 15 } },
      regions: {
        "us-east-1": { cidr: "10.0.0.1/16", weight: 70 },
        "us-west-2": { cidr: "10.10.0.0/16", weight: 30 },
      },
    });
    const message = new ConfigError("prod", found).message;
    assert.match(message, /^Pulumi\.prod\.yaml has 3 errors\n\n {2}platform:domain/);
    assert.match(message, /platform:traffic\.healthCheck\.intervalSeconds {2}15; allowed: 10 or 30/);
    assert.match(message, /platform:regions\.us-east-1\.cidr/);
  });

  it("never throws, whatever is written", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(valid), "cluster", "x"), fc.jsonValue()),
        (entries) => {
          const { values, problems: found } = parseConfig({ ...valid, ...entries });
          assert.equal(values === undefined, found.length > 0);
        },
      ),
    );
  });

  for (const stack of ["global", "prod", "dr", "staging", "dev"]) {
    it(`CICD-19: Pulumi.${stack}.yaml is valid`, () => {
      const read = (file: string) =>
        parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).config;
      const project = Object.fromEntries(
        Object.entries<{ value: unknown }>(read("Pulumi.yaml")).map(([key, { value }]) => [key, value]),
      );
      const entries = Object.entries({ ...project, ...read(`Pulumi.${stack}.yaml`) })
        .filter(([key]) => key.startsWith("platform:"))
        .map(([key, value]) => [key.slice("platform:".length), value]);
      assert.deepEqual(parseConfig(Object.fromEntries(entries)).problems, []);
    });
  }
});
