import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "./plan/plan.ts";

const cli = join(import.meta.dirname, "cli.ts");

function platform(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    encoding: "utf8",
    maxBuffer: 256 * 2 ** 20,
  });
  return { status, stdout, stderr };
}

describe("platform", () => {
  it("DEVX-04: lists its commands and working examples, and exits 0", () => {
    const { status, stdout, stderr } = platform("--help");
    assert.equal(status, 0);
    assert.equal(stderr, "");
    for (const command of ["overview", "plan", "check", "config", "requirements"]) {
      assert.match(stdout, new RegExp(`^ {2}${command} `, "m"));
      assert.equal(platform(command, "--help").status, 0, command);
    }
    const examples = [...stdout.matchAll(/^ {2}platform (\w+)/gm)].map((match) => match[1]);
    assert.ok(examples.length >= 4);
    assert.ok(examples.every((name) => platform("help", name ?? "").status === 0));
  });

  it("answers an unknown command or option with those that exist, and exits 2", () => {
    const command = platform("plann");
    assert.equal(command.status, 2);
    assert.equal(command.stdout, "");
    assert.match(command.stderr, /unknown command 'plann'[\s\S]*commands: overview, plan, check/);
    const option = platform("requirements", "--mising");
    assert.equal(option.status, 2);
    assert.match(option.stderr, /unknown option '--mising'[\s\S]*--missing/);
  });

  it("answers an unknown stack with those that exist, and exits 2", () => {
    for (const words of [
      ["plan", "nope"],
      ["check", "nope"],
      ["config", "explain", "nope"],
    ]) {
      const { status, stdout, stderr } = platform(...words);
      assert.equal(status, 2, words.join(" "));
      assert.equal(stdout, "");
      assert.match(stderr, /no stack "nope": there is no Pulumi\.nope\.yaml; stacks are: global, prod, dr/);
    }
  });

  it("is safe when its reader leaves early", async () => {
    const child = spawn(process.execPath, [cli, "requirements", "--json"]);
    const errors: string[] = [];
    child.stderr.on("data", (text) => errors.push(String(text)));
    child.stdout.once("data", () => child.stdout.destroy());
    const [status] = await once(child, "close");
    assert.equal(status, 0);
    assert.deepEqual(errors, []);
  });
});

describe("platform requirements", () => {
  it("prints pure JSON with one row for each requirement", () => {
    const { status, stdout, stderr } = platform("requirements", "--json");
    assert.equal(status, 0);
    assert.equal(stderr, "");
    const { rows, covered, total } = JSON.parse(stdout);
    assert.equal(rows.length, 407);
    assert.equal(total, 407);
    assert.equal(covered, rows.filter((row: { tests: unknown[] }) => row.tests.length > 0).length);
    assert.deepEqual(Object.keys(rows[0]).sort(), ["area", "decisions", "id", "tests", "title"]);
    const cliRow = rows.find((row: { id: string }) => row.id === "DEVX-04");
    assert.ok(cliRow.tests.some((test: { file: string }) => test.file === "tools/cli.test.ts"));
  });

  it("shows rows without a test alone, uncoloured without a terminal", () => {
    const { stdout } = platform("requirements", "--missing");
    assert.doesNotMatch(stdout, /DEVX-04/);
    assert.ok(!stdout.includes("\u001b"));
    assert.match(stdout, /\d+ of 407 requirement rows proved by a test\n$/);
  });
});

describe("platform config", () => {
  it("tells each value with its source and meaning, for a key and those below it", () => {
    const rows = JSON.parse(platform("config", "explain", "dr", "traffic", "--json").stdout);
    assert.ok(rows.length > 1);
    assert.ok(rows.every((row: { key: string }) => row.key.startsWith("platform:traffic.")));
    const [role] = JSON.parse(platform("config", "explain", "dr", "platform:role", "--json").stdout);
    assert.equal(role.value, "secondary");
    assert.equal(role.origin, "stack file");
    assert.match(role.meaning, /Part this region plays/);
  });

  it("answers an unknown key with those that exist, and exits 2", () => {
    const { status, stderr } = platform("config", "explain", "dr", "rolle");
    assert.equal(status, 2);
    assert.match(stderr, /no configuration key "rolle"; keys are: .*role/);
  });

  it("prints the schema of a stack file as JSON", () => {
    const schema = JSON.parse(platform("config", "schema").stdout);
    assert.ok("platform:role" in schema.properties.config.properties);
  });
});

describe("platform plan, check and overview", () => {
  let folder = "";
  let plans: Record<string, Plan> = {};

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-cli-"));
    const { status, stdout, stderr } = platform("plan", "--json");
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    plans = JSON.parse(stdout);
    writeFileSync(join(folder, "plans.json"), stdout);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function planOf(stack: string): Plan {
    const plan = plans[stack];
    assert.ok(plan, stack);
    return plan;
  }

  it("CICD-17, SHAPE-06: plans each stack file by itself from the one program", () => {
    assert.deepEqual(Object.keys(plans), ["global", "prod", "dr", "link", "dev", "staging"]);
    for (const [stack, plan] of Object.entries(plans)) {
      assert.equal(plan.stack, stack);
      assert.ok(
        plan.resources.some((resource) => resource.type.startsWith("platform:")),
        stack,
      );
    }
    const regionsOf = (stack: string) =>
      new Set(planOf(stack).resources.flatMap(({ region }) => region ?? []));
    assert.deepEqual(regionsOf("prod"), new Set(["us-east-1"]));
    assert.deepEqual(regionsOf("dr"), new Set(["us-west-2"]));
  });

  it("prints one plan without a wrapper when one stack is named", () => {
    const plan: Plan = JSON.parse(platform("plan", "global", "--json").stdout);
    assert.deepEqual(plan, planOf("global"));
  });

  it("tells what changed since a saved plan, and refuses what is no plan of the stack", () => {
    const file = join(folder, "plans.json");
    assert.deepEqual(platform("plan", "global", "--diff", file), {
      status: 0,
      stdout: "global: nothing changed\n",
      stderr: "",
    });
    const older = { ...planOf("global"), resources: planOf("global").resources.slice(0, -1) };
    writeFileSync(join(folder, "older.json"), JSON.stringify(older));
    assert.match(
      platform("plan", "global", "--diff", join(folder, "older.json")).stdout,
      /^1 added, 0 changed/,
    );
    const other = platform("plan", "dr", "--diff", join(folder, "older.json"));
    assert.deepEqual([other.status, other.stdout], [2, ""]);
    assert.match(other.stderr, /holds the plan of global, not of dr/);
    assert.match(platform("plan", "dr", "--diff", cli).stderr, /is not valid JSON/);
    assert.match(platform("plan", "--diff", file).stderr, /compares one stack/);
  });

  it("GOV-11: judges a saved plan, exits 0 without a violation and 1 with one, and names rule and fix", () => {
    const global = planOf("global");
    const key = global.resources.find(
      ({ type, inputs }) => type === "aws:kms/key:Key" && inputs["enableKeyRotation"] === true,
    );
    assert.ok(key);
    // With the providers, which carry the tags of every resource.
    const providers = global.resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
    const fine = { ...global, resources: [...providers, key] };
    const turnedOff = { ...key, inputs: { ...key.inputs, enableKeyRotation: false } };
    const broken = { ...global, resources: [...providers, turnedOff] };
    writeFileSync(join(folder, "fine.json"), JSON.stringify(fine));
    writeFileSync(join(folder, "broken.json"), JSON.stringify(broken));
    const good = platform("check", "--plan", join(folder, "fine.json"), "--json");
    assert.equal(good.status, 0, good.stdout);
    assert.equal(JSON.parse(good.stdout).ok, true);
    const bad = platform("check", "--plan", join(folder, "broken.json"));
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /kms-rotation[\s\S]*enableKeyRotation[\s\S]*fix/);
    assert.ok(!bad.stdout.includes("\u001b"));
  });

  it("EKS-34, EDGE-09: overview finds dr equal to prod but for what is declared, and steering within its objective", () => {
    const report = join(folder, "report.html");
    const { status, stdout, stderr } = platform("overview", "--json", "--report", report);
    assert.equal(stderr, "");
    const { stacks, pair, steering } = JSON.parse(stdout);
    const judged: { stack: string; resources: number; verdict: { ok: boolean } }[] = stacks;
    assert.deepEqual(
      judged.map(({ stack }) => stack),
      ["global", "prod", "dr", "link"],
    );
    assert.equal(status, judged.every(({ verdict }) => verdict.ok) ? 0 : 1);
    assert.deepEqual(
      pair.differences.filter((difference: { declared: boolean }) => !difference.declared),
      [],
    );
    assert.equal(steering.length, 2);
    assert.ok(steering.every(({ seconds }: { seconds: number }) => seconds <= 30));
    assert.match(readFileSync(report, "utf8"), /^<!doctype html>/);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const report = join(folder, "interrupted.html");
    const child = spawn(process.execPath, [cli, "overview", "--report", report], {
      detached: true,
      stdio: "ignore",
    });
    const { pid } = child;
    assert.ok(pid);
    await sleep(1_000);
    child.kill("SIGINT");
    const [status] = await once(child, "exit");
    assert.equal(status, 130);
    const deadline = Date.now() + 10_000;
    while (groupLives(pid) && Date.now() < deadline) {
      await sleep(100);
    }
    assert.equal(groupLives(pid), false);
    assert.equal(existsSync(report), false);
  });
});

/** Whether any process of the group is there. */
function groupLives(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}
