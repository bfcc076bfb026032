import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeAddressesCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeAddonVersionsCommand } from "@aws-sdk/client-eks";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import picocolors from "picocolors";
import type { Plan } from "../plan/plan.ts";
import { planStack } from "../plan/stack.ts";
import { Mistake } from "../terminal/exit.ts";
import { regionClients } from "./clients.ts";
import { NetworkFacts } from "./facts/network.ts";
import type { Finding } from "./finding.ts";
import { preflight } from "./preflight.ts";
import { renderReport } from "./render.ts";
import {
  ACCOUNT,
  type Account,
  configOf,
  failure,
  mockAccount,
  planOf,
  REGION,
  resource,
  SERVERS,
  samplePlan,
} from "./sample.ts";

describe("platform preflight", () => {
  let account: Account;

  beforeEach(() => {
    account = mockAccount();
  });

  afterEach(() => {
    account.restore();
  });

  function run(plans: readonly Plan[] = [samplePlan], config = configOf()) {
    return preflight({
      stacks: plans.map(({ stack }) => ({ stack, values: config })),
      plansOf: async (stacks) =>
        new Map(plans.filter(({ stack }) => stacks.includes(stack)).map((plan) => [plan.stack, plan])),
      clients: regionClients(),
      resolveNs: async () => SERVERS,
      backendUrl: "https://api.pulumi.com",
    });
  }

  const only = (findings: readonly Finding[], level: Finding["level"]) =>
    findings.filter((finding) => finding.level === level);

  it("finds nothing against an account that has room", async () => {
    const { ok, shared, stacks } = await run();
    assert.equal(ok, true);
    assert.deepEqual(shared, [
      {
        level: "ok",
        check: "state",
        about: "state backend",
        is: "https://api.pulumi.com is not in a region of AWS",
      },
    ]);
    const [{ findings, regions } = { findings: [], regions: [] }] = stacks;
    assert.deepEqual(regions, [REGION]);
    assert.deepEqual(only(findings, "stop"), []);
    assert.deepEqual(only(findings, "unknown"), []);
    assert.deepEqual(only(findings, "note"), [
      {
        level: "note",
        check: "name",
        about: "names of other services",
        is: "1 more names have to be free and are not looked up here",
        needs: "nothing on a first up in a new account; after a destroy, each of these finds nothing",
        fix: ["aws sqs get-queue-url --queue-name platform-interruptions --region us-east-1"],
      },
    ]);
    const told = only(findings, "ok").map(({ about, is }) => `${about}: ${is}`);
    for (const line of [
      "account: credentials are of 111122223333",
      "Elastic IP addresses, us-east-1: 2 of 1000, 0 used",
      "NAT gateways, us-east-1a, us-east-1: 1 of 1000, 0 used",
      "Rules per security group, us-east-1: 55 of 1000 in the fullest, entry inbound",
      "Subnets per VPC, network-vpc, us-east-1: 2 of 1000, 0 used",
      "IAM roles, account: 2 of 1000, 10 used",
      "Spot vCPUs, standard types, us-east-1: 40 of 1000 at the limits, 0 used",
      "On-demand vCPUs, standard types, us-east-1: 52 of 1000 at the limits, 0 used",
      "bucket platform-switch, us-east-1: free",
      "IAM role platform-auditor: free",
      "delegation of docs.example.com: the world asks zone Z111111",
    ]) {
      assert.ok(told.includes(line), `${line}\nis not among\n${told.join("\n")}`);
    }
  });

  it("tells what is true, what is needed and the command for each thing that stops an up", async () => {
    account.ec2.on(DescribeAddressesCommand).resolves({ Addresses: [{}, {}, {}, {}] });
    account.quotas
      .on(GetServiceQuotaCommand, { ServiceCode: "ec2", QuotaCode: "L-0263D0A3" })
      .resolves({ Quota: { Value: 5 } });
    account.eks.on(DescribeAddonVersionsCommand).resolves({
      addons: [
        { addonVersions: [{ addonVersion: "v1.13.2-eksbuild.4" }, { addonVersion: "v1.12.0-eksbuild.3" }] },
      ],
    });
    account.secrets
      .on(DescribeSecretCommand)
      .resolves({ Name: "platform/header", DeletedDate: new Date("2026-11-20T10:00:00Z") });
    const { ok, stacks } = await run();
    assert.equal(ok, false);
    assert.deepEqual(only(stacks[0]?.findings ?? [], "stop"), [
      {
        level: "stop",
        check: "add-on",
        about: "add-on coredns v1.13.2-eksbuild.3, us-east-1",
        is: "EKS has no such build for Kubernetes 1.35; the nearest is v1.13.2-eksbuild.4",
        needs: "a build that exists",
        fix: [
          `pulumi config set --path 'platform:cluster.addOnVersions["coredns"]' v1.13.2-eksbuild.4 --stack prod`,
        ],
      },
      {
        level: "stop",
        check: "name",
        about: "secret platform/header, us-east-1",
        is: "it is being deleted (2026-11-20) and holds its name until the recovery window ends",
        needs: "the name free; ending the window loses the value for good",
        fix: [
          "aws secretsmanager delete-secret --region us-east-1 --secret-id platform/header --force-delete-without-recovery",
        ],
      },
      {
        level: "stop",
        check: "quota",
        about: "Elastic IP addresses, us-east-1",
        is: "the quota is 5, 4 used",
        needs: "2 more, so a quota of 6",
        fix: [
          "aws service-quotas request-service-quota-increase --region us-east-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 6",
        ],
      },
    ]);
  });

  it("adds what earlier stacks of the run ask for", async () => {
    account.quotas
      .on(GetServiceQuotaCommand, { ServiceCode: "vpc", QuotaCode: "L-F678F1CE" })
      .resolves({ Quota: { Value: 1 } });
    const vpc = (stack: string) =>
      planOf([resource("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" })], stack);
    const { stacks } = await run([vpc("prod"), vpc("staging")]);
    const stops = stacks.map(({ findings }) => only(findings, "stop"));
    assert.deepEqual(stops[0], []);
    assert.deepEqual(
      stops[1]?.map(({ is, needs }) => [is, needs]),
      [["the quota is 1, 0 used, 1 for the stacks before", "1 more, so a quota of 2"]],
    );
  });

  it("does not pass what it may not read, and goes on with the rest", async () => {
    account.ec2.on(DescribeAddressesCommand).rejects(failure("UnauthorizedOperation", 403));
    account.quotas
      .on(GetServiceQuotaCommand, { QuotaCode: "L-F678F1CE" })
      .rejects(failure("ThrottlingException"));
    account.s3.on(HeadBucketCommand).rejects(failure("TimeoutError", 0));
    const { ok, stacks } = await run();
    assert.equal(ok, true);
    const unknown = only(stacks[0]?.findings ?? [], "unknown").map(({ about, is }) => `${about}: ${is}`);
    assert.deepEqual(unknown.sort(), [
      "Elastic IP addresses, us-east-1: not known: needs ec2:DescribeAddresses",
      "VPCs, us-east-1: not known: servicequotas:GetServiceQuota did not answer (ThrottlingException); run it again",
      "bucket platform-switch, us-east-1: not known: s3:ListBucket did not answer (TimeoutError); run it again",
    ]);
  });

  it("stops at credentials of another account before it plans anything", async () => {
    account.sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: "999988887777", Arn: "arn:aws:iam::999988887777:user/me" });
    const report = await preflight({
      stacks: [{ stack: "prod", values: configOf() }],
      plansOf: () => assert.fail("planned"),
      clients: regionClients(),
      resolveNs: async () => SERVERS,
      backendUrl: undefined,
    });
    assert.equal(report.ok, false);
    assert.deepEqual(report.stacks[0]?.findings, [
      {
        level: "stop",
        check: "account",
        about: "account",
        is: "the credentials are of account 999988887777 (arn:aws:iam::999988887777:user/me)",
        needs: `account ${ACCOUNT} (platform:accountId)`,
        fix: [
          `export AWS_PROFILE=<a profile of ${ACCOUNT}>`,
          "pulumi config set platform:accountId 999988887777 --stack prod   # if the configuration is wrong",
        ],
      },
    ]);
    assert.deepEqual(account.ec2.calls(), []);
  });

  it("judges no quota of a stack that is up", async () => {
    account.ec2.on(DescribeVpcsCommand).resolves({
      Vpcs: [
        {
          VpcId: "vpc-1",
          CidrBlock: "10.0.0.0/16",
          Tags: [
            { Key: "managedBy", Value: "pulumi" },
            { Key: "stack", Value: "prod" },
          ],
        },
      ],
    });
    account.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 0 } });
    const { ok, stacks } = await run();
    assert.equal(ok, true);
    assert.ok(stacks[0]?.findings.some(({ level, about }) => level === "note" && about === "quotas"));
  });

  it("ends with a mistake when credentials are missing or have expired", async () => {
    for (const [name, said] of [
      ["CredentialsProviderError", /^there are no AWS credentials here\n\nGive credentials/],
      ["ExpiredTokenException", /^the AWS credentials have expired\n/],
      ["InvalidClientTokenId", /^AWS does not say whose the credentials are; not known: the region refuses/],
    ] as const) {
      account.sts.on(GetCallerIdentityCommand).rejects(failure(name));
      await assert.rejects(run(), (error) => error instanceof Mistake && said.test(error.message), name);
    }
  });

  it("shows each stack in groups, and passed checks in one line", async () => {
    account.ec2.on(DescribeAddressesCommand).rejects(failure("UnauthorizedOperation", 403));
    account.quotas.on(GetServiceQuotaCommand, { QuotaCode: "L-F678F1CE" }).resolves({ Quota: { Value: 0 } });
    const report = await run();
    const lines = renderReport(report, { colours: picocolors.createColors(false), all: false });
    const text = lines.join("\n");
    assert.match(text, /^preflight {3}account 111122223333 {3}arn:aws:sts::111122223333:assumed-role/);
    assert.ok(
      text.includes(`prod   us-east-1
  will stop the up
    quota: VPCs, us-east-1
      the quota is 0, 0 used
      needs  1 more, so a quota of 1
      aws service-quotas request-service-quota-increase --region us-east-1 --service-code vpc --quota-code L-F678F1CE --desired-value 1
  not known
    quota: Elastic IP addresses, us-east-1  not known: needs ec2:DescribeAddresses
  worth knowing
    name: names of other services`),
      text,
    );
    assert.match(text, /\n {2}ok {2}account, deployer, zone, instance type \(2\), /);
    assert.equal(lines.at(-1), "prod  1 problem would stop a first up; 1 fact not known");
    const whole = renderReport(report, { colours: picocolors.createColors(false), all: true });
    assert.ok(whole.length > lines.length + 20);
  });

  it("counts the needs of the real stacks from their plans", async () => {
    const plan = await planStack("prod");
    const { stacks } = await run([plan]);
    const told = new Map((stacks[0]?.findings ?? []).map(({ about, is }) => [about, is]));
    const count = (type: string) => plan.resources.filter((each) => each.type === `aws:${type}`).length;
    assert.ok(count("ec2/vpc:Vpc") > 0 && count("ec2/eip:Eip") > 0);
    assert.equal(told.get("VPCs, us-east-1"), `${count("ec2/vpc:Vpc")} of 1000, 0 used`);
    assert.equal(told.get("Elastic IP addresses, us-east-1"), `${count("ec2/eip:Eip")} of 1000, 0 used`);
    assert.equal(told.get("Managed node groups per cluster, platform, us-east-1"), "1 of 1000, 0 used");
    assert.match(
      told.get("Rules per security group, us-east-1") ?? "",
      /^\d+ of 1000 in the fullest, [\w-]+ (in|out)bound$/,
    );
    assert.equal(told.get("EKS cluster platform, us-east-1"), "free");
    assert.equal(told.get("Kubernetes 1.35, us-east-1"), "in standard support");
  }).timeout(120_000);

  it("asks regional endpoints, and gives up on a service that never answers", async () => {
    account.restore();
    let requests = 0;
    const silent = createServer(() => {
      requests += 1;
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as AddressInfo;
    const { ec2 } = regionClients({ tries: 2, milliseconds: 50 })("us-west-2");
    assert.equal(await ec2.config.region(), "us-west-2");
    process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${port}`;
    ec2.config.credentials = async () => ({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" });
    try {
      const fact = await new NetworkFacts(() => ({ ...regionClients()("us-west-2"), ec2 })).networks(
        "us-west-2",
      );
      assert.deepEqual(fact, {
        known: false,
        why: "not known: ec2:DescribeVpcs did not answer (ETIMEDOUT); run it again",
      });
      assert.equal(requests, 2);
    } finally {
      delete process.env["AWS_ENDPOINT_URL"];
      silent.closeAllConnections();
      silent.close();
    }
  });
});
