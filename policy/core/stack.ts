import type { PolicyResource, ReportViolation } from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy/proxy.js";
import { Inspection, knownOr } from "./inspection.ts";
import type { KnownType, PropsOf } from "./resource-inputs.ts";

/** A resource of the stack with typed properties: its outputs, which hold the inputs too. */
export interface StackResource<P> {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly props: P;
  readonly provider?: PolicyResource["provider"];
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/** All resources of a stack, as stack rules see them. Waived resources are left out of `inspect` and `report`. */
export class Stack {
  readonly #resources: readonly PolicyResource[];
  readonly #isWaived: (urn: string) => boolean;
  readonly #reportViolation: ReportViolation;
  #unknown: UnknownValueError | undefined;

  constructor(
    resources: readonly PolicyResource[],
    isWaived: (urn: string) => boolean,
    reportViolation: ReportViolation,
  ) {
    this.#resources = resources;
    this.#isWaived = isWaived;
    this.#reportViolation = reportViolation;
  }

  get all(): readonly StackResource<Readonly<Record<string, unknown>>>[] {
    return this.#resources;
  }

  ofType<T extends KnownType>(type: T): readonly StackResource<PropsOf<T>>[] {
    return this.#resources.filter(
      (resource): resource is PolicyResource & { props: PropsOf<T> } => resource.type === type,
    );
  }

  /**
   * Runs a check on one resource. What preview does not know there stays undecided without hiding the findings on
   * the others.
   */
  inspect<P>(resource: StackResource<P>, check: (props: P, inspection: Inspection) => void): void {
    if (this.#isWaived(resource.urn)) return;
    const inspection = new Inspection((message) => this.#reportViolation(message, resource.urn));
    inspection.attempt(() => check(resource.props, inspection));
    const { unknown } = inspection;
    if (unknown)
      this.#unknown ??= new UnknownValueError(unknown.unknownTypeSentinel, [resource.name, ...unknown.props]);
  }

  /** Tells the engine that something stayed undecided; called once, after everything was looked at. */
  finish(): void {
    if (this.#unknown) throw this.#unknown;
  }
}

/**
 * The resources among `parts` that configure `owner` through `property`, such as the public access block of a bucket.
 * A dependency says so even when the name is not known yet; a name written twice as plain text says so by value.
 */
export function partsOf<P, O>(
  parts: readonly StackResource<P>[],
  property: keyof P & string,
  owner: StackResource<O>,
  ownerName: (props: O) => unknown,
): readonly StackResource<P>[] {
  return parts.filter((part) => {
    const dependencies = part.propertyDependencies[property] ?? [];
    if (dependencies.some(({ urn }) => urn === owner.urn)) return true;
    const name = knownOr(() => part.props[property], undefined);
    return name !== undefined && name === knownOr(() => ownerName(owner.props), undefined);
  });
}
