import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The type tokens of every AWS resource that takes `tags` as a map, read from the installed provider SDK. The pack
 * keeps them as a file because it loads no SDK; after a provider upgrade `npx node policy/testing/taggable-types.ts`
 * prints the new list for rules/platform/taggable-types.json.
 */
export function taggableTypes(
  sdk = path.join(import.meta.dirname, "../../node_modules/@pulumi/aws"),
): string[] {
  const types = readdirSync(sdk, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: module }) =>
      readdirSync(path.join(sdk, module)).map((file) => path.join(sdk, module, file)),
    )
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => {
      const source = readFileSync(file, "utf8");
      const type = /__pulumiType = '([^']+)'/.exec(source)?.[1];
      if (type === undefined || !source.includes('resourceInputs["tags"] = args?.tags;')) return [];
      const declared = readFileSync(file.replace(/\.js$/, ".d.ts"), "utf8");
      return /^ {4}tags\?: pulumi\.Input<\{$/m.test(declared) ? [type] : [];
    });
  return types.sort();
}

if (import.meta.main) console.log(JSON.stringify(taggableTypes(), undefined, 2));
