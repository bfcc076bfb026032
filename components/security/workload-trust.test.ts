import assert from "node:assert/strict";
import fc from "fast-check";
import { podIdentityTrust, serviceAccountProblems, webIdentityTrust } from "./workload-trust.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

describe("trust of workload identities", () => {
  it("SEC-07: a Pod Identity role trusts one service account of one cluster of one account", () => {
    const trust = podIdentityTrust({
      namespace: "apps",
      serviceAccount: "document-service",
      accountId: "111122223333",
      clusterArn: "arn:aws:eks:us-east-1:111122223333:cluster/platform-use1",
    });
    assert.deepEqual(JSON.parse(trust), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "OneServiceAccountOfOneCluster",
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            ArnEquals: { "aws:SourceArn": "arn:aws:eks:us-east-1:111122223333:cluster/platform-use1" },
            StringEquals: {
              "aws:RequestTag/kubernetes-namespace": "apps",
              "aws:RequestTag/kubernetes-service-account": "document-service",
              "aws:SourceAccount": "111122223333",
            },
          },
        },
      ],
    });
  });

  it("SEC-07: an IRSA role trusts the issuer's tokens for STS and one subject, with or without https://", () => {
    const of = (issuerUrl: string) =>
      webIdentityTrust({
        namespace: "platform",
        serviceAccount: "external-secrets",
        oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AB",
        issuerUrl,
      });
    const trust = of("https://oidc.eks.us-east-1.amazonaws.com/id/AB");
    assert.equal(trust, of("oidc.eks.us-east-1.amazonaws.com/id/AB"));
    assert.deepEqual(JSON.parse(trust).Statement[0].Condition, {
      StringEquals: {
        "oidc.eks.us-east-1.amazonaws.com/id/AB:aud": "sts.amazonaws.com",
        "oidc.eks.us-east-1.amazonaws.com/id/AB:sub": "system:serviceaccount:platform:external-secrets",
      },
    });
  });

  it("two service accounts never share a trust", () => {
    fc.assert(
      fc.property(label, label, label, label, (namespace, serviceAccount, otherNamespace, otherAccount) => {
        const of = (one: string, two: string) =>
          podIdentityTrust({ namespace: one, serviceAccount: two, accountId: "1", clusterArn: "arn" });
        const same = namespace === otherNamespace && serviceAccount === otherAccount;
        assert.equal(of(namespace, serviceAccount) === of(otherNamespace, otherAccount), same);
      }),
    );
  });

  it("refuses names that would widen a role", () => {
    assert.deepEqual(serviceAccountProblems({ namespace: "apps", serviceAccount: "a.b-c" }), []);
    assert.deepEqual(serviceAccountProblems({ namespace: "*", serviceAccount: "?" }), [
      'namespace "*" is no Kubernetes namespace: use lower-case letters, digits and dashes',
      'serviceAccount "?" is no service account: use lower-case letters, digits, dots and dashes',
    ]);
  });
});
