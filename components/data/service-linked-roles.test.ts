import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, ofType, pick } from "../edge/planned-edge.ts";
import { ACCOUNT, EAST, planAcross, refusalOf } from "./planned-data.ts";
import { type LinkedService, ServiceLinkedRoles } from "./service-linked-roles.ts";

const ROLE = "iam/serviceLinkedRole:ServiceLinkedRole";
const ALL: readonly LinkedService[] = ["autoscaling", "opensearch", "spot"];
const planRoles = (mode: PlanMode, adopt: readonly LinkedService[]) =>
  planAcross([EAST], mode, ({ opts }) => {
    const roles = new ServiceLinkedRoles("linked", { accountId: ACCOUNT, services: ALL, adopt }, opts);
    return { arns: roles.roleArns };
  });

for (const mode of MODES) {
  describe(`ServiceLinkedRoles, ${mode}`, () => {
    it("DATA-26: makes the roles that an account must have before the first domain and node", async () => {
      assert.deepEqual(
        ofType(await planRoles(mode, []), ROLE).map((role) => [
          role.name,
          pick(role, "awsServiceName", "description"),
        ]),
        [
          ["autoscaling", "autoscaling.amazonaws.com"],
          ["opensearch", "opensearchservice.amazonaws.com"],
          ["spot", "spot.amazonaws.com"],
        ].map(([key, awsServiceName]) => [
          `linked-${key}`,
          { awsServiceName, description: `Lets ${key} act in this account` },
        ]),
      );
    });

    it("looks up the roles that the account has already, and makes none of them", async () => {
      const plan = await planRoles(mode, ["opensearch"]);
      assert.deepEqual(
        ofType(plan, ROLE)
          .filter(({ inputs }) => "awsServiceName" in inputs && "description" in inputs)
          .map(({ name }) => name),
        ["linked-autoscaling", "linked-spot"],
      );
      const adopted = plan.resources.find(({ name }) => name === "linked-opensearch");
      assert.equal(
        adopted?.id,
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/opensearchservice.amazonaws.com/AWSServiceRoleForAmazonOpenSearchService`,
      );
    });
  });
}

describe("ServiceLinkedRoles", () => {
  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new ServiceLinkedRoles(
            "l",
            { accountId: "1", services: ["spot", "spot"], adopt: ["opensearch"] },
            opts,
          ),
      ),
      [
        "ServiceLinkedRoles l:",
        'accountId: "1" is no account; write its 12 digits',
        'services: "spot" is named twice; name every service once',
        'adopt: "opensearch" is not one of services; add it there, or leave it out here',
      ],
    );
  });
});
