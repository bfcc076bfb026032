import assert from "node:assert/strict";
import fc from "fast-check";
import { type AclRequest, type AclRule, aclRules } from "./acl-rules.ts";
import { addressCount, contains, parseCidr } from "./cidr.ts";
import { planSubnets } from "./subnet-plan.ts";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];
const PORTS = [443, 2049, 5432, 5671, 6379, 9098];
const CIDR = "10.0.0.0/16";
const POD_CIDR = "100.64.0.0/16";
const { zones } = planSubnets({ cidr: CIDR, podCidr: POD_CIDR, zones: ZONES.slice(0, 3) });
const request: AclRequest = {
  cidr: CIDR,
  podCidr: POD_CIDR,
  zones,
  peerCidrs: ["10.1.0.0/16"],
  databasePorts: PORTS,
  databaseClientCidrs: [],
};
const rules = aclRules(request);

interface Packet {
  /** Address of the other end. */
  readonly address: number;
  readonly protocol: AclRule["protocol"];
  readonly port: number;
}

/** What AWS does: the first matching rule decides, and none denies. */
function admits(list: readonly AclRule[], { address, protocol, port }: Packet): boolean {
  const match = list
    .toSorted((a, b) => a.ruleNo - b.ruleNo)
    .find(
      (rule) =>
        contains(parseCidr(rule.cidrBlock), { first: address, prefix: 32 }) &&
        (rule.protocol === "-1" ||
          (rule.protocol === protocol && rule.fromPort <= port && port <= rule.toPort)),
    );
  return match?.action === "allow";
}

const port = fc.integer({ min: 0, max: 65535 });
const protocol = fc.constantFrom("6" as const, "17" as const);
function inside(...cidrs: string[]): fc.Arbitrary<number> {
  return fc.constantFrom(...cidrs).chain((cidr) => {
    const block = parseCidr(cidr);
    return fc.integer({ min: 0, max: addressCount(block) - 1 }).map((host) => block.first + host);
  });
}
const publicAddress = inside(...zones.map((zone) => zone.public));
const privateAddress = inside(...zones.map((zone) => zone.private), POD_CIDR);
const databaseAddress = inside(...zones.map((zone) => zone.database));
const internetAddress = inside("8.0.0.0/8", "203.0.113.0/24");

describe("Network ACL rules", () => {
  it("NET-22: nothing passes between the public and the database tier, in either direction", () => {
    fc.assert(
      fc.property(publicAddress, databaseAddress, protocol, port, (outer, inner, kind, any) => {
        assert.equal(admits(rules.database.ingress, { address: outer, protocol: kind, port: any }), false);
        assert.equal(admits(rules.database.egress, { address: outer, protocol: kind, port: any }), false);
        assert.equal(admits(rules.public.ingress, { address: inner, protocol: kind, port: any }), false);
        assert.equal(admits(rules.public.egress, { address: inner, protocol: kind, port: any }), false);
      }),
    );
  });

  it("GAP-07: the database tier takes exactly the data stores' ports from nodes and pods, and may answer them", () => {
    fc.assert(
      fc.property(privateAddress, fc.oneof(port, fc.constantFrom(...PORTS)), (address, any) => {
        assert.equal(
          admits(rules.database.ingress, { address, protocol: "6", port: any }),
          PORTS.includes(any),
        );
        assert.equal(admits(rules.database.ingress, { address, protocol: "17", port: any }), false);
        assert.equal(admits(rules.database.egress, { address, protocol: "6", port: any }), any >= 1024);
        assert.equal(admits(rules.private.egress, { address, protocol: "6", port: any }), true);
      }),
    );
  });

  it("NET-22: the database tier neither reaches the internet nor is reached from it or from a peer", () => {
    fc.assert(
      fc.property(fc.oneof(internetAddress, inside("10.1.0.0/16")), protocol, port, (address, kind, any) => {
        assert.equal(admits(rules.database.ingress, { address, protocol: kind, port: any }), false);
        assert.equal(admits(rules.database.egress, { address, protocol: kind, port: any }), false);
      }),
    );
  });

  it("NET-22: from the internet come web requests to the public tier and answers to ports above 1023, remote desktop never", () => {
    fc.assert(
      fc.property(
        internetAddress,
        fc.oneof(port, fc.constantFrom(22, 80, 443, 1023, 1024, 3389)),
        (address, any) => {
          const answer = any >= 1024 && any !== 3389;
          assert.equal(
            admits(rules.public.ingress, { address, protocol: "6", port: any }),
            answer || any === 80 || any === 443,
          );
          assert.equal(admits(rules.private.ingress, { address, protocol: "6", port: any }), answer);
          assert.equal(admits(rules.private.ingress, { address, protocol: "17", port: any }), any >= 1024);
        },
      ),
    );
  });

  it("NET-22: nodes and pods reach each other, a peer reaches them, and the load balancer reaches Kong's ports", () => {
    fc.assert(
      fc.property(fc.oneof(privateAddress, inside("10.1.0.0/16")), protocol, port, (address, kind, any) => {
        assert.equal(admits(rules.private.ingress, { address, protocol: kind, port: any }), true);
      }),
    );
    fc.assert(
      fc.property(publicAddress, fc.constantFrom(8000, 8443, 30000, 32767), (address, any) => {
        assert.equal(admits(rules.private.ingress, { address, protocol: "6", port: any }), true);
      }),
    );
    fc.assert(
      fc.property(privateAddress, protocol, port, (address, kind, any) => {
        assert.equal(
          admits(rules.public.ingress, { address, protocol: kind, port: any }),
          true,
          "towards NAT",
        );
      }),
    );
  });

  it("lets in the message that a packet was too big", () => {
    for (const tier of [rules.public, rules.private]) {
      const icmp = tier.ingress.filter((rule) => rule.protocol === "1");
      assert.deepEqual(
        icmp.map(({ icmpType, icmpCode, cidrBlock }) => [icmpType, icmpCode, cidrBlock]),
        [[3, 4, "0.0.0.0/0"]],
      );
    }
  });

  it("writes rules as AWS stores them, in the default quota of twenty even at four zones", () => {
    const wide = planSubnets({ cidr: CIDR, podCidr: POD_CIDR, zones: ZONES });
    const { public: outer, private: middle, database: inner } = aclRules({ ...request, zones: wide.zones });
    for (const list of [outer, middle, inner].flatMap(({ ingress, egress }) => [ingress, egress])) {
      assert.ok(list.length <= 20);
      assert.equal(new Set(list.map(({ ruleNo }) => ruleNo)).size, list.length);
      assert.ok(list.every((rule) => rule.protocol !== "-1" || (rule.fromPort === 0 && rule.toPort === 0)));
    }
  });

  it("keeps the number of every rule when a zone is appended", () => {
    const wide = planSubnets({ cidr: CIDR, podCidr: POD_CIDR, zones: ZONES });
    const after = aclRules({ ...request, zones: wide.zones });
    for (const tier of ["public", "database"] as const) {
      for (const rule of [...rules[tier].ingress, ...rules[tier].egress]) {
        assert.ok(
          [...after[tier].ingress, ...after[tier].egress].some(
            (other) => JSON.stringify(other) === JSON.stringify(rule),
          ),
        );
      }
    }
  });

  it("refuses more rules than an ACL holds", () => {
    const wide = planSubnets({ cidr: CIDR, podCidr: POD_CIDR, zones: ZONES });
    assert.throws(() => aclRules({ ...request, zones: wide.zones, databaseClientCidrs: ["10.1.0.0/16"] }), {
      message:
        "the database tier needs 26 ingress rules, an ACL holds 20: name fewer databasePorts or client blocks",
    });
  });
});
