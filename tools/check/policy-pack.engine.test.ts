import { deepEqual, equal } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { LocalWorkspace, type PolicyEvent, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { findCli } from "../engine/cli.ts";
import { planProgram } from "../plan/index.ts";
import { PACK_FOLDER } from "./analyzer.ts";
import { checkPlan } from "./check.ts";
import { violatingProgram } from "./fixture.ts";

const project = "document-platform";
const stackName = "test";
const root = join(import.meta.dirname, "../..");

/** The CLI's Node host is not everywhere; without it the CLI starts a pack by a program of this name on the PATH. */
const packStarter = `#!/bin/sh
exec "${process.execPath}" "${join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack")}" "$1" "$PWD"
`;

/** Accepts every resource; what it does not return, preview does not know. */
const provider = `
const { provider } = require("@pulumi/pulumi");
provider.main({
  version: "7.48.0",
  check: async (_urn, _olds, inputs) => ({ inputs }),
  create: async (_urn, inputs) => ({ id: "created", outs: inputs }),
}, ["127.0.0.1:1"]);
`;

describe("policy pack on the real engine", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "policy-pack-"));
  let awsProvider: ChildProcess;
  let awsPort = "";
  let cliRoot = "";

  before(async function () {
    const cli = await findCli();
    if ("missing" in cli) {
      console.log(`    skipped: ${cli.missing}`);
      this.skip();
    }
    // The Automation API looks for bin/pulumi below a root.
    cliRoot = dirname(dirname(cli.path));
    writeFileSync(join(folder, "pulumi-analyzer-policy-nodejs"), packStarter, { mode: 0o755 });
    awsProvider = spawn(process.execPath, ["-e", provider], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(awsProvider.stdout ?? awsProvider, "data");
    awsPort = String(line).trim();
  });
  after(() => {
    awsProvider?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function previewed(
    config: object,
  ): Promise<{ readonly failed: boolean; readonly events: PolicyEvent[] }> {
    const settings = join(folder, "settings.json");
    writeFileSync(settings, JSON.stringify(config));
    const envVars = {
      PATH: [folder, process.env["PATH"]].join(delimiter),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "not a secret",
      PULUMI_DEBUG_PROVIDERS: `aws:${awsPort}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const program = async () => violatingProgram();
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName: project, program },
      { envVars, pulumiCommand: await PulumiCommand.get({ root: cliRoot }) },
    );
    const events: PolicyEvent[] = [];
    const onEvent = (event: { policyEvent?: PolicyEvent }) =>
      void (event.policyEvent && events.push(event.policyEvent));
    const options = { policyPacks: [PACK_FOLDER], policyPackConfigs: [settings], onEvent };
    const failed = await stack.preview(options).then(
      () => false,
      () => true,
    );
    return { failed, events };
  }

  it("GOV-11: says about a program what the offline check says about its plan", async () => {
    const policyConfig = { "provider-region": { regions: ["us-east-1"] }, "s3-encrypted": "advisory" };
    const { failed, events } = await previewed(policyConfig);
    const plan = await planProgram(violatingProgram, { mode: "preview", project, stack: stackName });
    const verdict = await checkPlan(plan, { policyConfig });
    const offline = verdict.violations.map(({ rule, level, urn, title, message }) =>
      [rule, level, urn, `${title}\n${message}`].join(" | "),
    );
    const real = events
      .filter(({ message }) => !message.includes("can't run policy"))
      .map(({ policyName, enforcementLevel, resourceUrn, message }) =>
        [policyName, enforcementLevel, resourceUrn, message.trim()].join(" | "),
      );
    deepEqual([...new Set(events.map(({ policyName }) => policyName))].sort(), [
      "data-protected",
      "kms-rotation",
      "provider-region",
      "required-tags",
      "s3-encrypted",
      "s3-public-access-blocked",
      "s3-tls-only",
      "s3-versioned",
    ]);
    deepEqual(real.sort(), offline.sort());
    equal(failed, !verdict.ok);
  });
});
