import assert from "node:assert/strict";
import fc from "fast-check";
import { type PlanMode, UNKNOWN } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick } from "../edge/planned-edge.ts";
import { ACCOUNT, EAST, keyArn, planAcross, protectionOf, refusalOf, WEST } from "./planned-data.ts";
import { SearchDomain, type SearchDomainArgs } from "./search-domain.ts";
import { searchAccessPolicy, searchLogPolicy, searchProblems } from "./search-rules.ts";

const DOMAIN = "opensearch/domain:Domain";
const roleArn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;
const argsIn = (region: string, change: Partial<SearchDomainArgs> = {}): SearchDomainArgs => ({
  domainName: "platform-search",
  region,
  accountId: ACCOUNT,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  clientSecurityGroupIds: { nodes: "sg-nodes" },
  masterRoleArn: roleArn("search-admin"),
  clientRoleArns: [roleArn("processor")],
  kmsKeyArn: keyArn(region),
  logKmsKeyArn: keyArn(region),
  dataProtection: "retain",
  ...change,
});
const planDomain = (mode: PlanMode, region: string, change: Partial<SearchDomainArgs> = {}) =>
  planAcross([region], mode, ({ opts }) => {
    const domain = new SearchDomain("search", argsIn(region, change), opts);
    return { endpoint: domain.endpoint };
  });

for (const mode of MODES) {
  describe(`SearchDomain, ${mode}`, () => {
    it("DATA-26: spread over three zones, with masters of their own", async () => {
      const domain = named(await planDomain(mode, WEST), DOMAIN, "search");
      assert.deepEqual(domain.inputs["clusterConfig"], {
        dedicatedMasterCount: 3,
        dedicatedMasterEnabled: true,
        dedicatedMasterType: "m6g.large.search",
        instanceCount: 3,
        instanceType: "r6g.large.search",
        zoneAwarenessConfig: { availabilityZoneCount: 3 },
        zoneAwarenessEnabled: true,
      });
    });

    it("DATA-26: encrypted on disk, between nodes and to clients", async () => {
      const domain = named(await planDomain(mode, WEST), DOMAIN, "search");
      assert.deepEqual(pick(domain, "encryptAtRest", "nodeToNodeEncryption", "domainEndpointOptions"), {
        encryptAtRest: { enabled: true, kmsKeyId: keyArn(WEST) },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      });
    });

    it("is open to the named roles of the account only, without a password", async () => {
      const plan = await planDomain(mode, WEST);
      const domain = named(plan, DOMAIN, "search");
      const domainArn = `arn:aws:es:us-west-2:${ACCOUNT}:domain/platform-search`;
      assert.equal(
        domain.inputs["accessPolicies"],
        searchAccessPolicy({ domainArn, roleArns: [roleArn("search-admin"), roleArn("processor")] }),
      );
      assert.deepEqual(domain.inputs["advancedSecurityOptions"], {
        enabled: true,
        internalUserDatabaseEnabled: false,
        masterUserOptions: { masterUserArn: roleArn("search-admin") },
      });
      const rules = ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      assert.deepEqual(
        rules.map((rule) => pick(rule, "fromPort", "toPort", "referencedSecurityGroupId")),
        [{ fromPort: 443, toPort: 443, referencedSecurityGroupId: "sg-nodes" }],
      );
    });

    it("writes its logs, audit included, to an encrypted group that only it may write to", async () => {
      const plan = await planDomain(mode, WEST);
      const domain = named(plan, DOMAIN, "search");
      const policy = named(plan, "cloudwatch/logResourcePolicy:LogResourcePolicy", "search-log");
      assert.ok(domain.dependencies.includes(policy.urn));
      const log = named(plan, "cloudwatch/logGroup:LogGroup", "search-log");
      assert.equal(log.inputs["kmsKeyId"], keyArn(WEST));
      const logGroupArn = String(log.outputs["arn"] ?? "");
      const expected = searchLogPolicy({
        accountId: ACCOUNT,
        domainArn: `arn:aws:es:us-west-2:${ACCOUNT}:domain/platform-search`,
        logGroupArn,
      });
      assert.equal(policy.inputs["policyDocument"], mode === "preview" ? UNKNOWN : expected);
      assert.deepEqual(
        (domain.inputs["logPublishingOptions"] as { logType: string }[]).map(({ logType }) => logType),
        ["ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "AUDIT_LOGS"],
      );
    });

    it("can be one node in one zone where its loss costs time only", async () => {
      const domain = named(
        await planDomain(mode, WEST, { subnetIds: ["subnet-a"], masterCount: 0, dataProtection: "release" }),
        DOMAIN,
        "search",
      );
      assert.deepEqual(domain.inputs["clusterConfig"], {
        dedicatedMasterEnabled: false,
        instanceCount: 1,
        instanceType: "r6g.large.search",
        zoneAwarenessEnabled: false,
      });
      assert.deepEqual(protectionOf(domain), {});
    });

    it("protects the domain until it is released", async () => {
      const domain = named(await planDomain(mode, WEST), DOMAIN, "search");
      assert.deepEqual(protectionOf(domain), { protect: true, retainOnDelete: true });
    });
  });
}

describe("SearchDomain", () => {
  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new SearchDomain(
            "s",
            argsIn(EAST, {
              domainName: "Search",
              engineVersion: "Elasticsearch_7.10",
              instanceCount: 4,
              masterCount: 2,
              volumeGiB: 5,
            }),
            opts,
          ),
      ),
      [
        "SearchDomain s:",
        'domainName: "Search" is no domain name; use 3 to 28 lower-case letters, digits and hyphens, a letter first',
        'engineVersion: "Elasticsearch_7.10" is no OpenSearch version; write it like OpenSearch_2.19',
        "instanceCount: 4 is not a multiple of the 3 zones; give every zone as many nodes",
        "masterCount: 2 cannot agree when one is lost; use 3 or 5, or 0 for data nodes that do both",
        "volumeGiB: 5 is not a whole number from 10 to 16384; it is the disk of one data node",
      ],
    );
  });

  it("accepts exactly node counts that every zone has the same share of", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 30 }),
        (zoneCount, instanceCount) => {
          const found = searchProblems({
            domainName: "search",
            engineVersion: "OpenSearch_2.19",
            zoneCount,
            instanceCount,
            masterCount: 3,
            volumeGiB: 100,
          });
          assert.equal(found.length === 0, instanceCount % zoneCount === 0);
        },
      ),
    );
  });
});
