import { deepEqual, doesNotMatch } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { configMapNoSecrets } from "./config-map-no-secrets.ts";

const advice =
  "it must hold settings only. Move it to Secrets Manager and refer to the Secret that External Secrets makes of it.";
const named = (key: string) => `data["${key}"] is named like a secret; ${advice}`;
const holds = (key: string, kind: string) => `data["${key}"] holds ${kind}; ${advice}`;
// Put together at run time, so that no scanner takes this file for a leak.
const accessKey = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const privateKey = ["-----BEGIN RSA", "PRIVATE KEY-----\nMIIB"].join(" ");
const webToken = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "c2lnbmF0dXJlLWhlcmU"].join(".");

describe("config-map-no-secrets", () => {
  cases(
    configMapNoSecrets,
    "kubernetes:core/v1:ConfigMap",
    { data: { LOG_LEVEL: "info", CACHE_TTL_SECONDS: "300" } },
    [
      ["takes no data", { data: undefined }, []],
      ["SEC-14: refuses a password", { data: { DB_PASSWORD: "hunter2" } }, [named("DB_PASSWORD")]],
      [
        "refuses it in other spellings",
        { data: { "api-key": "x", apiKey: "x", clientSecret: "x" } },
        [named("api-key"), named("apiKey"), named("clientSecret")],
      ],
      [
        "refuses it when the value is not known yet",
        { data: { DB_PASSWORD: UNKNOWN } },
        [named("DB_PASSWORD")],
      ],
      [
        "takes keys that point to a secret",
        { data: { DB_PASSWORD_FILE: "/run/secrets/db", tokenIssuer: "https://id.example.org" } },
        [],
      ],
      [
        "takes the ARN of a secret",
        { data: { DB_SECRET: "arn:aws:secretsmanager:us-east-1:111122223333:secret:db" } },
        [],
      ],
      [
        "takes a placeholder and a switch",
        { data: { API_TOKEN: "${API_TOKEN}", rotateSecret: "false" } },
        [],
      ],
      ["takes an empty value", { data: { API_TOKEN: "" } }, []],
      [
        "refuses a private key under any name",
        { data: { "tls.pem": privateKey } },
        [holds("tls.pem", "a private key")],
      ],
      [
        "refuses an AWS access key inside a file",
        { data: { "app.ini": `[aws]\nid = ${accessKey}` } },
        [holds("app.ini", "an AWS access key")],
      ],
      [
        "refuses a URL with a password",
        { data: { CACHE_URL: "rediss://app:hunter2@cache:6379/0" } },
        [holds("CACHE_URL", "a URL with a password")],
      ],
      ["takes a URL without one", { data: { CACHE_URL: "rediss://cache.example.org:6379/0" } }, []],
      [
        "refuses a web token",
        { data: { header: `Bearer ${webToken}` } },
        [holds("header", "a JSON web token")],
      ],
      ["does not decide on unknown data", { data: UNKNOWN }, [undecided("data")]],
    ],
  );

  it("never repeats the value", () => {
    const props = { data: { DB_PASSWORD: "hunter2", url: "amqps://app:hunter2@broker" } };
    const messages = runRule(configMapNoSecrets, { type: "kubernetes:core/v1:ConfigMap", props });
    deepEqual(messages.length, 2);
    for (const message of messages) doesNotMatch(message, /hunter2/);
  });
});
