import { isList, isMap, type PropertyMap, type PropertyValue, secretValue } from "../property.ts";
import { digest, type Place } from "./computed.ts";

type Invoke = (args: PropertyMap, place: Place) => PropertyMap;

const ZONE_LETTERS: Readonly<Record<string, string>> = { "us-east-1": "abcdef", "us-west-2": "abcd" };

/** The functions of the aws package that this project calls, by token. To add one, add an entry. */
const INVOKES: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { account, partition }) => ({
    accountId: account,
    arn: `arn:${partition}:sts::${account}:assumed-role/deploy/offline`,
    id: account,
    userId: "AROAOFFLINEPLAN:offline",
  }),
  "aws:index/getPartition:getPartition": (_args, { partition }) => ({
    partition,
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
    id: partition,
  }),
  "aws:index/getRegion:getRegion": (_args, { region }) => ({
    region,
    name: region,
    id: region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_args, { region }) => {
    const letters = [...(ZONE_LETTERS[region] ?? "abc")];
    const [area = "", side = "", number = ""] = region.split("-");
    return {
      region,
      id: region,
      names: letters.map((letter) => region + letter),
      zoneIds: letters.map((_letter, index) => `${area}${side.slice(0, 1)}${number}-az${index + 1}`),
      groupNames: [region],
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const json = policyDocument(args);
    return { ...args, json, minifiedJson: JSON.stringify(JSON.parse(json)), id: digest(json, 10) };
  },
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (args, { region, account, partition }) => ({
    ...args,
    id: `${text(args["secretId"])}|AWSCURRENT`,
    arn: `arn:${partition}:secretsmanager:${region}:${account}:secret:${text(args["secretId"])}`,
    createdDate: "2026-01-01T00:00:00Z",
    secretBinary: "",
    secretString: secretValue(`offline-${digest(text(args["secretId"]), 16)}`),
    versionId: digest(text(args["secretId"]), 32),
    versionStages: ["AWSCURRENT"],
  }),
  "aws:secretsmanager/getRandomPassword:getRandomPassword": (args) => ({
    ...args,
    id: "password",
    randomPassword: secretValue(`offline-${digest("password", 24)}`),
  }),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, { region, account, partition }) => {
    const id = text(args["id"]) || `pl-${digest(text(args["name"]), 8)}`;
    return {
      ...args,
      id,
      name: text(args["name"]) || id,
      arn: `arn:${partition}:ec2:${region}:aws:prefix-list/${id}`,
      addressFamily: "IPv4",
      entries: [{ cidr: "198.51.100.0/24", description: "offline" }],
      maxEntries: 1,
      ownerId: account,
      tags: {},
      version: 1,
    };
  },
  "aws:eks/getAddonVersion:getAddonVersion": (args) => ({
    ...args,
    id: text(args["addonName"]),
    version: "v1.0.0-eksbuild.1",
  }),
  "aws:index/getIpRanges:getIpRanges": (args) => ({
    ...args,
    id: "1700000000",
    cidrBlocks: ["198.51.100.0/24"],
    ipv6CidrBlocks: [],
    createDate: "2026-01-01-00-00-00",
    syncToken: 1_700_000_000,
  }),
};

export function invoke(token: string, args: PropertyMap, place: Place): PropertyMap {
  const answer = INVOKES[token];
  if (answer === undefined) {
    throw new Error(
      `the call ${token} has no local answer; there are ${Object.keys(INVOKES).sort().join(", ")}. ` +
        "Add it to tools/providers/aws/invokes.ts",
    );
  }
  const region = text(args["region"]) || place.region;
  return answer(args, { ...place, region });
}

function text(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The policy document that the data source of this name writes: one value stands alone, several are a list. */
function policyDocument(args: PropertyMap): string {
  const statements = isList(args["statements"]) ? args["statements"].filter(isMap) : [];
  return JSON.stringify(
    {
      Version: text(args["version"]) || "2012-10-17",
      ...(text(args["policyId"]) ? { Id: args["policyId"] } : {}),
      Statement: statements.map((statement) => ({
        ...(text(statement["sid"]) ? { Sid: statement["sid"] } : {}),
        Effect: text(statement["effect"]) || "Allow",
        ...oneOrMany("Action", statement["actions"]),
        ...oneOrMany("NotAction", statement["notActions"]),
        ...oneOrMany("Resource", statement["resources"]),
        ...oneOrMany("NotResource", statement["notResources"]),
        ...principals("Principal", statement["principals"]),
        ...principals("NotPrincipal", statement["notPrincipals"]),
        ...conditions(statement["conditions"]),
      })),
    },
    undefined,
    2,
  );
}

function oneOrMany(key: string, value: PropertyValue | undefined): PropertyMap {
  if (!isList(value) || value.length === 0) {
    return {};
  }
  return { [key]: value.length === 1 ? (value[0] ?? null) : value };
}

function principals(key: string, value: PropertyValue | undefined): PropertyMap {
  if (!isList(value) || value.length === 0) {
    return {};
  }
  const entries = value.filter(isMap).map(({ type, identifiers }) => oneOrMany(text(type), identifiers));
  const merged = Object.assign({}, ...entries);
  return { [key]: merged["*"] === "*" ? "*" : merged };
}

function conditions(value: PropertyValue | undefined): PropertyMap {
  if (!isList(value) || value.length === 0) {
    return {};
  }
  const merged: Record<string, PropertyMap> = {};
  for (const { test, variable, values } of value.filter(isMap)) {
    merged[text(test)] = { ...merged[text(test)], ...oneOrMany(text(variable), values) };
  }
  return { Condition: merged };
}
