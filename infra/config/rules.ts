/** What no single key can tell: rules between keys. Each rule looks only at parts that are themselves well formed. */
import { optionRules, sizeRules } from "./option-rules.ts";
import { Parts, type Raw } from "./parts.ts";
import type { ConfigProblem } from "./problems.ts";
import { cidrRules, regionRules, scopeRules, weightRules } from "./region-rules.ts";

/**
 * @param raw decoded values as written
 * @param broken keys that already have a problem of their own
 */
export function crossFieldProblems(raw: Raw, broken: ReadonlySet<string>): ConfigProblem[] {
  const parts = new Parts(raw, broken);
  return [
    ...regionRules(parts),
    ...weightRules(parts),
    ...cidrRules(parts),
    ...scopeRules(parts),
    ...sizeRules(parts),
    ...optionRules(parts),
  ];
}
