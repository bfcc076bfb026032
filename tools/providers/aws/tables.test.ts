import assert from "node:assert/strict";
import { COMPUTED } from "./computed.ts";
import { REPLACING } from "./replacement.ts";
import { typeSchema } from "./schema.ts";

const ALWAYS_KNOWN = ["account", "id", "logical", "partition", "region"];

describe("the aws provider's tables against the installed SDK", () => {
  for (const [type, entry] of Object.entries(COMPUTED)) {
    it(`${type} computes outputs that the type has, from properties that it has`, () => {
      const outputs = typeSchema(type)?.outputs;
      assert(outputs, `@pulumi/aws has no type ${type}`);
      const unknown = Object.keys(entry).filter((key) => key !== "id" && !outputs.has(key));
      assert.deepEqual(unknown, []);
      const used = [...JSON.stringify(entry).matchAll(/\{([\w.|]+)\}/g)].flatMap((match) =>
        (match[1] ?? "").split("|"),
      );
      const missing = used
        .map((path) => path.split(".")[0] ?? "")
        .filter((key) => !outputs.has(key) && !ALWAYS_KNOWN.includes(key));
      assert.deepEqual(missing, []);
    });
  }

  for (const [type, properties] of Object.entries(REPLACING)) {
    it(`${type} is replaced by inputs that the type has`, () => {
      const schema = typeSchema(type);
      assert(schema, `@pulumi/aws has no type ${type}`);
      assert.deepEqual(
        properties.filter((property) => !schema.inputs.has(property)),
        [],
      );
    });
  }
});
