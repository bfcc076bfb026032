import assert from "node:assert/strict";
import { type Plan, type PlanMode, type PlannedResource, SECRET } from "../tools/plan/index.ts";
import { digest } from "../tools/providers/aws/computed.ts";
import { at, documentsOf, existsBefore, named, ofType, planOf } from "./plans.ts";

const STACKS = ["global", "prod", "dr", "link", "staging", "dev"] as const;
const MODES: readonly PlanMode[] = ["preview", "update"];
/** Made by Pulumi's own package as it is; its documents are not the platform's. */
const FOREIGN = "eks:index:ServiceRole";

let plans: readonly Plan[] = [];

function inMode(mode: PlanMode): readonly Plan[] {
  return plans.filter((plan) => plan.mode === mode);
}

function where({ stack, mode }: Plan, { urn }: PlannedResource): string {
  return `${stack} ${mode} ${urn.split("::").slice(2).join(" ")}`;
}

/** Everything that a check finds wrong in any plan; the message of a failure lists it all. */
function nothing(find: (plan: Plan, resource: PlannedResource) => readonly string[]): void {
  const found = plans.flatMap((plan) =>
    plan.resources.flatMap((resource) =>
      find(plan, resource).map((problem) => `${where(plan, resource)}: ${problem}`),
    ),
  );
  assert.deepEqual(found, []);
}

function isForeign({ urn }: PlannedResource): boolean {
  return urn.includes(`$${FOREIGN}$`);
}

function asList(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

interface Statement {
  readonly place: string;
  readonly statement: unknown;
}

/** Statements of every policy document of a resource, whichever property holds it. */
function statements(resource: PlannedResource): Statement[] {
  return documentsOf(resource).flatMap(({ path, document }) =>
    asList(at(document, "Statement")).map((statement) => ({ place: path, statement })),
  );
}

function isSorted(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every(isSorted);
  }
  if (typeof value !== "object" || value === null) {
    return true;
  }
  const keys = Object.keys(value);
  return (
    keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") < key) &&
    Object.values(value).every(isSorted)
  );
}

/** Longest name that AWS takes, by type and property. */
const NAME_LIMITS: Readonly<Record<string, readonly [property: string, limit: number]>> = {
  "aws:acmpca/certificateAuthority:CertificateAuthority": ["name", 64],
  "aws:cloudwatch/eventRule:EventRule": ["name", 64],
  "aws:cloudwatch/logGroup:LogGroup": ["name", 512],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name", 255],
  "aws:dynamodb/table:Table": ["name", 255],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", 128],
  "aws:ec2/securityGroup:SecurityGroup": ["name", 255],
  "aws:ecr/repository:Repository": ["name", 256],
  "aws:eks/cluster:Cluster": ["name", 100],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["replicationGroupId", 40],
  "aws:iam/instanceProfile:InstanceProfile": ["name", 128],
  "aws:iam/policy:Policy": ["name", 128],
  "aws:iam/role:Role": ["name", 64],
  "aws:iam/rolePolicy:RolePolicy": ["name", 128],
  "aws:lb/loadBalancer:LoadBalancer": ["name", 32],
  "aws:lb/targetGroup:TargetGroup": ["name", 32],
  "aws:mq/broker:Broker": ["brokerName", 50],
  "aws:opensearch/domain:Domain": ["domainName", 28],
  "aws:rds/cluster:Cluster": ["clusterIdentifier", 63],
  "aws:rds/clusterInstance:ClusterInstance": ["identifier", 63],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": ["name", 255],
  "aws:rds/globalCluster:GlobalCluster": ["globalClusterIdentifier", 63],
  "aws:rds/subnetGroup:SubnetGroup": ["name", 255],
  "aws:s3/bucket:Bucket": ["bucket", 63],
  "aws:secretsmanager/secret:Secret": ["name", 512],
  "aws:sns/topic:Topic": ["name", 256],
  "aws:sqs/queue:Queue": ["name", 80],
  "aws:wafv2/webAcl:WebAcl": ["name", 128],
};
/** Names of these are one space for the whole account, or for the world. */
const GLOBAL_NAMES = /^aws:(iam|s3\/bucket:|cloudfront|route53)/;

/** What holds data that nothing can make again. */
const STATEFUL =
  /^aws:(dynamodb\/table:|ecr\/repository:|efs\/fileSystem:|kms\/(key|replicaKey):|opensearch\/domain:|rds\/(cluster|globalCluster):|s3\/bucket:|secretsmanager\/secret:|route53\/zone:)/;

describe("integrity of every stack's plan", () => {
  before(async () => {
    const all: Plan[] = [];
    for (const stack of STACKS) {
      for (const mode of MODES) {
        all.push(await planOf(stack, {}, mode));
      }
    }
    plans = all;
  });

  it("has no two resources of one URN, and everything a resource refers to exists", () => {
    for (const plan of plans) {
      const urns = new Set(plan.resources.map(({ urn }) => urn));
      assert.equal(urns.size, plan.resources.length, plan.stack);
    }
    nothing((plan, resource) => {
      const urns = new Set(plan.resources.map(({ urn }) => urn));
      const { dependencies, propertyDependencies, parent, provider } = resource;
      return [...dependencies, ...Object.values(propertyDependencies).flat(), parent, provider]
        .filter((urn) => urn !== undefined && !urns.has(urn))
        .map((urn) => `refers to ${urn}`);
    });
  });

  it("has no cycle of parents, providers and dependencies, so that it can be made and destroyed", () => {
    for (const plan of plans) {
      const circular = plan.resources.filter((resource) => existsBefore(plan, resource).has(resource.urn));
      assert.deepEqual(
        circular.map(({ urn }) => urn),
        [],
      );
    }
  });

  it("SEC-08, DR-01: gives every resource of a cloud an explicit provider, and no package a default one", () => {
    nothing((plan, resource) => {
      const isProvider = resource.type.startsWith("pulumi:providers:");
      if (isProvider) {
        return /::default(_|$)/.test(resource.urn) ? ["is a default provider"] : [];
      }
      if (!resource.custom || resource.type.startsWith("pulumi:")) {
        return [];
      }
      const provider = plan.resources.find(({ urn }) => urn === resource.provider);
      const wanted = resource.type.split(":")[0];
      return provider?.type === `pulumi:providers:${wanted}` ? [] : [`has provider ${resource.provider}`];
    });
  });

  it("DR-03: each provider works in one region, that of its name, in the stack's account only", () => {
    for (const plan of plans) {
      for (const { name, inputs } of ofType(plan, "pulumi:providers:aws")) {
        assert.equal(name, `aws-${inputs["region"]}`);
        const account = { staging: "222233334444", dev: "333344445555" }[plan.stack] ?? "111122223333";
        // The protocol hands lists to a provider as JSON text.
        assert.equal(inputs["allowedAccountIds"], JSON.stringify([account]));
      }
    }
    nothing((_, { region, inputs }) => {
      const zone = inputs["availabilityZone"];
      return typeof zone !== "string" || (/[a-z]$/.test(zone) && zone.slice(0, -1) === region)
        ? []
        : [`${zone} in ${region}`];
    });
  });

  it("SEC-04: no policy allows every action, and none a whole service on everything", () => {
    nothing((_, resource) =>
      statements(resource).flatMap(({ place, statement }) => {
        if (at(statement, "Effect") !== "Allow") {
          return [];
        }
        const actions = asList(at(statement, "Action"));
        const everywhere = asList(at(statement, "Resource")).includes("*");
        const whole = actions.filter(
          (action) =>
            action === "*" || action === "*:*" || (everywhere && /^[\w-]+:\*$/.test(String(action))),
        );
        // A boundary grants nothing; it is the most that other policies can.
        if (resource.urn.includes("platform:security:PermissionBoundary$")) {
          return [];
        }
        // The policy of a key stands on the key: its "*" is this key, and the account's IAM decides.
        const isKey = resource.type.startsWith("aws:kms/") && whole.every((action) => action === "kms:*");
        const problems = isKey ? [] : whole.map((action) => `${place} allows ${action}`);
        return at(statement, "NotAction") === undefined ? problems : [...problems, `${place} has NotAction`];
      }),
    );
  });

  it("SEC-04, SEC-01: whoever is allowed something is named, or bound by a condition", () => {
    nothing((_, resource) =>
      statements(resource).flatMap(({ place, statement }) => {
        const principal = at(statement, "Principal");
        const anyone =
          principal === "*" || Object.values(Object(principal)).some((value) => asList(value).includes("*"));
        const bound = Object.keys(Object(at(statement, "Condition"))).length > 0;
        return at(statement, "Effect") === "Allow" && anyone && !bound ? [`${place} allows anyone`] : [];
      }),
    );
  });

  it("SEC-09: what policies demand of everybody is TLS, on every bucket and queue", () => {
    for (const plan of inMode("update")) {
      for (const [type, policyType, key] of [
        ["aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "bucket"],
        ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", "queueUrl"],
      ] as const) {
        const demanding = ofType(plan, policyType)
          .filter((policy) =>
            statements(policy).some(
              ({ statement }) =>
                at(statement, "Effect") === "Deny" &&
                at(statement, "Principal") === "*" &&
                at(statement, "Condition", "Bool", "aws:SecureTransport") === "false",
            ),
          )
          .map(({ inputs }) => inputs[key]);
        for (const { name, id } of ofType(plan, type)) {
          assert.ok(demanding.includes(id ?? ""), `${plan.stack} ${name}`);
        }
      }
    }
  });

  it("writes JSON for AWS with sorted keys, so that a plan changes only when a meaning does", () => {
    let documents = 0;
    nothing((_, resource) => {
      const own = resource.type.startsWith("aws:") && !isForeign(resource) ? documentsOf(resource) : [];
      documents += own.length;
      return own.filter(({ document }) => !isSorted(document)).map(({ path }) => `${path} is not sorted`);
    });
    assert.ok(documents > 100, `${documents}`);
  });

  it("EKS-13, EKS-23: on destroy the controllers and their rights outlive what they have to clean up", () => {
    for (const stack of ["prod", "dr", "staging", "dev"]) {
      for (const plan of plans.filter((each) => each.stack === stack)) {
        const release = (name: string) =>
          ofType(plan, "kubernetes:helm.sh/v3:Release").filter(({ inputs }) => inputs["name"] === name);
        const rights = (identity: string) =>
          plan.resources.filter(
            ({ name, type }) => name.startsWith(identity) && /^aws:(iam|eks)\//.test(type),
          );
        const needs: [readonly PlannedResource[], readonly PlannedResource[]][] = [
          [
            ofType(plan, "TargetGroupBinding"),
            [
              ...release("aws-load-balancer-controller"),
              ...rights("add-ons-aws-load-balancer-controller-controller"),
            ],
          ],
          [ofType(plan, "NodePool"), ofType(plan, "EC2NodeClass")],
          [
            ofType(plan, "EC2NodeClass"),
            [
              ...release("karpenter"),
              ...release("karpenter-crd"),
              ...rights("nodes-karpenter-controller"),
              ...rights("nodes-node-"),
            ],
          ],
          [ofType(plan, "Application"), release("argo-cd")],
          // What runs on Karpenter's nodes goes before they do.
          [ofType(plan, "TargetGroupBinding"), ofType(plan, "NodePool")],
        ];
        for (const [later, earlier] of needs) {
          assert.ok(later.every(({ type }) => type.endsWith("Application")) || earlier.length > 0);
          for (const resource of later) {
            const before = existsBefore(plan, resource);
            for (const each of earlier) {
              assert.ok(before.has(each.urn), `${where(plan, resource)} may outlive ${each.name}`);
            }
          }
        }
        assert.equal(ofType(plan, "TargetGroupBinding").length, 1);
        assert.equal(ofType(plan, "EC2NodeClass").length, 1);
      }
    }
  });

  it("EKS-12: every object of the cluster comes after its nodes, their network and the deployer's access", () => {
    for (const plan of plans.filter(({ stack }) => ["prod", "dr", "staging", "dev"].includes(stack))) {
      const earlier = [
        named(plan, "NodeGroup", "cluster-system-group"),
        named(plan, "AccessPolicyAssociation", "cluster-access-deployer-policy"),
        ...ofType(plan, "aws:eks/addon:Addon"),
        ...plan.resources.filter(
          ({ type, name }) =>
            /ec2\/(natGateway|route|routeTableAssociation):/.test(type) && name.startsWith("network-"),
        ),
      ];
      assert.ok(earlier.length > 15);
      const objects = plan.resources.filter(({ custom, type }) => custom && type.startsWith("kubernetes:"));
      assert.ok(objects.length > 25);
      for (const resource of objects) {
        const before = existsBefore(plan, resource);
        for (const each of earlier) {
          assert.ok(before.has(each.urn), `${where(plan, resource)} may outlive ${each.name}`);
        }
      }
    }
  });

  it("EKS-29: every namespaced object comes after its namespace", () => {
    for (const plan of inMode("update")) {
      const namespaces = new Map(
        ofType(plan, "kubernetes:core/v1:Namespace").map(({ inputs, urn }) => [
          at(inputs, "metadata", "name"),
          urn,
        ]),
      );
      for (const resource of plan.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
        const release = resource.type === "kubernetes:helm.sh/v3:Release";
        const namespace = release
          ? resource.inputs["namespace"]
          : at(resource.inputs, "metadata", "namespace");
        const urn = namespaces.get(namespace);
        if (urn !== undefined) {
          assert.ok(existsBefore(plan, resource).has(urn), where(plan, resource));
        } else if (namespace !== undefined) {
          assert.equal(namespace, "kube-system", where(plan, resource));
        }
      }
    }
  });

  it("NET-08: what has a public address comes after the internet gateway of its VPC", () => {
    for (const plan of plans) {
      for (const resource of [
        ...ofType(plan, "NatGateway"),
        ...ofType(plan, "Eip"),
        ...ofType(plan, "LoadBalancer"),
      ]) {
        const gateway = resource.name.startsWith("shared-") ? "shared-network-internet" : "network-internet";
        assert.ok(
          existsBefore(plan, resource).has(named(plan, "InternetGateway", gateway).urn),
          where(plan, resource),
        );
      }
    }
  });

  it("SHAPE-06, SEC-11: what holds data is protected in production and staging, and released in dev", () => {
    for (const plan of plans) {
      const stateful = plan.resources.filter(({ type }) => STATEFUL.test(type));
      assert.equal(stateful.length > 0, plan.stack !== "link", plan.stack);
      for (const resource of stateful) {
        assert.equal(resource.options.protect === true, plan.stack !== "dev", where(plan, resource));
      }
    }
  });

  it("SEC-11: what holds data is encrypted, with keys of the platform where AWS lets one choose", () => {
    const key = /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\//;
    for (const plan of inMode("update")) {
      const chosen: [string, (inputs: PlannedResource["inputs"]) => unknown][] = [
        ["aws:rds/cluster:Cluster", (inputs) => inputs["kmsKeyId"]],
        ["aws:dynamodb/table:Table", (inputs) => at(inputs, "serverSideEncryption", "kmsKeyArn")],
        ["aws:secretsmanager/secret:Secret", (inputs) => inputs["kmsKeyId"]],
        ["aws:cloudwatch/logGroup:LogGroup", (inputs) => inputs["kmsKeyId"]],
        ["aws:eks/cluster:Cluster", (inputs) => at(inputs, "encryptionConfig", "provider", "keyArn")],
      ];
      for (const [type, keyOf] of chosen) {
        for (const resource of ofType(plan, type)) {
          assert.match(String(keyOf(resource.inputs)), key, where(plan, resource));
        }
      }
      for (const { id, name } of ofType(plan, "aws:s3/bucket:Bucket")) {
        const [encryption] = ofType(plan, "BucketServerSideEncryptionConfiguration").filter(
          ({ inputs }) => inputs["bucket"] === id,
        );
        const rule = at(encryption?.inputs, "rules", 0, "applyServerSideEncryptionByDefault");
        // Health checkers read the switch without credentials, which a key of one's own would ask for; load balancers
        // write access logs only to a bucket with S3's own key.
        const ownKeyOnly = /^(switch|access-logs|edge-logs)-/.test(name);
        assert.equal(at(rule, "sseAlgorithm"), ownKeyOnly ? "AES256" : "aws:kms", name);
      }
      for (const resource of ofType(plan, "aws:kms/key:Key")) {
        assert.equal(resource.inputs["enableKeyRotation"], true, where(plan, resource));
        assert.equal(resource.inputs["multiRegion"], true, where(plan, resource));
      }
    }
  });

  it("SEC-10: clients speak TLS 1.2 at least, 1.3 where they can, and are led from HTTP to HTTPS", () => {
    for (const plan of inMode("update")) {
      for (const { name, inputs } of ofType(plan, "aws:lb/listener:Listener")) {
        if (inputs["protocol"] === "HTTPS") {
          assert.equal(inputs["sslPolicy"], "ELBSecurityPolicy-TLS13-1-2-2021-06", name);
        } else {
          assert.equal(at(inputs, "defaultActions", 0, "redirect", "protocol"), "HTTPS", name);
        }
      }
      for (const { inputs } of ofType(plan, "Distribution")) {
        assert.equal(at(inputs, "viewerCertificate", "minimumProtocolVersion"), "TLSv1.2_2021");
        assert.equal(at(inputs, "defaultCacheBehavior", "viewerProtocolPolicy"), "redirect-to-https");
      }
    }
  });

  it("SEC-16: images are scanned when they are pushed, and a tag never changes", () => {
    const repositories = inMode("update").flatMap((plan) => ofType(plan, "aws:ecr/repository:Repository"));
    assert.ok(repositories.length >= 4);
    for (const { name, inputs } of repositories) {
      assert.equal(at(inputs, "imageScanningConfiguration", "scanOnPush"), true, name);
      assert.equal(inputs["imageTagMutability"], "IMMUTABLE", name);
    }
  });

  it("SEC-14: secrets live in Secrets Manager, with a replica in every other region, and in no plan", () => {
    const names = [
      "broker-password",
      "cache-password",
      "origin-header/v1",
      "relational-administrator",
      "sessions-password",
    ];
    const generated = plans.flatMap((plan) => {
      const arns = ofType(plan, "aws:secretsmanager/secret:Secret").flatMap(({ outputs, id }) => [
        outputs["arn"],
        id,
      ]);
      return arns.map((arn) => `offline-${digest(String(arn), 16)}`);
    });
    const password = `offline-${digest("password", 24)}`;
    for (const plan of plans) {
      const text = JSON.stringify(plan);
      for (const value of [password, ...generated]) {
        assert.ok(!text.includes(value), `${plan.stack} ${plan.mode}`);
      }
      assert.doesNotMatch(text, /"offline-[0-9a-f]{16,}"/, `${plan.stack} ${plan.mode}`);
    }
    const [global] = inMode("update");
    assert.ok(global);
    assert.ok(JSON.stringify(global).includes(SECRET));
    assert.deepEqual(
      ofType(global, "aws:secretsmanager/secret:Secret")
        .map(({ inputs }) => [inputs["name"], at(inputs, "replicas", 0, "region")])
        .sort(([a], [b]) => String(a).localeCompare(String(b))),
      names.map((name) => [`platform/${name}`, "us-west-2"]),
    );
  });

  it("keeps every physical name within AWS's limit, also with the longest platform name and region", async () => {
    const regions = {
      "ap-southeast-1": { cidr: "10.0.0.0/16", weight: 70 },
      "ap-southeast-2": { cidr: "10.10.0.0/16", weight: 30 },
    };
    const longest = {
      name: "platform-of-docs",
      regions,
      primaryRegion: "ap-southeast-1",
      homeRegion: "ap-southeast-1",
    };
    const long = [
      await planOf("global", longest),
      await planOf("prod", { ...longest, region: "ap-southeast-1" }),
    ];
    let checked = 0;
    for (const plan of [...plans, ...long]) {
      for (const resource of plan.resources) {
        const [property = "", limit = 0] = NAME_LIMITS[resource.type] ?? [];
        const name = resource.inputs[property];
        if (typeof name === "string" && name !== "<unknown>") {
          checked += 1;
          assert.ok(
            name.length <= limit,
            `${where(plan, resource)}: "${name}" has ${name.length} of ${limit}`,
          );
        }
      }
    }
    assert.ok(checked > 400, `${checked}`);
  });

  it("DR-01: gives no two things one name: in a region, or in the account where names are the account's", () => {
    // Stacks of one account; staging and dev have their own, with a name of their own besides.
    const production = inMode("update").filter(({ stack }) => ["global", "prod", "dr"].includes(stack));
    for (const group of [
      production,
      ...inMode("update")
        .filter(({ stack }) => ["staging", "dev"].includes(stack))
        .map((plan) => [plan]),
    ]) {
      const holders = new Map<string, string>();
      for (const plan of group) {
        for (const resource of plan.resources) {
          const [property = ""] = NAME_LIMITS[resource.type] ?? [];
          const name = resource.inputs[property];
          if (typeof name !== "string") {
            continue;
          }
          const scope = GLOBAL_NAMES.test(resource.type) ? "" : resource.region;
          // An inline policy's name belongs to its role.
          const key = [resource.type, scope, name, resource.inputs["role"] ?? ""].join(" ");
          assert.equal(holders.get(key), undefined, key);
          holders.set(key, resource.urn);
        }
      }
      assert.ok(holders.size > 40);
    }
  });

  it("DR-17: gives names that a failover must know without asking, the same in every run", () => {
    const names = (stack: string, type: string, property: string) => {
      const plan = inMode("preview").find((each) => each.stack === stack);
      assert.ok(plan);
      return ofType(plan, type).map(({ inputs }) => inputs[property]);
    };
    assert.deepEqual(names("dr", "aws:eks/cluster:Cluster", "name"), ["platform"]);
    assert.deepEqual(names("dr", "aws:rds/cluster:Cluster", "clusterIdentifier"), [
      "platform-relational-us-west-2",
    ]);
    assert.deepEqual(names("global", "aws:rds/globalCluster:GlobalCluster", "globalClusterIdentifier"), [
      "platform-relational",
    ]);
    assert.deepEqual(names("global", "aws:dynamodb/table:Table", "name"), ["platform-documents"]);
    assert.ok(
      names("dr", "aws:s3/bucket:Bucket", "bucket").includes("platform-switch-111122223333-us-west-2-an"),
    );
    const buckets = names("global", "aws:s3/bucket:Bucket", "bucket");
    for (const region of ["us-east-1", "us-west-2"]) {
      assert.ok(buckets.includes(`platform-documents-111122223333-${region}`), region);
    }
  });

  it("CICD-19: two runs of a production stack give the same plan to the letter", async () => {
    const { planStack } = await import("../tools/plan/index.ts");
    const outputs = (await planOf("global")).outputs;
    const again = await planStack("prod", { stackOutputs: async () => outputs });
    assert.equal(JSON.stringify(again), JSON.stringify(await planOf("prod")));
  });
});
