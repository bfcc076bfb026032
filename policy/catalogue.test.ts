import { deepEqual, equal, match, ok } from "node:assert/strict";
import { globSync } from "node:fs";
import { areas, catalogue } from "./catalogue.ts";
import { frameworks } from "./core/controls.ts";

const filesOf = (pattern: string) => globSync(pattern, { cwd: import.meta.dirname }).sort();

describe("rule catalogue", () => {
  it("GOV-11: lists every rule file under its area, with a test beside it", () => {
    const listed = Object.entries(areas).flatMap(([area, rules]) =>
      rules.map(({ id }) => `rules/${area}/${id}.ts`),
    );
    const files = filesOf("rules/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
    deepEqual(listed.toSorted(), files);
    deepEqual(
      filesOf("rules/**/*.test.ts"),
      files.map((file) => file.replace(/\.ts$/, ".test.ts")),
    );
  });

  it("gives each rule an id of its own, and none that the engine keeps for itself", () => {
    const ids = catalogue.map(({ id }) => id);
    deepEqual(ids.length, new Set(ids).size);
    ok(!ids.includes("all"));
    for (const id of ids) match(id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
  });

  for (const rule of catalogue)
    it(`${rule.id} says what, why, how to mend it and what it serves`, () => {
      for (const sentence of [rule.why, rule.remediation]) match(sentence, /^[A-Z].{20,}[^\s]\.$/s);
      match(rule.title, /^[A-Z][^\n]{15,120}[^.]$/);
      match(rule.url, /^https:\/\/[a-z0-9.]+\/[^\s]+$/);
      ok(rule.types.length > 0 && rule.controls.length > 0 && rule.requirements.length > 0);
      for (const { framework, id } of rule.controls) {
        ok(framework in frameworks);
        match(id, controlIds[framework]);
      }
      for (const row of rule.requirements) match(row, /^[A-Z]+-\d{2}$/);
    });

  it("gives every rule a schema that the engine can read, with meanings and waivers", () => {
    for (const rule of catalogue) {
      const { configSchema, name } = rule.policy();
      equal(name, rule.id);
      ok(configSchema?.properties["waivers"]);
      for (const [key, schema] of Object.entries(configSchema.properties))
        ok((schema.description ?? "").length > 10, `${rule.id}.${key} has no description`);
    }
  });
});

const controlIds = {
  "SOC 2": /^(CC[1-9]\.\d|A1\.[123])$/,
  "ISO 27001": /^A\.[5-8]\.\d{1,2}$/,
  "PCI DSS": /^\d{1,2}(\.\d{1,2}){1,3}$/,
  GDPR: /^Art\. \d{1,2}(\(\d\)(\([a-z]\))?)?$/,
} as const;
