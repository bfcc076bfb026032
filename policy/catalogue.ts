import type { Rule } from "./core/rule.ts";
import { rdsEncrypted } from "./rules/data/rds-encrypted.ts";

/** Every rule of the pack, in the order in which documents list them: by area, then by id. */
export const catalogue: readonly Rule[] = [rdsEncrypted];
