/**
 * One switch for every component that holds data.
 *
 * `retain`: Pulumi refuses to delete or replace the resource, a resource dropped from the program stays in AWS, and the
 * service's own deletion protection is on. `release`: none of that, no final snapshot, no waiting time, and objects and
 * images go with their bucket or repository. To destroy a stack: set `release`, run `up` (which records it), then
 * `destroy`. Nothing is deleted or replaced by the `up` itself.
 */
export type DataProtection = "retain" | "release";

export interface ProtectionOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

/** Resource options of a resource that holds data. */
export function protectionOptions(dataProtection: DataProtection): ProtectionOptions {
  const retained = dataProtection === "retain";
  return { protect: retained, retainOnDelete: retained };
}
