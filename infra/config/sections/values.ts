/** Values that several sections of the configuration share. */
import { z } from "zod";

export const regionName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
  .meta({ description: "An AWS region.", allowed: "an AWS region name such as us-east-1" });
export const cidr = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)
  .meta({ description: "An IPv4 range.", allowed: "an IPv4 CIDR such as 10.0.0.0/16" });
export const version = (pattern: RegExp, example: string) =>
  z
    .string()
    .regex(pattern)
    .meta({ allowed: `a quoted version such as "${example}"` });
export const count = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

export const tagValue = z.string().regex(/^[\w.:/=+@ -]{1,128}$/);

export const on = z.boolean().default(true);
