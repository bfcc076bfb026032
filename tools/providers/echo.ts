import type { PropertyMap } from "./property.ts";
import type { ProviderPackage } from "./provider.ts";

const ACCOUNT = "123456789012";

export function echoPackage(name: string): ProviderPackage {
  return {
    name,
    version: "0.0.0",
    configure(config) {
      const region = String(config["region"] ?? "us-east-1");
      return {
        check: ({ inputs }) => ({ inputs, failures: [] }),
        diff: () => ({ changed: [], replaces: [], deleteBeforeReplace: false }),
        create: ({ inputs, preview, name: logical }) =>
          preview
            ? { id: "", outputs: inputs }
            : {
                id: `${logical}-id`,
                outputs: { arn: `arn:aws:x:${region}:${ACCOUNT}:${logical}`, ...inputs },
              },
        read: ({ inputs }) => inputs,
        invoke: (token, args) => invoke(token, args, region),
      };
    },
  };
}

function invoke(token: string, args: PropertyMap, region: string): PropertyMap {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return {
        accountId: ACCOUNT,
        arn: `arn:aws:iam::${ACCOUNT}:user/plan`,
        userId: "AIDAPLAN",
        id: ACCOUNT,
      };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws", id: "aws" };
    case "aws:index/getRegion:getRegion":
      return {
        region,
        name: region,
        id: region,
        description: region,
        endpoint: `ec2.${region}.amazonaws.com`,
      };
    default:
      throw new Error(
        `the call ${token} is not known to the local provider (arguments ${Object.keys(args).join(", ")})`,
      );
  }
}
