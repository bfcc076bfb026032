import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { DnsZone, type DnsZoneArgs } from "./dns-zone.ts";
import { MODES, named, ofType, planIn, refusal, sources } from "./planned-edge.ts";

const ZONE = "route53/zone:Zone";
const planZone = (mode: PlanMode, change: Partial<DnsZoneArgs> = {}): Promise<Plan> =>
  planIn("us-east-1", mode, (opts) => {
    const zone = new DnsZone("dns", { partition: "aws", domain: "example.com", ...change }, opts);
    return { zoneId: zone.zoneId, nameServers: zone.nameServers };
  });

for (const mode of MODES) {
  describe(`DnsZone, ${mode}`, () => {
    it("EDGE-01: a public zone that outlives mistakes, and whose edits outlive us-east-1", async () => {
      const plan = await planZone(mode);
      const zone = named(plan, ZONE, "dns-zone");
      assert.deepEqual(zone.inputs, {
        name: "example.com",
        comment: "Public zone of example.com",
        enableAcceleratedRecovery: true,
        forceDestroy: false,
      });
      assert.equal(zone.options.protect, true);
      assert.equal(zone.options.retainOnDelete, true);
      assert.deepEqual(ofType(plan, "route53/queryLog:QueryLog"), []);
    });

    it("a zone that is released can be destroyed with its records", async () => {
      const zone = named(await planZone(mode, { dataProtection: "release" }), ZONE, "dns-zone");
      assert.equal(zone.inputs["forceDestroy"], true);
      assert.equal(zone.options.protect, undefined);
      assert.equal(zone.options.retainOnDelete, undefined);
    });

    it("a zone that exists is used, not made", async () => {
      const plan = await planZone(mode, { hostedZoneId: "Z1D633PJN98FT9" });
      assert.deepEqual(ofType(plan, ZONE), []);
      assert.equal(plan.outputs["zoneId"], "Z1D633PJN98FT9");
      assert.equal(plan.outputs["nameServers"], undefined);
    });

    it("queries are logged on request, from this zone alone", async () => {
      const plan = await planZone(mode, { hostedZoneId: "Z1D633PJN98FT9", queryLogRetentionDays: 30 });
      const group = named(plan, "cloudwatch/logGroup:LogGroup", "dns-queries");
      assert.equal(group.inputs["name"], "/aws/route53/example.com");
      assert.equal(group.inputs["retentionInDays"], 30);
      const log = named(plan, "route53/queryLog:QueryLog", "dns-queries");
      assert.equal(log.inputs["zoneId"], "Z1D633PJN98FT9");
      assert.deepEqual(sources(log, "cloudwatchLogGroupArn"), ["dns-queries"]);
      const admission = named(plan, "cloudwatch/logResourcePolicy:LogResourcePolicy", "dns-queries");
      assert(log.dependencies.includes(admission.urn), "AWS tries to write as soon as logging is on");
      if (mode === "update") {
        assert.deepEqual(JSON.parse(String(admission.inputs["policyDocument"])), {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "route53.amazonaws.com" },
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: `${group.outputs["arn"]}:*`,
              Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:route53:::hostedzone/Z1D633PJN98FT9" } },
            },
          ],
        });
      }
    });
  });
}

describe("DnsZone, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new DnsZone(
          "dns",
          { partition: "aws", domain: "Example", hostedZoneId: "/hostedzone/Z1", queryLogRetentionDays: 31 },
          opts,
        ),
    );
    assert.equal(lines.length, 4);
    assert.deepEqual(lines.slice(0, 3), [
      'DnsZone "dns":',
      '  domain: "Example" is not a DNS name; write it like example.com',
      '  hostedZoneId: "/hostedzone/Z1" is not a hosted zone id; it looks like Z1D633PJN98FT9',
    ]);
    assert.match(
      String(lines[3]),
      /^ {2}queryLogRetentionDays: CloudWatch Logs does not offer 31; use one of 1, 3, 5, /,
    );
  });
});
