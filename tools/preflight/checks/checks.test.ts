import assert from "node:assert/strict";
import fc from "fast-check";
import type { Fact } from "../fact.ts";
import { findingsOf, isOwn, quoted } from "../finding.ts";
import { ACCOUNT, configOf, DEPLOYER, planOf, REGION, resource, samplePlan } from "../sample.ts";
import { judgeBucket as judgeStateBucket, judgeUrl } from "./backend.ts";
import { judgeDelegation, judgeDuplicate } from "./domain.ts";
import { isSession, judgeDeployer } from "./identity.ts";
import { compareBuilds, judgeAddOn, judgeVersion, nearestBuild } from "./kubernetes.ts";
import { judgeBucket, judgeSecret, judgeTaken } from "./names.ts";
import { clashesOf, judgeRange } from "./networks.ts";
import { QUOTA_RULES } from "./quota-rules.ts";
import { judgeQuota, shortfall, sufficient } from "./quotas.ts";
import { securityGroupRules } from "./security-group-rules.ts";
import { judgeServiceRole, serviceRoleNeeds } from "./service-roles.ts";
import { cpus, judgeVcpus, nodesNeeds, vcpuNeed } from "./vcpus.ts";
import { judgeTypes, judgeZones } from "./zones.ts";

const known = <T>(value: T): Fact<T> => ({ known: true, value });
const denied: Fact<never> = { known: false, why: "not known: needs x:Y" };
const OWN = { managedBy: "pulumi", stack: "prod" };

describe("quota arithmetic", () => {
  const amount = fc.nat({ max: 10_000 });
  const amounts = fc.record({ limit: amount, used: amount, earlier: amount, need: amount });

  it("stops exactly when all do not fit, and the quota it asks for is the smallest that fits", () => {
    fc.assert(
      fc.property(amounts, (each) => {
        const { limit, used, earlier, need } = each;
        const missing = shortfall(each);
        assert.ok(missing >= 0);
        assert.equal(missing > 0, need > 0 && used + earlier + need > limit);
        const enough = sufficient(each);
        assert.equal(shortfall({ ...each, limit: enough }), 0);
        if (need > 0) {
          assert.equal(shortfall({ ...each, limit: enough - 1 }), 1);
          assert.ok(missing === 0 || limit + missing === enough);
        }
      }),
    );
  });

  it("never gets better with more use or need, nor worse with a higher quota", () => {
    fc.assert(
      fc.property(amounts, fc.nat({ max: 100 }), (each, more) => {
        assert.ok(shortfall({ ...each, used: each.used + more }) >= shortfall(each));
        assert.ok(shortfall({ ...each, need: each.need + more }) >= shortfall(each));
        assert.ok(shortfall({ ...each, limit: each.limit + more }) <= shortfall(each));
      }),
    );
  });

  it("does not pass a quota whose use it cannot count", () => {
    const subject = {
      rule: { service: "kms", code: "L-C2F1777E", count: "aws kms list-keys --query 'length(Keys)'" },
      about: "KMS keys, us-east-1",
      region: REGION,
      counted: false,
    };
    assert.deepEqual(judgeQuota(subject, { limit: 100, used: 0, earlier: 0, need: 5 }), {
      level: "unknown",
      check: "quota",
      about: "KMS keys, us-east-1",
      is: "5 of 100, use not counted; aws kms list-keys --query 'length(Keys)' --region us-east-1 counts them",
    });
    const short = judgeQuota(subject, { limit: 3, used: 0, earlier: 0, need: 5 });
    assert.deepEqual([short.level, short.needs], ["stop", "5 more, so a quota of at least 5"]);
  });

  it("counts each need where the plan puts it", () => {
    const need = (what: string) => QUOTA_RULES.find((rule) => rule.what === what)?.need(samplePlan, REGION);
    assert.deepEqual(
      need("NAT gateways"),
      new Map([
        ["us-east-1a", 1],
        ["us-east-1b", 1],
      ]),
    );
    assert.deepEqual(need("Subnets per VPC"), new Map([["network-vpc", 2]]));
    assert.deepEqual(need("Managed node groups per cluster"), new Map([["platform", 1]]));
    assert.deepEqual(need("Transit gateways"), new Map());
    // One of the plan, the default group of the network, and the cluster's.
    assert.deepEqual(need("Security groups"), new Map([["", 3]]));
  });

  it("counts rules by direction, with prefix lists at their weight and inline rules by source", () => {
    const plan = planOf([
      resource("aws:ec2/securityGroup:SecurityGroup", "entry", {
        ingress: [{ cidrBlocks: ["10.0.0.0/8", "10.1.0.0/16"], prefixListIds: ["pl-big"], self: true }],
        egress: [{ securityGroups: ["sg-1"] }],
      }),
      resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "out", {
        securityGroupId: "id-entry",
      }),
    ]);
    const rules = securityGroupRules(plan, REGION, (id) => (id === "pl-big" ? 55 : 1));
    assert.deepEqual(
      rules,
      new Map([
        ["entry inbound", 58],
        ["entry outbound", 2],
      ]),
    );
  });
});

describe("vCPU needs", () => {
  it("takes the largest type of a group and the limit of a pool", () => {
    const needs = nodesNeeds(samplePlan, REGION);
    const sizes = new Map([["m6i.large", 2]]);
    assert.deepEqual(vcpuNeed(needs, /^m\d/, "onDemand", sizes), { first: 4, most: 52 });
    assert.deepEqual(vcpuNeed(needs, /^m\d/, "spot", sizes), { first: 0, most: 40 });
    assert.deepEqual(vcpuNeed(needs, /^p\d/, "onDemand", sizes), { first: 0, most: 0 });
    assert.deepEqual(["128", "1500m", ""].map(cpus), [128, 2, 0]);
  });

  it("stops where the first nodes do not fit, and warns where the limits do not", () => {
    const subject = {
      region: REGION,
      family: {
        name: "standard",
        of: /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
        onDemand: "L-1216C47A",
        spot: "L-34B43A08",
      },
      market: "onDemand",
    } as const;
    const running = known([
      { type: "m6i.large", market: "onDemand" as const, vcpus: 2 },
      { type: "m5.large", market: "spot" as const, vcpus: 64 },
    ]);
    const judge = (limit: number) =>
      judgeVcpus(
        subject,
        { first: 10, most: 180 },
        { limit: known(limit), running, earlier: { first: 0, most: 0 } },
      );
    assert.deepEqual(judge(5), {
      level: "stop",
      check: "vCPU quota",
      about: "On-demand vCPUs, standard types, us-east-1",
      is: "the quota is 5, 2 used",
      needs: "10 at once for the first nodes, 180 at their limits: a quota of 182",
      fix: [
        "aws service-quotas request-service-quota-increase --region us-east-1 --service-code ec2 --quota-code L-1216C47A --desired-value 182",
      ],
    });
    assert.equal(judge(32).level, "note");
    assert.equal(judge(182).level, "ok");
    const unread = judgeVcpus(
      subject,
      { first: 1, most: 1 },
      { limit: known(9), running: denied, earlier: { first: 0, most: 0 } },
    );
    assert.deepEqual([unread.level, unread.is], ["unknown", "not known: needs x:Y"]);
  });
});

describe("deployer role", () => {
  const caller = { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/me` };
  const place = { stack: "prod", config: configOf(), deployerRoleArn: DEPLOYER };

  it("knows its own sessions", () => {
    assert.ok(isSession(`arn:aws:sts::${ACCOUNT}:assumed-role/platform-deployer/me`, DEPLOYER));
    assert.ok(!isSession(`arn:aws:sts::999988887777:assumed-role/platform-deployer/me`, DEPLOYER));
    assert.ok(!isSession(caller.arn, DEPLOYER));
  });

  it("tells a missing role, a closed one, and one that should be taken on", () => {
    const free = judgeDeployer(place, caller, { role: known({ free: true }), assumable: known(false) });
    assert.equal(free.level, "stop");
    assert.equal(free.is, "the role platform-deployer does not exist");
    assert.match(
      free.fix?.[0] ?? "",
      /^aws iam create-role --role-name platform-deployer --assume-role-policy-document '\{"Version"/,
    );
    const there = known({ free: false as const, tags: {} });
    const closed = judgeDeployer(place, caller, { role: there, assumable: known(false) });
    assert.deepEqual([closed.level, closed.is], ["stop", `${caller.arn} may not take on platform-deployer`]);
    const open = judgeDeployer(place, caller, { role: there, assumable: known(true) });
    assert.deepEqual([open.level, open.needs], ["note", "run pulumi as platform-deployer"]);
    const unread = judgeDeployer(place, caller, { role: denied, assumable: denied });
    assert.deepEqual([unread.level, unread.is], ["unknown", "not known: needs x:Y"]);
  });

  it("does not stop a stack without a cluster", () => {
    const config = configOf({ scopes: ["global"], region: undefined, role: undefined });
    const free = judgeDeployer({ ...place, config }, caller, {
      role: known({ free: true }),
      assumable: known(false),
    });
    assert.equal(free.level, "note");
  });
});

describe("zones and instance types", () => {
  const there = [
    { name: "us-east-1a", id: "use1-az4", state: "available" },
    { name: "us-east-1b", id: "use1-az3", state: "available" },
    { name: "us-east-1c", id: "use1-az1", state: "impaired" },
  ];

  it("tells a zone that is absent, unfit for EKS or impaired", () => {
    const wanted = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1f"];
    const found = judgeZones({ region: REGION, wanted, hasCluster: true }, there);
    assert.deepEqual(
      found.map(({ level, about, is, needs }) => [level, about, is, needs]),
      [
        ["us-east-1b", "EKS places no control plane in it (use1-az3)"],
        ["us-east-1c", "its state is impaired"],
        ["us-east-1f", "this account has no such zone"],
      ].map(([zone, is]) => [
        "stop",
        `zone ${zone}`,
        is,
        "zones among a in platform:regions.us-east-1.zones of Pulumi.yaml",
      ]),
    );
    assert.equal(
      judgeZones({ region: REGION, wanted: ["us-east-1b"], hasCluster: false }, there)[0]?.level,
      "ok",
    );
  });

  it("stops where no zone offers a type, and warns where one does not", () => {
    const need = { name: "node group system", types: ["m6i.large", "m5.large"] };
    const zones = ["us-east-1a", "us-east-1b"];
    const judge = (offered: Record<string, string[]>) =>
      judgeTypes(REGION, need, zones, new Map(Object.entries(offered)));
    assert.equal(judge({ "m6i.large": ["us-east-1a"], "m5.large": ["us-east-1b"] }).level, "ok");
    assert.deepEqual(judge({}).is, "no zone offers m6i.large, m5.large");
    assert.equal(judge({}).level, "stop");
    const one = judge({ "m6i.large": ["us-east-1a"] });
    assert.deepEqual([one.level, one.is], ["note", "us-east-1b does not offer m6i.large, m5.large"]);
  });
});

describe("Kubernetes version and add-ons", () => {
  const versions = known([
    { version: "1.35", status: "STANDARD_SUPPORT" },
    { version: "1.34", status: "STANDARD_SUPPORT" },
    { version: "1.31", status: "EXTENDED_SUPPORT" },
  ]);
  const judge = (version: string) => judgeVersion({ stack: "prod", region: REGION, version }, versions);

  it("wants standard support", () => {
    assert.equal(judge("1.34").level, "ok");
    assert.deepEqual(judge("1.31"), {
      level: "stop",
      check: "Kubernetes version",
      about: "Kubernetes 1.31, us-east-1",
      is: "only extended support is left",
      needs: "one of 1.34, 1.35",
      fix: [
        "pulumi config set --path platform:cluster.version 1.35 --stack prod   # add-on builds follow the version",
      ],
    });
    assert.equal(judge("1.99").is, "EKS does not offer it");
    assert.equal(judgeVersion({ stack: "prod", region: REGION, version: "1.35" }, denied).level, "unknown");
  });

  it("names the nearest build that exists", () => {
    const offered = ["v1.12.9-eksbuild.9", "v1.13.2-eksbuild.1", "v1.13.2-eksbuild.5", "v2.0.0-eksbuild.3"];
    assert.equal(nearestBuild("v1.13.2-eksbuild.3", offered), "v1.13.2-eksbuild.5");
    assert.equal(nearestBuild("v1.13.4-eksbuild.1", offered), "v1.13.2-eksbuild.1");
    assert.equal(nearestBuild("v1.13.2-eksbuild.3", []), undefined);
    assert.ok(compareBuilds("v1.9.0-eksbuild.1", "v1.10.0-eksbuild.1") < 0);
    const need = {
      stack: "prod",
      region: REGION,
      kubernetes: "1.35",
      name: "coredns",
      build: "v1.13.2-eksbuild.3",
    };
    assert.equal(judgeAddOn(need, known([])).is, "EKS offers no build of coredns for Kubernetes 1.35");
    assert.equal(judgeAddOn(need, denied).level, "unknown");
  });

  it("a build that is offered is its own nearest", () => {
    const build = fc
      .tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(20))
      .map(([a, b, c, d]) => `v${a}.${b}.${c}-eksbuild.${d}`);
    fc.assert(
      fc.property(fc.array(build, { minLength: 1 }), fc.nat(), (offered, at) => {
        const wanted = offered[at % offered.length] ?? "";
        assert.equal(nearestBuild(wanted, offered), wanted);
      }),
    );
  });
});

describe("names", () => {
  const place = { stack: "prod", region: REGION, name: "platform-switch" };
  const bucket = (state: "absent" | "closed" | "present" | "elsewhere") =>
    known(state === "absent" || state === "closed" ? { state } : { state, region: "eu-west-1" });
  const free = known<ReadonlySet<string>>(new Set());
  const mine = known<ReadonlySet<string>>(new Set(["platform-switch"]));

  it("tells the states of a bucket apart", () => {
    const judge = (
      state: Parameters<typeof bucket>[0],
      own: Fact<ReadonlySet<string>>,
      tags: Record<string, string> = {},
    ) => {
      const { level, is, fix } = judgeBucket(place, { bucket: bucket(state), own, tags: known(tags) });
      return [level, is, ...(fix ?? [])];
    };
    const rename = "pulumi config set platform:name <name> --stack prod";
    assert.deepEqual(judge("absent", free), ["ok", "free"]);
    assert.deepEqual(judge("closed", free), ["stop", "the bucket belongs to another account", rename]);
    assert.deepEqual(judge("closed", mine), ["unknown", "not known: needs s3:ListBucket"]);
    assert.deepEqual(judge("closed", denied), ["unknown", "not known: needs s3:ListBucket"]);
    assert.deepEqual(judge("elsewhere", free), ["stop", "the bucket exists in eu-west-1", rename]);
    assert.deepEqual(judge("elsewhere", mine), [
      "stop",
      "the bucket exists in eu-west-1, in this account",
      "aws s3 rb s3://platform-switch --region eu-west-1",
    ]);
    assert.deepEqual(judge("present", mine, OWN), ["ok", "exists, made by this stack"]);
    assert.deepEqual(judge("present", mine), [
      "stop",
      "the name is taken by something that this stack did not make",
      "aws s3 rb s3://platform-switch --region us-east-1   # only if nobody needs it",
    ]);
    assert.equal(judgeBucket(place, { bucket: denied, own: free }).level, "unknown");
    assert.equal(judgeBucket(place, { bucket: bucket("present"), own: mine, tags: denied }).level, "unknown");
  });

  it("takes only the stack's own things for its own", () => {
    const subject = {
      stack: "prod",
      about: "EKS cluster platform, us-east-1",
      remove: "aws eks delete-cluster",
    };
    assert.equal(judgeTaken(subject, known({ free: false, tags: OWN })).level, "ok");
    assert.equal(judgeTaken(subject, known({ free: false, tags: { ...OWN, stack: "dr" } })).level, "stop");
    assert.equal(judgeTaken(subject, denied).level, "unknown");
    assert.ok(!isOwn("prod", { stack: "prod" }));
    assert.equal(judgeSecret(place, denied).level, "unknown");
    assert.equal(judgeSecret(place, known({ free: false, tags: OWN })).level, "ok");
  });
});

describe("address ranges", () => {
  const need = { name: "network-vpc", cidr: "10.0.0.0/16" };

  it("finds networks and routes that share addresses, and not the stack's own", () => {
    const networks = [
      { id: "vpc-1", cidrs: ["10.0.128.0/17"], tags: {} },
      { id: "vpc-2", cidrs: ["172.31.0.0/16"], tags: {} },
      { id: "vpc-3", cidrs: ["10.0.0.0/16"], tags: OWN },
    ];
    const joined = [
      { cidr: "10.0.0.0/8", by: "a route to tgw-1" },
      { cidr: "10.0.0.0/16", by: "peering pcx-1" },
    ];
    assert.deepEqual(clashesOf("prod", need, networks, joined), [
      "a route to tgw-1 leads to 10.0.0.0/8",
      "vpc-1 has 10.0.128.0/17",
    ]);
    assert.deepEqual(clashesOf("prod", need, [], [{ cidr: "no range", by: "x" }]), []);
  });

  it("stops only a plan that joins networks", () => {
    const levels = [true, false].map(
      (joins) => judgeRange({ need, region: REGION, joins }, ["vpc-1 has 10.0.0.0/8"])[0]?.level,
    );
    assert.deepEqual(levels, ["stop", "note"]);
    assert.equal(judgeRange({ need, region: REGION, joins: true }, [])[0]?.level, "ok");
  });
});

describe("domain", () => {
  const zone = { id: "Z1", name: "docs.example.com", isPublic: true };
  const found = { zone, servers: ["ns-2.example.net", "ns-1.example.net"] };

  it("compares what the world answers with the zone", () => {
    const judge = (servers: readonly string[]) => judgeDelegation(found, known(servers));
    assert.equal(judge(["ns-1.example.net", "ns-2.example.net"]).level, "ok");
    assert.deepEqual(judge(["ns.parking.example"]), {
      level: "stop",
      check: "domain",
      about: "delegation of docs.example.com",
      is: "the world asks ns.parking.example",
      needs:
        "ns-1.example.net, ns-2.example.net at the registrar or in the parent zone; certificates wait for it",
      fix: ["aws route53 get-hosted-zone --id Z1 --query DelegationSet.NameServers --output text"],
    });
    assert.equal(judge([]).is, "no name server answers for it");
    assert.equal(judgeDelegation(found, denied).level, "unknown");
  });

  it("warns of a second zone of the same name", () => {
    const place = { stack: "global", config: configOf() };
    assert.equal(judgeDuplicate(place, zone, known({ ...OWN, stack: "global" })).level, "ok");
    assert.deepEqual(judgeDuplicate(place, zone, known({})).fix, [
      "pulumi config set platform:hostedZoneId Z1 --stack global",
    ]);
  });
});

describe("state backend and service roles", () => {
  it("wants state that outlives us-east-1", () => {
    assert.equal(judgeStateBucket("state", "us-west-2", known(false)).level, "ok");
    assert.equal(judgeStateBucket("state", "us-east-1", known(true)).level, "ok");
    assert.equal(judgeStateBucket("state", "us-east-1", denied).level, "unknown");
    const alone = judgeStateBucket("state", "us-east-1", known(false));
    assert.deepEqual([alone.level, alone.is], ["note", "state is in us-east-1 only"]);
    assert.deepEqual(
      [undefined, "file:///tmp", "https://api.pulumi.com", "gs://state"].map((url) => judgeUrl(url).level),
      ["note", "note", "ok", "ok"],
    );
  });

  it("names the service-linked roles that the plan leads to, with the command that makes each", () => {
    const needs = serviceRoleNeeds(samplePlan, [REGION]);
    assert.deepEqual(
      needs.map(({ service }) => service),
      ["spot.amazonaws.com", "autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"],
    );
    const judged = needs.map((need) => judgeServiceRole(need, known({ free: true })));
    assert.ok(judged.every(({ level }) => level === "note"));
    assert.deepEqual(judged[0]?.fix, [
      "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ]);
    assert.deepEqual(serviceRoleNeeds(planOf([]), [REGION]), []);
  });
});

describe("words of a shell", () => {
  it("quotes what a shell would read otherwise", () => {
    assert.deepEqual(["plain/word-1", "a b", `it's "x"`].map(quoted), [
      "plain/word-1",
      "'a b'",
      `'it'\\''s "x"'`,
    ]);
    assert.equal(findingsOf("x").ok("a", "b").level, "ok");
  });
});
