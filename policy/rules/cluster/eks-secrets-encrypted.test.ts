import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { eksSecretsEncrypted } from "./eks-secrets-encrypted.ts";

const provider = { keyArn: "arn:aws:kms:us-east-1:111122223333:key/1" };
const plain = (value: string) =>
  `encryptionConfig.resources is ${value}; it must be ["secrets"]. Set it; once on, it cannot be turned off without a new cluster.`;
const noKey =
  "encryptionConfig.provider.keyArn is not set; it must be the ARN of a customer managed key. Set it to the cluster's key.";

describe("eks-secrets-encrypted", () => {
  cases(
    eksSecretsEncrypted,
    "aws:eks/cluster:Cluster",
    { encryptionConfig: { resources: ["secrets"], provider } },
    [
      ["SEC-12: refuses a cluster without it", { encryptionConfig: undefined }, [plain("not set"), noKey]],
      ["refuses an empty list", { encryptionConfig: { resources: [], provider } }, [plain("[]")]],
      ["refuses no key", { encryptionConfig: { resources: ["secrets"], provider: {} } }, [noKey]],
      [
        "takes a key that is not known yet",
        { encryptionConfig: { resources: ["secrets"], provider: { keyArn: UNKNOWN } } },
        [],
      ],
      ["does not decide on an unknown block", { encryptionConfig: UNKNOWN }, [undecided("encryptionConfig")]],
    ],
  );
});
