import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const cli = join(import.meta.dirname, "cli.ts");

function platform(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: "utf8" });
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
