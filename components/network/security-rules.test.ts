import assert from "node:assert/strict";
import {
  clusterRules,
  ruleKey,
  type SecurityRule,
  STORE_PORTS,
  type Store,
  storeRules,
} from "./security-rules.ts";

const STORES = Object.keys(STORE_PORTS) as Store[];
const WORKERS = [{ kind: "group", key: "workers" }] as const;
const production = clusterRules({ gatewayPorts: [8000, 8443], nodePorts: false });
const development = clusterRules({ gatewayPorts: [8000, 8443], nodePorts: true });
const stores = storeRules(STORES, WORKERS);

/** `who ports peer row`, one line a rule. */
function lines(rules: readonly SecurityRule[], row: string): string[] {
  return rules.filter(({ description }) => description.startsWith(`${row}: `)).map(ruleKey);
}

describe("Security rule catalogue", () => {
  it("NET-26: the load balancer reaches the workers on the gateway's ports, on node ports only where they are used", () => {
    assert.deepEqual(lines(production, "NET-26"), ["alb-8000-to-workers", "alb-8443-to-workers"]);
    assert.deepEqual(lines(development, "NET-26"), [
      "alb-8000-to-workers",
      "alb-8443-to-workers",
      "alb-30000-32767-to-workers",
    ]);
  });

  it("NET-27: the control plane takes 443 from the workers", () => {
    assert.deepEqual(lines(production, "NET-27"), ["control-plane-443-from-workers"]);
  });

  it("NET-28: the workers take everything from the control plane and each other, the gateway's ports from the load balancer", () => {
    assert.deepEqual(lines(production, "NET-28"), [
      "workers-8000-from-alb",
      "workers-8443-from-alb",
      "control-plane-all-to-workers",
      "workers-all-from-control-plane",
      "workers-all-from-workers",
    ]);
  });

  it("NET-29: the workers reach everything", () => {
    assert.deepEqual(lines(production, "NET-29"), ["workers-all-to-internet"]);
  });

  it("NET-30: Aurora takes 5432 from the workers and calls nothing", () => {
    assert.deepEqual(lines(stores, "NET-30"), ["aurora-5432-from-workers"]);
  });

  it("NET-31: Redis takes 6379 from the workers", () => {
    assert.deepEqual(lines(stores, "NET-31"), ["redis-6379-from-workers"]);
  });

  it("GAP-06: MSK 9098, OpenSearch 443, Amazon MQ 5671 and EFS 2049 from the workers", () => {
    assert.deepEqual(lines(stores, "GAP-06"), [
      "msk-9098-from-workers",
      "opensearch-443-from-workers",
      "mq-5671-from-workers",
      "efs-2049-from-workers",
    ]);
  });

  it("NET-21: every rule names a row, the internet appears only where NET-29 says so, no store has egress", () => {
    const all = [...production, ...development, ...stores];
    // The characters that EC2 accepts in a rule's description.
    assert.ok(
      all.every(({ description }) =>
        /^(NET|GAP)-\d\d: [a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,240}$/.test(description),
      ),
    );
    const open = all.filter(({ peer }) => peer.kind === "cidr");
    assert.deepEqual([...new Set(open.map(ruleKey))], ["workers-all-to-internet"]);
    assert.deepEqual(
      stores.filter(({ direction }) => direction === "egress"),
      [],
    );
    assert.deepEqual(
      stores.filter(({ peer }) => peer.key !== "workers"),
      [],
    );
  });

  it("gives every rule of a network a name of its own", () => {
    for (const rules of [production, development, stores]) {
      assert.equal(new Set(rules.map(ruleKey)).size, rules.length);
    }
  });
});
