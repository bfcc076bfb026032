import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { WorkloadIdentity, type WorkloadIdentityArgs } from "./workload-identity.ts";

const ARGS: WorkloadIdentityArgs = {
  clusterName: "platform-use1",
  clusterArn: "arn:aws:eks:us-east-1:111122223333:cluster/platform-use1",
  accountId: "111122223333",
  namespace: "apps",
  serviceAccount: "document-service",
};
const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" }],
};

function planned(mode: PlanMode, change: Partial<WorkloadIdentityArgs> = {}) {
  return planProgram(
    () => {
      const identity = new WorkloadIdentity(
        "documents",
        { ...ARGS, ...change },
        { provider: new aws.Provider("use1", { region: "us-east-1" }) },
      );
      return { annotations: identity.serviceAccountAnnotations };
    },
    { mode },
  );
}

describe("WorkloadIdentity", () => {
  for (const mode of ["preview", "update"] as const) {
    it(`SEC-07: one role, its rights and one association for a service account (${mode})`, async () => {
      const plan = await planned(mode, {
        policies: { documents: POLICY, index: pulumi.output("{}") },
        managedPolicyArns: { read: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary",
      });
      const custom = plan.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
      assert.deepEqual(custom.map(({ type, name }) => `${type} ${name}`).sort(), [
        "aws:eks/podIdentityAssociation:PodIdentityAssociation documents-association",
        "aws:iam/role:Role documents-role",
        "aws:iam/rolePolicy:RolePolicy documents-documents",
        "aws:iam/rolePolicy:RolePolicy documents-index",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment documents-read",
      ]);
      const of = (name: string) => custom.find((resource) => resource.name === name);
      const association = of("documents-association");
      assert.equal(association?.inputs["clusterName"], "platform-use1");
      assert.equal(association?.inputs["namespace"], "apps");
      assert.equal(association?.inputs["serviceAccount"], "document-service");
      assert.deepEqual(association?.propertyDependencies["roleArn"], [of("documents-role")?.urn]);
      assert.deepEqual(
        association?.dependencies.map((urn) => urn.slice(urn.lastIndexOf("::") + 2)).sort(),
        ["documents-documents", "documents-index", "documents-read", "documents-role"],
        "no pod gets credentials before the role has its rights",
      );
      assert.equal(
        of("documents-role")?.inputs["permissionsBoundary"],
        "arn:aws:iam::111122223333:policy/boundary",
      );
      const policy = String(of("documents-documents")?.inputs["policy"]);
      assert.deepEqual(JSON.parse(policy), POLICY);
      assert(policy.indexOf('"Statement"') < policy.indexOf('"Version"'), "keys are sorted");
      assert.deepEqual(plan.outputs["annotations"], {});
    });
  }

  it("SEC-07: by IRSA the service account carries the role, and nothing is associated", async () => {
    const plan = await planned("update", {
      irsa: {
        oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.example/id/1",
        issuerUrl: "https://oidc.example/id/1",
      },
    });
    assert(!plan.resources.some(({ type }) => type.includes("podIdentityAssociation")));
    const role = plan.resources.find(({ name }) => name === "documents-role");
    assert.deepEqual(plan.outputs["annotations"], { "eks.amazonaws.com/role-arn": role?.outputs["arn"] });
    assert.match(String(role?.inputs["assumeRolePolicy"]), /system:serviceaccount:apps:document-service/);
  });

  it("refuses a service account that is none", async () => {
    await assert.rejects(planned("preview", { serviceAccount: "*" }), {
      message: /WorkloadIdentity "documents":\n\s+serviceAccount "\*" is no service account: use lower-case/,
    });
  });
});
