// What the Pulumi CLI loads. Plain JavaScript, because the CLI's starter hands a TypeScript entry to ts-node, which
// refuses relative imports that carry `.ts`; from here on Node strips the types itself.
import "./index.ts";
