import assert from "node:assert/strict";
import { BACKUP_TAGS, TAGGED_TYPES, withoutBackup } from "../components/backup/backup-rules.ts";
import { OBJECTIVES } from "../components/backup/objectives.ts";
import type { Plan, PlannedResource } from "../tools/plan/index.ts";
import { typeSchema } from "../tools/providers/aws/schema.ts";
import { at, listAt, named, namesById, ofType, planOf } from "./plans.ts";

const STACKS = ["global", "prod", "dr", "link", "staging", "dev"] as const;
type StackName = (typeof STACKS)[number];
/** Where data is kept whatever happens; `dev` may be thrown away. */
const RETAINED: readonly StackName[] = ["global", "prod", "dr", "link", "staging"];
const PRODUCTION: readonly StackName[] = ["global", "prod", "dr"];
const PEER: Readonly<Record<string, string>> = { "us-east-1": "us-west-2", "us-west-2": "us-east-1" };

/**
 * How the data of a type outlives a region: by copies that its plan names, as a member that joins others, as one of
 * its own in each region, or because it is of no region.
 */
type Replication =
  | "joined"
  | "regional"
  | "global"
  | ((resource: PlannedResource, plan: Plan) => readonly unknown[]);

interface DataType {
  /** ARN of the key, or why none can be chosen. */
  readonly key: ((resource: PlannedResource, plan: Plan) => unknown) | { readonly without: string };
  /** Refuses to be deleted by the engine, or why it may be. */
  readonly protect: true | { readonly except: RegExp; readonly because: string };
  /** `tag`: AWS Backup takes it; `own`: snapshots of the service, found in the plan; else why there is nothing to save. */
  readonly backup: "tag" | "own" | { readonly none: string };
  readonly copies: Replication;
}

const regionsOf = (value: unknown, key: string) =>
  Array.isArray(value) ? value.map((each) => at(each, key)) : [];
const NO_KEY_OF_ITS_OWN = { without: "holds nothing encrypted itself: its members have the keys" } as const;
const NOT_DATA = { none: "no data of its own" } as const;

/** Every AWS type that holds data, or without which data cannot be read. */
const DATA: Readonly<Record<string, DataType>> = {
  "aws:backup/vault:Vault": {
    key: ({ inputs }) => inputs["kmsKeyArn"],
    protect: true,
    backup: { none: "is where backups are" },
    copies: "regional",
  },
  "aws:dynamodb/table:Table": {
    key: ({ inputs }) => at(inputs, "serverSideEncryption", "kmsKeyArn"),
    protect: true,
    backup: "tag",
    copies: ({ inputs }) => regionsOf(inputs["replicas"], "regionName"),
  },
  "aws:ecr/repository:Repository": {
    key: { without: "images are no secret; AWS's own KMS key, which a replica needs no grant for" },
    protect: true,
    backup: { none: "images are built from the commit that they are tagged with" },
    copies: (repository, plan) =>
      ofType(plan, "aws:ecr/replicationConfiguration:ReplicationConfiguration")
        .filter(({ region }) => region === repository.region)
        .flatMap(({ inputs }) =>
          regionsOf(at(inputs, "replicationConfiguration", "rules", 0, "destinations"), "region"),
        ),
  },
  "aws:efs/fileSystem:FileSystem": {
    key: ({ inputs }) => inputs["kmsKeyId"],
    protect: true,
    backup: "tag",
    copies: ({ id }, plan) =>
      ofType(plan, "aws:efs/replicationConfiguration:ReplicationConfiguration")
        .filter(({ inputs }) => inputs["sourceFileSystemId"] === id)
        .map(({ inputs }) => at(inputs, "destination", "region")),
  },
  "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
    key: NO_KEY_OF_ITS_OWN,
    protect: true,
    backup: NOT_DATA,
    copies: "global",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    key: ({ inputs }) => inputs["kmsKeyId"],
    protect: { except: /^document-cache/, because: "a cache is filled again from table and bucket" },
    backup: "own",
    copies: "joined",
  },
  "aws:kms/key:Key": {
    key: { without: "is the key" },
    protect: true,
    backup: { none: "AWS KMS keeps its material" },
    copies: ({ urn }, plan) =>
      ofType(plan, "aws:kms/replicaKey:ReplicaKey")
        .filter(({ propertyDependencies }) => propertyDependencies["primaryKeyArn"]?.includes(urn))
        .map(({ region }) => region),
  },
  "aws:kms/replicaKey:ReplicaKey": {
    key: { without: "is the key" },
    protect: true,
    backup: { none: "AWS KMS keeps its material" },
    copies: "global",
  },
  "aws:mq/broker:Broker": {
    key: ({ inputs }) => at(inputs, "encryptionOptions", "kmsKeyId"),
    protect: true,
    backup: { none: "a job can be asked for again from the table" },
    copies: "regional",
  },
  "aws:opensearch/domain:Domain": {
    key: ({ inputs }) => at(inputs, "encryptAtRest", "kmsKeyId"),
    protect: true,
    backup: { none: "the service itself takes hourly snapshots; an index is built again from the table" },
    copies: "regional",
  },
  "aws:rds/cluster:Cluster": {
    key: ({ inputs }) => inputs["kmsKeyId"],
    protect: true,
    backup: "tag",
    copies: "joined",
  },
  "aws:rds/globalCluster:GlobalCluster": {
    key: NO_KEY_OF_ITS_OWN,
    protect: true,
    backup: NOT_DATA,
    copies: "global",
  },
  "aws:route53/zone:Zone": {
    key: { without: "public" },
    protect: true,
    backup: { none: "the program is its source" },
    copies: "global",
  },
  "aws:s3/bucket:Bucket": {
    key: (bucket, plan) => at(bucketEncryption(bucket, plan), "kmsMasterKeyId"),
    protect: true,
    backup: "tag",
    copies: ({ id }, plan) =>
      ofType(plan, "BucketReplicationConfig")
        .filter(({ inputs }) => inputs["bucket"] === id)
        .flatMap(({ inputs }) =>
          listAt(inputs, "rules").map((rule) => regionOfBucket(plan, at(rule, "destination", "bucket"))),
        ),
  },
  "aws:secretsmanager/secret:Secret": {
    key: ({ inputs }) => inputs["kmsKeyId"],
    protect: true,
    backup: { none: "generated; kept for 30 days after a deletion" },
    copies: ({ inputs }) => regionsOf(inputs["replicas"], "region"),
  },
  "aws:sns/topic:Topic": {
    key: ({ inputs }) => inputs["kmsMasterKeyId"],
    protect: { except: /./, because: "holds a message only until it is delivered" },
    backup: NOT_DATA,
    copies: "regional",
  },
  "aws:sqs/queue:Queue": {
    key: ({ inputs }) => inputs["kmsMasterKeyId"],
    protect: { except: /./, because: "what waits in it is read from a stream that keeps it" },
    backup: NOT_DATA,
    copies: "regional",
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    key: ({ inputs }) => inputs["kmsKeyId"],
    protect: { except: /./, because: "logs expire; what must be kept is in the audit bucket" },
    backup: { none: "logs expire" },
    copies: "regional",
  },
};

/** Types with properties of a store that keep no data themselves, each with the reason. */
const STATELESS: Readonly<Record<string, string>> = {
  "aws:backup/plan:Plan": "a schedule",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": "a setting of a vault",
  "aws:backup/vaultPolicy:VaultPolicy": "a setting of a vault",
  "aws:cfg/deliveryChannel:DeliveryChannel": "writes to the configuration bucket",
  "aws:cloudtrail/trail:Trail": "writes to the audit bucket",
  "aws:cloudwatch/eventRule:EventRule": "a rule",
  "aws:cloudwatch/eventTarget:EventTarget": "a rule's target",
  "aws:ec2transitgateway/transitGateway:TransitGateway": "a router",
  "aws:eks/cluster:Cluster": "made again from Git; what it holds on volumes is backed up as volumes",
  "aws:lb/loadBalancer:LoadBalancer": "a load balancer",
  "aws:pipes/pipe:Pipe": "moves what streams and queues keep",
  "aws:s3/bucketObjectv2:BucketObjectv2": "made by the program, in a bucket",
  "aws:synthetics/canary:Canary": "writes to the bucket of its artifacts",
  "aws:rds/clusterInstance:ClusterInstance": "computes on the cluster's storage",
};
/** Inputs that only a type with something to keep has. */
const STORE_LIKE =
  /kms|encrypt|retention(?!Unit)|snapshot|^backup|pointInTime|deletionProtection|force(Destroy|Delete)|storage(Type|Encrypted|Config)?$|allocatedStorage/i;

/** Buckets of logs, evidence, screenshots and switches: what they hold expires, is locked, or is made by the program. */
const NOT_BACKED_UP = /^(access-logs|audit-trail|canary|configuration|edge-logs|switch)-/;
/** The name of a resource without the region in it, as the exceptions below have it. */
const plain = ({ name }: PlannedResource) => name.replace(/-us-[a-z]+-\d/, "");
/** Buckets and queues that no key of the platform is used for. */
const WITHOUT_KEY: Readonly<Record<string, string>> = {
  "access-logs-logs": "load balancers and S3 write to no bucket with a KMS key",
  "edge-logs-logs": "the same bucket for CloudFront and its firewall",
  "switch-bucket": "health checkers read it without credentials, which a key of one's own would ask for",
  "nodes-interruptions": "EventBridge's own notices about nodes, deleted within 5 minutes",
};
/** What has no copy in the other region by design. */
const OF_ONE_REGION: Readonly<Record<string, string>> = {
  "audit-trail-logs-bucket": "the trail of all regions; locked, in the home region",
  "configuration-bucket": "each region records its own",
  "access-logs-logs": "a region's logs are about that region",
  "edge-logs-logs": "CloudFront's logs are written in us-east-1",
  "canary-artifacts": "what a region's canary saw, for a month",
  "audit-trail-log-group": "the trail of all regions",
  "switch-bucket": "a region's word about its peers; a copy would be the lost region's word",
};

function bucketEncryption({ id }: PlannedResource, plan: Plan): unknown {
  const found = ofType(plan, "BucketServerSideEncryptionConfiguration").find(
    ({ inputs }) => inputs["bucket"] === id,
  );
  return at(found?.inputs, "rules", 0, "applyServerSideEncryptionByDefault");
}

function regionOfBucket(plan: Plan, arn: unknown): unknown {
  return ofType(plan, "aws:s3/bucket:Bucket").find(
    ({ inputs, outputs }) => outputs["arn"] === arn || `arn:aws:s3:::${String(inputs["bucket"])}` === arn,
  )?.region;
}

const plans = new Map<StackName, Plan>();
const planNamed = (stack: StackName): Plan => {
  const plan = plans.get(stack);
  assert.ok(plan, stack);
  return plan;
};

/** Every resource of a data type in the given stacks, with what is known about the type. */
function stores(stacks: readonly StackName[]) {
  return stacks.flatMap((stack) =>
    planNamed(stack).resources.flatMap((resource) => {
      const data = DATA[resource.type];
      return data === undefined ? [] : [{ stack, plan: planNamed(stack), resource, data }];
    }),
  );
}
const where = (stack: string, { name, type }: PlannedResource) => `${stack} ${type} ${name}`;

async function planAll(): Promise<void> {
  for (const stack of STACKS) {
    plans.set(stack, await planOf(stack));
  }
}

describe("everything that holds data, in every stack", () => {
  before(planAll);

  it("SEC-11, DATA-32: no type that looks like a store is unknown, and no type is known that no stack has", () => {
    const types = new Set([...plans.values()].flatMap(({ resources }) => resources.map(({ type }) => type)));
    const unknown = [...types].filter((type) => {
      const inputs = type.startsWith("aws:") ? [...(typeSchema(type)?.inputs ?? [])] : [];
      const known = type in DATA || type in STATELESS;
      return inputs.some((input) => STORE_LIKE.test(input)) && !known;
    });
    assert.deepEqual(unknown, [], "say in DATA how it is kept, or in STATELESS why there is nothing to keep");
    assert.deepEqual(
      Object.keys({ ...DATA, ...STATELESS }).filter((type) => !types.has(type)),
      [],
    );
  });

  it("SEC-11, DATA-21, STOR-10, STOR-16: is encrypted with a key of the platform in its own region", () => {
    let checked = 0;
    for (const { data, plan, resource, stack } of stores(STACKS)) {
      if (plain(resource) in WITHOUT_KEY || typeof data.key === "object") {
        continue;
      }
      const key = String(data.key(resource, plan));
      assert.match(
        key,
        new RegExp(`^arn:aws:kms:${resource.region}:\\d{12}:key/[\\w-]+$`),
        where(stack, resource),
      );
      checked += 1;
    }
    assert.ok(checked > 70, `${checked}`);
  });

  it("SEC-11: the few without such a key have one of AWS", () => {
    const excepted = stores(STACKS).filter(({ resource }) => plain(resource) in WITHOUT_KEY);
    assert.deepEqual(
      [...new Set(excepted.map(({ resource }) => plain(resource)))].sort(),
      Object.keys(WITHOUT_KEY).sort(),
    );
    for (const { plan, resource, stack } of excepted) {
      const encrypted =
        resource.inputs["sqsManagedSseEnabled"] === true ||
        at(bucketEncryption(resource, plan), "sseAlgorithm") === "AES256";
      assert.ok(encrypted, where(stack, resource));
    }
    for (const { inputs } of STACKS.flatMap((stack) =>
      ofType(planNamed(stack), "aws:ecr/repository:Repository"),
    )) {
      assert.equal(at(inputs, "encryptionConfigurations", 0, "encryptionType"), "KMS");
    }
    for (const { inputs } of STACKS.flatMap((stack) => ofType(planNamed(stack), "GlobalCluster"))) {
      assert.equal(inputs["storageEncrypted"], true);
    }
  });

  it("SHAPE-06, DR-16: is protected from the engine wherever data is kept", () => {
    for (const { data, resource, stack } of stores(RETAINED)) {
      const mayGo = data.protect !== true && data.protect.except.test(resource.name);
      assert.equal(resource.options.protect === true, !mayGo, where(stack, resource));
    }
    // A throw-away stack is thrown away whole.
    assert.deepEqual(
      stores(["dev"]).filter(({ resource }) => resource.options.protect === true),
      [],
    );
  });

  it("DR-18, DR-25, DR-27: is backed up by tag, or by its service, or says why not", () => {
    const tagged: string[] = [];
    for (const stack of RETAINED) {
      const uncovered = withoutBackup(planNamed(stack).resources).map((urn) => urn.split("::").at(-1) ?? "");
      assert.deepEqual(
        uncovered.filter((name) => !NOT_BACKED_UP.test(name)),
        [],
        stack,
      );
    }
    for (const { data, resource, stack } of stores(RETAINED)) {
      const tag = at(resource.inputs, "tags", "backup");
      if (data.backup === "tag") {
        assert.ok(TAGGED_TYPES.includes(resource.type), where(stack, resource));
        if (!NOT_BACKED_UP.test(resource.name)) {
          assert.equal(tag, BACKUP_TAGS["backup"], where(stack, resource));
          tagged.push(`${stack} ${resource.name}`);
        }
      } else {
        assert.equal(tag, undefined, where(stack, resource));
      }
      if (data.backup === "own") {
        assert.equal(resource.inputs["snapshotRetentionLimit"], 35, where(stack, resource));
      }
    }
    assert.deepEqual(tagged.sort(), [
      "dr files",
      "dr relational",
      "global documents",
      "global documents-content-us-east-1",
      "global documents-content-us-west-2",
      "prod files",
      "prod relational",
      "staging documents",
      "staging documents-content-us-east-1",
      "staging files",
      "staging relational",
    ]);
  });

  it("DR-16, DR-23, STOR-08: has a copy in the other region, or joins one, or is of one region for a reason", () => {
    for (const { data, plan, resource, stack } of stores(PRODUCTION)) {
      if (typeof data.copies === "string" || plain(resource) in OF_ONE_REGION) {
        continue;
      }
      assert.deepEqual(data.copies(resource, plan), [PEER[resource.region ?? ""]], where(stack, resource));
    }
  });

  it("DR-01, DATA-25: what joins or stands alone is there in both regions", () => {
    const both = stores(PRODUCTION).filter(
      ({ data: { copies }, resource }) =>
        (copies === "joined" || copies === "regional") && !(plain(resource) in OF_ONE_REGION),
    );
    const regions = Map.groupBy(
      both,
      ({ resource: { name, type } }) => `${type} ${name.replace(/us-\w+-\d/, "*")}`,
    );
    assert.ok(regions.size >= 7);
    for (const [what, found] of regions) {
      assert.deepEqual(found.map(({ resource }) => resource.region).sort(), ["us-east-1", "us-west-2"], what);
    }
  });
});

describe("the stores of the production regions", () => {
  const regionPlans = () => (["prod", "dr"] as const).map((stack) => planNamed(stack));
  before(planAll);

  it("DATA-02, DATA-04, DATA-05, DATA-08: each region has an Aurora PostgreSQL 16.6 cluster that joins the global one by name", () => {
    const database = named(planNamed("global"), "GlobalCluster", "relational");
    assert.equal(database.inputs["engineVersion"], "16.6");
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "aws:rds/cluster:Cluster", "relational");
      assert.equal(inputs["engine"], "aurora-postgresql");
      assert.equal(inputs["engineVersion"], "16.6");
      assert.equal(inputs["globalClusterIdentifier"], database.inputs["globalClusterIdentifier"]);
      assert.equal(inputs["storageEncrypted"], true);
      assert.equal(inputs["deletionProtection"], true);
      assert.equal(inputs["skipFinalSnapshot"], false);
    }
  });

  it("DATA-03, DATA-06: it has two db.r6g.large members in two zones, private, the writer's zone first", () => {
    for (const plan of regionPlans()) {
      const [region] = ofType(plan, "pulumi:providers:aws").map(({ inputs }) => String(inputs["region"]));
      assert.deepEqual(
        ofType(plan, "ClusterInstance").map(({ inputs }) => [
          inputs["instanceClass"],
          inputs["availabilityZone"],
          inputs["promotionTier"],
          inputs["publiclyAccessible"],
        ]),
        [
          ["db.r6g.large", `${region}a`, 0, false],
          ["db.r6g.large", `${region}b`, 1, false],
        ],
      );
    }
  });

  it("DR-19, DR-20, DR-22, DATA-14: Aurora, the table and its replica can be restored to any second of 35 days", () => {
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "aws:rds/cluster:Cluster", "relational");
      assert.equal(inputs["backupRetentionPeriod"], 35);
      assert.equal(inputs["deleteAutomatedBackups"], false);
    }
    const { inputs } = named(planNamed("global"), "aws:dynamodb/table:Table", "documents");
    assert.deepEqual(inputs["pointInTimeRecovery"], { enabled: true, recoveryPeriodInDays: 35 });
    assert.equal(at(inputs, "replicas", 0, "pointInTimeRecovery"), true);
  });

  it("DATA-12, DATA-13, DATA-15, DATA-31, MSG-05: one global table by demand, its changes streamed in each region", () => {
    const { inputs } = named(planNamed("global"), "aws:dynamodb/table:Table", "documents");
    assert.equal(inputs["billingMode"], "PAY_PER_REQUEST");
    assert.equal(inputs["streamEnabled"], true);
    assert.equal(inputs["streamViewType"], "NEW_AND_OLD_IMAGES");
    const replicas = listAt(inputs, "replicas");
    assert.deepEqual(
      replicas.map((replica) => [
        at(replica, "regionName"),
        at(replica, "consistencyMode"),
        at(replica, "deletionProtectionEnabled"),
      ]),
      [["us-west-2", "EVENTUAL", true]],
    );
    assert.match(String(at(replicas[0], "kmsKeyArn")), /^arn:aws:kms:us-west-2:/);
    for (const plan of regionPlans()) {
      const pipe = named(plan, "Pipe", "cache-invalidation");
      assert.match(
        String(pipe.inputs["source"]),
        new RegExp(`:${pipe.region}:\\d+:table/platform-documents/stream/`),
      );
    }
  });

  it("DATA-18, DATA-19, DATA-20, DATA-21, DATA-24: the document cache is Redis 7.0, 3 shards of cache.r6g.large with a replica each", () => {
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "aws:elasticache/replicationGroup:ReplicationGroup", "document-cache");
      const wanted = {
        engine: "redis",
        engineVersion: "7.0",
        nodeType: "cache.r6g.large",
        numNodeGroups: 3,
        replicasPerNodeGroup: 1,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
      };
      assert.deepEqual({ ...inputs, ...wanted }, inputs);
      // Each region has its own (C-16): what fills it is the table, which is in both.
      assert.equal(inputs["globalReplicationGroupId"], undefined);
    }
  });

  it("DATA-23, DATA-25: dr's session store joins the Global Datastore that prod's made, by its id", () => {
    const [prod, dr] = regionPlans();
    assert.ok(prod && dr);
    const type = "aws:elasticache/replicationGroup:ReplicationGroup";
    const datastore = named(prod, "GlobalReplicationGroup", "sessions-global");
    assert.equal(datastore.inputs["primaryReplicationGroupId"], named(prod, type, "sessions").id);
    assert.equal(datastore.inputs["numNodeGroups"], 3);
    const member = named(dr, type, "sessions").inputs;
    const id = String(member["globalReplicationGroupId"]);
    assert.equal(id, datastore.id);
    assert.ok(id.endsWith(`-${String(datastore.inputs["globalReplicationGroupIdSuffix"])}`), id);
    assert.deepEqual(ofType(dr, "GlobalReplicationGroup"), []);
    // What the datastore decides, a member must not ask for.
    for (const taken of ["engine", "engineVersion", "nodeType", "numNodeGroups", "parameterGroupName"]) {
      assert.equal(member[taken], undefined, taken);
    }
    assert.equal(member["replicasPerNodeGroup"], 1);
  });

  it("DATA-17, DATA-26: each region has its own search domain over three zones, encrypted, by TLS 1.2", () => {
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "aws:opensearch/domain:Domain", "search");
      assert.equal(inputs["engineVersion"], "OpenSearch_2.19");
      assert.deepEqual(inputs["clusterConfig"], {
        dedicatedMasterCount: 3,
        dedicatedMasterEnabled: true,
        dedicatedMasterType: "m6g.large.search",
        instanceCount: 3,
        instanceType: "r6g.large.search",
        zoneAwarenessConfig: { availabilityZoneCount: 3 },
        zoneAwarenessEnabled: true,
      });
      assert.equal(at(inputs, "nodeToNodeEncryption", "enabled"), true);
      assert.equal(at(inputs, "encryptAtRest", "enabled"), true);
      assert.deepEqual(inputs["domainEndpointOptions"], {
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
      });
      assert.equal(at(inputs, "ebsOptions", "volumeType"), "gp3");
    }
  });

  it("STOR-09, STOR-10, STOR-11: EFS has a mount target in each zone and a path for raw files", () => {
    for (const plan of regionPlans()) {
      const { id, inputs, region } = named(plan, "aws:efs/fileSystem:FileSystem", "files");
      assert.equal(inputs["encrypted"], true);
      assert.equal(inputs["throughputMode"], "elastic");
      const targets = ofType(plan, "MountTarget");
      assert.deepEqual(
        targets.map(({ name }) => name),
        ["a", "b", "c"].map((zone) => `files-${region}${zone}`),
      );
      for (const target of targets) {
        assert.equal(target.inputs["fileSystemId"], id);
      }
      assert.deepEqual(
        ofType(plan, "AccessPoint").map((point) => at(point.inputs, "rootDirectory", "path")),
        ["/raw"],
      );
    }
  });

  it("STOR-01, STOR-04, STOR-07, STOR-08, STOR-12, DR-12: documents are versioned, copied both ways within 15 minutes, old versions in Glacier", () => {
    const plan = planNamed("global");
    const name = (region: string) => `platform-documents-111122223333-${region}`;
    for (const [region, peer] of Object.entries(PEER)) {
      const versioning = named(plan, "BucketVersioning", `documents-content-versioning-${region}`);
      assert.equal(at(versioning.inputs, "versioningConfiguration", "status"), "Enabled");
      const { inputs } = named(plan, "BucketReplicationConfig", `documents-content-replication-${region}`);
      assert.equal(inputs["bucket"], name(region));
      const [rule, ...others] = listAt(inputs, "rules");
      assert.deepEqual(others, []);
      assert.deepEqual(
        [
          at(rule, "status"),
          at(rule, "filter"),
          at(rule, "deleteMarkerReplication", "status"),
          at(rule, "destination", "bucket"),
          at(rule, "destination", "replicationTime"),
          at(rule, "sourceSelectionCriteria", "replicaModifications", "status"),
        ],
        [
          "Enabled",
          {},
          "Enabled",
          `arn:aws:s3:::${name(peer)}`,
          { status: "Enabled", time: { minutes: OBJECTIVES.point.files.seconds / 60 } },
          "Enabled",
        ],
      );
      const lifecycle = named(plan, "BucketLifecycleConfiguration", `documents-content-lifecycle-${region}`);
      const transitions = listAt(lifecycle.inputs, "rules").flatMap(
        (each) => at(each, "noncurrentVersionTransitions") ?? [],
      );
      assert.deepEqual(transitions, [{ noncurrentDays: 90, storageClass: "GLACIER" }]);
    }
  });

  it("STOR-13: volumes of pods and nodes are encrypted gp3", () => {
    for (const plan of regionPlans()) {
      const { inputs, region } = named(plan, "StorageClass", "storage-gp3");
      assert.deepEqual(
        [at(inputs, "parameters", "type"), at(inputs, "parameters", "encrypted")],
        ["gp3", "true"],
      );
      assert.match(String(at(inputs, "parameters", "kmsKeyId")), new RegExp(`^arn:aws:kms:${region}:`));
      const devices = [
        ...ofType(plan, "LaunchTemplate").flatMap((each) => listAt(each.inputs, "blockDeviceMappings")),
        ...ofType(plan, "EC2NodeClass").flatMap((each) => listAt(each.inputs, "spec", "blockDeviceMappings")),
      ];
      assert.equal(devices.length, 2);
      for (const device of devices) {
        assert.equal(at(device, "ebs", "volumeType"), "gp3");
        assert.equal(String(at(device, "ebs", "encrypted")), "true");
      }
    }
  });

  it("STOR-14: images go from each region's registry to the other's", () => {
    const plan = planNamed("global");
    for (const [region, peer] of Object.entries(PEER)) {
      const { inputs } = named(
        plan,
        "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        `images-${region}`,
      );
      const rule = at(inputs, "replicationConfiguration", "rules", 0);
      assert.equal(at(rule, "destinations", 0, "region"), peer);
      assert.equal(at(rule, "repositoryFilters", 0, "filter"), "platform/");
    }
  });

  it("MSG-01, MSG-02: each region has a RabbitMQ 4.2 cluster over three zones, with no public address", () => {
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "aws:mq/broker:Broker", "broker");
      assert.deepEqual(
        [
          inputs["engineType"],
          inputs["engineVersion"],
          inputs["deploymentMode"],
          inputs["hostInstanceType"],
          inputs["publiclyAccessible"],
        ],
        ["RabbitMQ", "4.2", "CLUSTER_MULTI_AZ", "mq.m7g.large", false],
      );
      const subnets = namesById(plan);
      assert.deepEqual(
        listAt(inputs, "subnetIds").map((id) => subnets.get(id)?.at(-1)),
        ["a", "b", "c"],
      );
    }
  });

  it("MSG-04: what reaches a region's cache from the other goes through a queue, with dead letters kept for 14 days", () => {
    for (const plan of regionPlans()) {
      const queue = named(plan, "aws:sqs/queue:Queue", "cache-invalidation-messages-queue");
      const dead = named(plan, "aws:sqs/queue:Queue", "cache-invalidation-messages-dead");
      assert.deepEqual(JSON.parse(String(queue.inputs["redrivePolicy"])), {
        deadLetterTargetArn: dead.outputs["arn"],
        maxReceiveCount: 5,
      });
      assert.equal(dead.inputs["messageRetentionSeconds"], 14 * 24 * 3600);
    }
  });
});

describe("backups of the production regions", () => {
  const regionPlans = () => (["prod", "dr"] as const).map((stack) => planNamed(stack));
  before(planAll);

  it("DR-18, DR-22, DR-23: each day into the region's vault, kept for 35 days, with a copy in the other region's", () => {
    for (const plan of regionPlans()) {
      const found = ofType(plan, "aws:backup/plan:Plan");
      assert.deepEqual(
        found.map(({ inputs }) => inputs["name"]),
        ["platform-continuous", "platform-daily"],
      );
      for (const { inputs, region } of found) {
        const copy = `arn:aws:backup:${PEER[region ?? ""]}:111122223333:backup-vault:platform-backups`;
        const [daily, monthly] = listAt(inputs, "rules");
        assert.equal(at(daily, "schedule"), "cron(0 5 * * ? *)");
        assert.equal(at(monthly, "schedule"), "cron(0 4 1 * ? *)");
        for (const [rule, days] of [
          [daily, 35],
          [monthly, 365],
        ] as const) {
          assert.equal(at(rule, "targetVaultName"), "platform-backups");
          assert.equal(at(rule, "lifecycle", "deleteAfter"), days);
          assert.equal(at(rule, "copyActions", 0, "destinationVaultArn"), copy);
          assert.equal(at(rule, "copyActions", 0, "lifecycle", "deleteAfter"), days);
        }
      }
      const selections = ofType(plan, "aws:backup/selection:Selection");
      assert.deepEqual(
        selections.map(({ inputs }) => [at(inputs, "resources", 0), at(inputs, "notResources", 0)]),
        [
          ["arn:aws:s3:::*", undefined],
          ["*", "arn:aws:s3:::*"],
        ],
      );
      for (const { inputs } of selections) {
        assert.deepEqual(at(inputs, "conditions", 0, "stringEquals", 0), {
          key: "aws:ResourceTag/backup",
          value: "daily",
        });
      }
    }
  });

  it("DR-21, DR-22: the vaults of both regions are locked for 35 days at least and let nobody delete", () => {
    const plan = planNamed("global");
    assert.deepEqual(
      ofType(plan, "VaultLockConfiguration").map(({ inputs, region }) => [
        region,
        inputs["minRetentionDays"],
      ]),
      [
        ["us-east-1", 35],
        ["us-west-2", 35],
      ],
    );
    assert.deepEqual(
      ofType(plan, "aws:backup/vault:Vault").map(({ inputs, region }) => [
        region,
        inputs["name"],
        inputs["forceDestroy"],
      ]),
      [
        ["us-east-1", "platform-backups", false],
        ["us-west-2", "platform-backups", false],
      ],
    );
  });

  it("DR-24: on the first of each month every kind of backup is restored, in each region from its own vault", () => {
    for (const plan of regionPlans()) {
      const [test, ...others] = ofType(plan, "RestoreTestingPlan");
      assert.ok(test);
      assert.deepEqual(others, []);
      assert.equal(test.inputs["scheduleExpression"], "cron(0 10 1 * ? *)");
      assert.deepEqual(at(test.inputs, "recoveryPointSelection", "includeVaults"), [
        `arn:aws:backup:${test.region}:111122223333:backup-vault:platform-backups`,
      ]);
      assert.deepEqual(
        ofType(plan, "RestoreTestingSelection").map(({ inputs }) => inputs["protectedResourceType"]),
        ["Aurora", "DynamoDB", "EBS", "EFS", "S3"],
      );
    }
  });

  it("DR-28: volumes of pods have snapshots that outlive the object which asked for them", () => {
    for (const plan of regionPlans()) {
      const { inputs } = named(plan, "VolumeSnapshotClass", "storage-snapshots");
      assert.equal(inputs["driver"], "ebs.csi.aws.com");
      assert.equal(inputs["deletionPolicy"], "Retain");
    }
  });

  it("DR-10, DR-11, DR-18: alarms page as soon as an objective is missed: 1 s of lag, 26 h without a backup", () => {
    for (const plan of regionPlans()) {
      const alarms = ofType(plan, "MetricAlarm").filter(({ name }) => name.startsWith("objectives-"));
      const shown = alarms.map(({ inputs, region }) => [
        inputs["metricName"],
        inputs["threshold"],
        Number(inputs["period"]) * Number(inputs["evaluationPeriods"]),
        String(at(inputs, "alarmActions", 0)).startsWith(`arn:aws:sns:${region}:`),
      ]);
      assert.deepEqual(shown, [
        ["NumberOfBackupJobsCompleted", 1, 26 * 3600, true],
        ["AuroraGlobalDBReplicationLag", 1000 * OBJECTIVES.point.database.seconds, 180, true],
        ["ReplicationLatency", 1000 * OBJECTIVES.point.state.seconds, 300, true],
      ]);
    }
  });

  it("DR-33: nothing that a stack is configured by lives outside Git: its files alone give its plan", async () => {
    const { planStack } = await import("../tools/plan/index.ts");
    const outputs = planNamed("global").outputs;
    const saved = { ...process.env };
    process.env["AWS_REGION"] = "eu-central-1";
    process.env["AWS_DEFAULT_REGION"] = "eu-central-1";
    process.env["PULUMI_CONFIG"] = '{"document-platform:region":"eu-central-1"}';
    try {
      assert.deepEqual(await planStack("dr", { stackOutputs: async () => outputs }), planNamed("dr"));
    } finally {
      for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "PULUMI_CONFIG"]) {
        const old = saved[name];
        if (old === undefined) {
          delete process.env[name];
        } else {
          process.env[name] = old;
        }
      }
    }
  });
});
