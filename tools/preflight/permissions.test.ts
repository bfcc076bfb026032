import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../requirements/coverage.ts";

const cli = join(repositoryRoot, "tools/cli.ts");

/** Actions whose name is not that of the request they allow. */
const ALLOWED_AS: Readonly<Record<string, string>> = {
  GetBucketReplication: "GetReplicationConfiguration",
  HeadBucket: "ListBucket",
  ListBuckets: "ListAllMyBuckets",
};

const sources = globSync("tools/preflight/**/*.ts", { cwd: repositoryRoot })
  .filter((file) => !file.endsWith(".test.ts") && !file.endsWith("sample.ts"))
  .map((file) => readFileSync(join(repositoryRoot, file), "utf8"));

describe("permissions of preflight", () => {
  const named = new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/(?:\bask(?:Or)?(?:<\w+>)?|#count)\(\s*"([a-z0-9]+:[A-Z]\w+)"/g)].map(
        (match) => match[1] ?? "",
      ),
    ),
  );

  it("are those of the policy in docs/preflight.md, none more", () => {
    const page = readFileSync(join(repositoryRoot, "docs/preflight.md"), "utf8");
    const policy = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "{}");
    const needed = [...named].filter((action) => action !== "sts:GetCallerIdentity").sort();
    assert.ok(needed.length > 30);
    assert.deepEqual(policy.Statement[0].Action, needed);
    assert.ok(page.includes("`sts:GetCallerIdentity` needs no permission"));
  });

  it("name exactly the requests that are sent", () => {
    const sent = sources.flatMap((source) =>
      [...source.matchAll(/new (\w+)Command\(|paginate(\w+)\(/g)].map((match) => match[1] ?? match[2] ?? ""),
    );
    const allowed = new Set(sent.map((request) => ALLOWED_AS[request] ?? request));
    assert.deepEqual([...allowed].sort(), [...named].map((action) => action.split(":")[1]).sort());
  });

  it("only read", () => {
    const verbs = [...named].filter((action) => !/:(Describe|Get|List)/.test(action));
    assert.deepEqual(verbs, ["sts:AssumeRole"]);
  });
});

describe("platform preflight as a process", () => {
  function platform(...words: readonly string[]) {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "preflight", ...words], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" },
    });
    return { status, stdout, stderr, seconds: (performance.now() - started) / 1000 };
  }

  it("says how to get credentials when there are none, at once and without a stack trace", () => {
    const { status, stdout, stderr, seconds } = platform("prod");
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^there are no AWS credentials here\n\nGive credentials of the account in one of these ways/,
    );
    assert.match(stderr, /aws sso login --profile <profile>/);
    assert.doesNotMatch(stderr, /^\s+at |node_modules|not your mistake/m);
    assert.ok(seconds < 10, `${seconds} s`);
  });

  it("answers an unknown stack or region with those that exist", () => {
    const stack = platform("nope");
    assert.equal(stack.status, 2);
    assert.match(
      stack.stderr,
      /no stack "nope": there is no Pulumi\.nope\.yaml; stacks are: global, prod, dr/,
    );
    const region = platform("prod", "--region", "eu-west-9");
    assert.equal(region.status, 2);
    assert.equal(
      region.stderr,
      "--region eu-west-9: no stack looked at knows this region; regions are: us-east-1, us-west-2\n",
    );
  });
});
