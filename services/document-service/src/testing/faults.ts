import { StoreUnavailable } from "../ports/errors.ts";

/** down: refuses at once. throws: does so before there is a promise. hangs: never answers. answer-lost: does it and then fails. */
export type Fault = "down" | "throws" | "hangs" | "answer-lost";

export class Faults {
  #fault: Fault | undefined;
  #method: string | undefined;
  #remaining = 0;

  /** From now on, in this method or in all of them, so many times. */
  inject(
    fault: Fault,
    { method, times = Number.POSITIVE_INFINITY }: { method?: string; times?: number } = {},
  ): void {
    this.#fault = fault;
    this.#method = method;
    this.#remaining = times;
  }

  heal(): void {
    this.#fault = undefined;
  }

  /** The fault that this call meets, if any. */
  take(method: string): Fault | undefined {
    if (this.#fault === undefined || (this.#method !== undefined && this.#method !== method))
      return undefined;
    if (this.#remaining <= 0) return undefined;
    this.#remaining -= 1;
    return this.#fault;
  }
}

export interface Wrapped<Port> {
  readonly port: Port;
  readonly faults: Faults;
}

/** A port that fails on demand and writes each call to the journal as `name.method`. */
export function withFaults<Port extends object>(
  name: string,
  target: Port,
  journal: string[],
): Wrapped<Port> {
  const faults = new Faults();
  const port = new Proxy(target, {
    get(real, property) {
      const member: unknown = Reflect.get(real, property);
      if (typeof member !== "function" || typeof property === "symbol") return member;
      return (...args: unknown[]): unknown => {
        journal.push(`${name}.${property}`);
        const fault = faults.take(property);
        if (fault === "throws") throw new Error(`${name}.${property} threw`);
        if (fault === "down") return Promise.reject(new StoreUnavailable(`${name} is down`));
        if (fault === "hangs") return new Promise(() => undefined);
        const result: unknown = Reflect.apply(member, real, args);
        if (fault === undefined) return result;
        return Promise.resolve(result).then(() => {
          throw new StoreUnavailable(`${name} did it, and the answer was lost`);
        });
      };
    },
  });
  return { port, faults };
}
