/**
 * `@pulumi/policy` exports these two at run time but marks them internal, so its declarations lack them. Rules need
 * them to tell "not known during preview" from every other error.
 */
import "@pulumi/policy/proxy.js";

declare module "@pulumi/policy/proxy.js" {
  /** Wraps inputs as the analyzer does: reading an unknown value throws `UnknownValueError`. */
  export function unknownCheckingProxy<T extends object>(inputs: T): T;
  export class UnknownValueError extends Error {
    /** `sentinel` is the marker that stands for the unknown value, `path` the property path that led to it. */
    constructor(sentinel: string, path: readonly (string | symbol)[]);
    readonly unknownTypeSentinel: string;
    readonly props: readonly (string | symbol)[];
  }
  export const unknownStringValue: string;
}
