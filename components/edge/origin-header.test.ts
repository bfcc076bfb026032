import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import {
  EAST,
  keyArn,
  keyArns,
  planAcross,
  protectionOf,
  refusalOf,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { OriginHeader, type OriginHeaderArgs } from "./origin-header.ts";
import {
  acceptedOriginHeaderValues,
  originHeaderProblems,
  originHeaderSecretName,
} from "./origin-header-values.ts";
import { MODES, named, ofType } from "./planned-edge.ts";

const SECRET_TYPE = "secretsmanager/secret:Secret";
const VERSION_TYPE = "secretsmanager/secretVersion:SecretVersion";
const NAME = "platform/origin-header";
const args = (change: Partial<OriginHeaderArgs> = {}): OriginHeaderArgs => ({
  secretName: NAME,
  regions: TWO,
  kmsKeyArns: keyArns(TWO),
  values: ["v1"],
  sends: "v1",
  dataProtection: "retain",
  ...change,
});
const planHeader = (mode: PlanMode, change: Partial<OriginHeaderArgs> = {}) =>
  planAcross(TWO, mode, ({ opts }) => {
    const header = new OriginHeader("header", args(change), opts);
    return { sent: header.sentValue, arns: header.secretArns };
  });

for (const mode of MODES) {
  describe(`OriginHeader, ${mode}`, () => {
    it("EDGE-18: a value is made by Secrets Manager, copied to every region, and secret", async () => {
      const plan = await planHeader(mode);
      const secret = named(plan, SECRET_TYPE, "header-v1");
      assert.equal(secret.inputs["name"], "platform/origin-header/v1");
      assert.deepEqual(secret.inputs["replicas"], [{ kmsKeyId: keyArn(WEST), region: WEST }]);
      assert.equal(named(plan, VERSION_TYPE, "header-v1-initial").inputs["secretStringWo"], SECRET);
      assert.equal(plan.outputs["sent"], SECRET);
    });

    it("EDGE-18: a new value stands beside the old one, which stays as it is", async () => {
      const before = await planHeader(mode);
      const pending = await planHeader(mode, { values: ["v1", "v2"] });
      assert.deepEqual(
        ofType(pending, SECRET_TYPE).map(({ name }) => name),
        ["header-v1", "header-v2"],
      );
      for (const [type, name] of [
        [SECRET_TYPE, "header-v1"],
        [VERSION_TYPE, "header-v1-initial"],
      ] as const) {
        assert.deepEqual(named(pending, type, name).inputs, named(before, type, name).inputs);
      }
    });

    it("EDGE-18: what is sent changes without a change of any secret, and the old value goes last", async () => {
      const names = async (change: Partial<OriginHeaderArgs>) => {
        const plan = await planHeader(mode, change);
        return ofType(plan, SECRET_TYPE).map(({ inputs }) => inputs["name"]);
      };
      assert.deepEqual(
        await names({ values: ["v1", "v2"], sends: "v1" }),
        await names({ values: ["v1", "v2"], sends: "v2" }),
      );
      assert.deepEqual(await names({ values: ["v2"], sends: "v2" }), ["platform/origin-header/v2"]);
    });

    it("a value in use is protected, and can be deleted at once when released", async () => {
      const kept = named(await planHeader(mode), SECRET_TYPE, "header-v1");
      assert.deepEqual(protectionOf(kept), { protect: true, retainOnDelete: true });
      const released = named(await planHeader(mode, { dataProtection: "release" }), SECRET_TYPE, "header-v1");
      assert.deepEqual(protectionOf(released), {});
      assert.equal(released.inputs["recoveryWindowInDays"], 0);
    });
  });
}

describe("origin header", () => {
  it("hands every region its own copies, in the order of the values", async () => {
    const { outputs } = await planHeader("update", { values: ["v1", "v2"] });
    const arns = outputs["arns"] as Record<string, string[]>;
    for (const region of [EAST, WEST]) {
      assert.equal(arns[region]?.length, 2);
      assert.match(
        arns[region]?.join(" ") ?? "",
        new RegExp(
          `^arn:aws:secretsmanager:${region}:\\d+:secret:platform/origin-header/v1\\S* arn:aws:secretsmanager:${region}:\\d+:secret:platform/origin-header/v2`,
        ),
      );
    }
  });

  it("a region accepts every value it is given, and all are secret", async () => {
    const plan = await planAcross([WEST], "update", ({ opts }) => ({
      accepted: acceptedOriginHeaderValues(["platform/origin-header/v1", "platform/origin-header/v2"], opts),
    }));
    assert.deepEqual(plan.outputs["accepted"], [SECRET, SECRET]);
    assert.equal(originHeaderSecretName(NAME, "v2"), "platform/origin-header/v2");
  });

  it("EDGE-18: refuses to send what nobody accepts", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new OriginHeader("header", args({ values: ["v1", "V-2", "v1", "v3"], sends: "v2" }), opts),
      ),
      [
        'OriginHeader "header":',
        "values: has 4 names; give the value in use, and the next one while it is changed",
        'values: "V-2" is no name; use up to 5 lower-case letters and digits, such as v2',
        'values: "v1" is named twice; name every value once',
        'sends: "v2" is none of values (v1, V-2, v1, v3); load balancers would refuse every request',
      ],
    );
    assert.deepEqual(originHeaderProblems(["v1", "v2"], "v2"), []);
  });
});
