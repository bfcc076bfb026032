import assert from "node:assert/strict";
import { type PlanMode, UNKNOWN } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn, planAcross, protectionOf, refusalOf, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { fileSystemPolicy } from "./file-system-policy.ts";
import { SharedFileSystem, type SharedFileSystemArgs } from "./shared-file-system.ts";

const FILE_SYSTEM = "efs/fileSystem:FileSystem";
const args = (change: Partial<SharedFileSystemArgs> = {}): SharedFileSystemArgs => ({
  vpcId: "vpc-1",
  subnetIds: { "us-east-1a": "subnet-a", "us-east-1b": "subnet-b" },
  clientSecurityGroupIds: { nodes: "sg-nodes" },
  kmsKeyArn: keyArn(EAST),
  accessPoints: { raw: "/raw", work: "/work/images" },
  dataProtection: "retain",
  ...change,
});
const planFiles = (mode: PlanMode, change: Partial<SharedFileSystemArgs> = {}) =>
  planAcross([EAST], mode, ({ opts }) => {
    const files = new SharedFileSystem("files", args(change), opts);
    return { id: files.fileSystemId, points: files.accessPointIds };
  });

for (const mode of MODES) {
  describe(`SharedFileSystem, ${mode}`, () => {
    it("STOR-09 and STOR-10: an EFS file system encrypted with the region's key, protected", async () => {
      const files = named(await planFiles(mode), FILE_SYSTEM, "files");
      assert.deepEqual(files.inputs, {
        encrypted: true,
        kmsKeyId: keyArn(EAST),
        lifecyclePolicies: [
          { transitionToIa: "AFTER_30_DAYS" },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
        throughputMode: "elastic",
      });
      assert.deepEqual(protectionOf(files), { protect: true, retainOnDelete: true });
      const released = named(await planFiles(mode, { dataProtection: "release" }), FILE_SYSTEM, "files");
      assert.deepEqual(protectionOf(released), {});
      assert.deepEqual(released.inputs, files.inputs);
    });

    it("STOR-11: every zone's clients mount it, through the named groups and NFS' port only", async () => {
      const plan = await planFiles(mode);
      const targets = ofType(plan, "efs/mountTarget:MountTarget");
      assert.deepEqual(
        targets.map((target) => [target.name, target.inputs["subnetId"], sources(target, "securityGroups")]),
        [
          ["files-us-east-1a", "subnet-a", ["files-access-efs"]],
          ["files-us-east-1b", "subnet-b", ["files-access-efs"]],
        ],
      );
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) =>
          pick(rule, "fromPort", "referencedSecurityGroupId", "toPort"),
        ),
        [{ fromPort: 2049, referencedSecurityGroupId: "sg-nodes", toPort: 2049 }],
      );
      for (const point of ofType(plan, "efs/accessPoint:AccessPoint")) {
        assert.deepEqual(
          targets.filter(({ urn }) => !point.dependencies.includes(urn)),
          [],
        );
      }
    });

    it("gives each access point its directory, owned by a user who is not root", async () => {
      const point = named(
        await planFiles(mode, { ownerId: 2000 }),
        "efs/accessPoint:AccessPoint",
        "files-work",
      );
      assert.deepEqual(pick(point, "posixUser", "rootDirectory"), {
        posixUser: { gid: 2000, uid: 2000 },
        rootDirectory: {
          creationInfo: { ownerGid: 2000, ownerUid: 2000, permissions: "0750" },
          path: "/work/images",
        },
      });
    });

    it("STOR-10: refuses plain mounts", async () => {
      const plan = await planFiles(mode);
      const policy = named(plan, "efs/fileSystemPolicy:FileSystemPolicy", "files");
      const arn = String(named(plan, FILE_SYSTEM, "files").outputs["arn"] ?? "");
      assert.equal(policy.inputs["policy"], mode === "preview" ? UNKNOWN : fileSystemPolicy(arn));
    });

    it("copies to another region when told so", async () => {
      const type = "efs/replicationConfiguration:ReplicationConfiguration";
      assert.deepEqual(ofType(await planFiles(mode), type), []);
      const plan = await planFiles(mode, { replicaRegion: WEST, replicaKmsKeyArn: keyArn(WEST) });
      const replica = named(plan, type, "files-replica");
      assert.deepEqual(replica.inputs["destination"], { kmsKeyId: keyArn(WEST), region: WEST });
      assert.deepEqual(sources(replica, "sourceFileSystemId"), ["files"]);
    });
  });
}

describe("fileSystemPolicy", () => {
  it("denies what is not encrypted, allows mount targets, and makes nobody root", () => {
    const arn = `arn:aws:elasticfilesystem:us-east-1:${ACCOUNT}:file-system/fs-1`;
    const [tls, mount] = JSON.parse(fileSystemPolicy(arn)).Statement;
    assert.deepEqual([tls.Effect, tls.Condition], ["Deny", { Bool: { "aws:SecureTransport": "false" } }]);
    assert.deepEqual(mount, {
      Sid: "MountTargetsOnly",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: arn,
      Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
    });
  });
});

describe("SharedFileSystem", () => {
  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new SharedFileSystem(
            "f",
            args({ subnetIds: {}, accessPoints: { raw: "raw" }, ownerId: 0, replicaKmsKeyArn: keyArn(WEST) }),
            opts,
          ),
      ),
      [
        "SharedFileSystem f:",
        "subnetIds: {} is empty, so nobody could mount; give a subnet for each zone",
        'accessPoints.raw: "raw" is no directory; write it like /raw, four levels deep at most',
        "replicaKmsKeyArn: there is no replicaRegion for it; name one or leave it out",
        "ownerId: 0 is not a whole number from 1 to 4294967295; 0 is root",
      ],
    );
    assert.deepEqual(
      await refusalOf(({ opts }) => new SharedFileSystem("f", args({ replicaRegion: "west" }), opts)),
      ["SharedFileSystem f:", 'replicaRegion: "west" is not an AWS region name; write it like us-east-1'],
    );
  });
});
