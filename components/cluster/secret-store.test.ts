import assert from "node:assert/strict";
import { MODES, named, outlives } from "../../tools/plan/testing.ts";
import { externalSecrets, readSecretsPolicy } from "./add-ons/external-secrets.ts";
import { AddOns } from "./add-ons.ts";
import { CLUSTER, planCluster, refusal } from "./planned-cluster.ts";
import { SecretStore } from "./secret-store.ts";

const OPTIONS = {
  partition: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  secretPrefix: "platform/",
};

describe("SecretStore", () => {
  for (const mode of MODES) {
    it(`SEC-12: named namespaces read Secrets Manager of the region, with no credential in the object (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        const { installed } = new AddOns(
          "add-ons",
          { addOns: [externalSecrets(OPTIONS)], cluster: CLUSTER },
          opts,
        );
        new SecretStore(
          "secrets",
          { region: "us-east-1", namespaces: ["apps", "workers"] },
          { ...opts, dependsOn: Object.values(installed) },
        );
      });
      assert.deepEqual(named(plan, "secrets-store").inputs["spec"], {
        conditions: [{ namespaces: ["apps", "workers"] }],
        provider: { aws: { region: "us-east-1", service: "SecretsManager" } },
      });
      assert(outlives(plan, "add-ons-external-secrets-release", "secrets-store"));
      assert(!outlives(plan, "secrets-store", "add-ons-external-secrets-release"));
    });

    it(`EKS-28: External Secrets runs in platform, twice each, and keeps what it made (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new AddOns("add-ons", { addOns: [externalSecrets(OPTIONS)], cluster: CLUSTER }, opts);
      });
      const { inputs } = named(plan, "add-ons-external-secrets-release");
      const values = JSON.parse(JSON.stringify(inputs["values"]));
      assert.equal(inputs["namespace"], "platform");
      for (const part of [values, values.webhook, values.certController]) assert.equal(part.replicaCount, 2);
      assert.deepEqual(values.crds.annotations, { "helm.sh/resource-policy": "keep" });
    });
  }

  it("SEC-12: the operator reads the platform's secrets of its region, and decrypts nothing else", () => {
    const policy = JSON.parse(JSON.stringify(readSecretsPolicy(OPTIONS)));
    assert.equal(
      policy.Statement[0].Resource,
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:platform/*",
    );
    assert.deepEqual(policy.Statement[1].Condition, {
      StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
    });
    const actions: string[] = policy.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action);
    assert.deepEqual(
      actions.filter((action) => !/:(Get|List|Describe)|^kms:Decrypt$/.test(action)),
      [],
    );
  });

  it("refuses a store for nobody", async () => {
    const lines = await refusal((opts) => {
      new SecretStore("secrets", { region: "us-east-1", namespaces: [] }, opts);
    });
    assert.deepEqual(lines.slice(0, 2), [
      'SecretStore "secrets":',
      "  namespaces is empty: name those that may read secrets",
    ]);
  });
});
