/** URNs, provider references and type tokens, as the engine writes them. */
import { createHash } from "node:crypto";

export const STACK_TYPE = "pulumi:pulumi:Stack";
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";
const PROVIDER_PREFIX = "pulumi:providers:";

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types of the ancestors and the resource, joined by `$`. */
  readonly qualifiedType: string;
  readonly name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [head, project, qualifiedType, ...name] = urn.split("::");
  const stack = head?.startsWith("urn:pulumi:") ? head.slice("urn:pulumi:".length) : undefined;
  if (stack === undefined || project === undefined || qualifiedType === undefined || name.length === 0) {
    throw new Error(`"${urn}" is not a URN (urn:pulumi:<stack>::<project>::<type>::<name>)`);
  }
  return { stack, project, qualifiedType, name: name.join("::") };
}

export function urnType(urn: string): string {
  return parseUrn(urn).qualifiedType.split("$").at(-1) ?? "";
}

export function urnName(urn: string): string {
  return parseUrn(urn).name;
}

/** The root stack is no part of its children's types. */
export function makeUrn(
  where: { stack: string; project: string },
  parent: string,
  type: string,
  name: string,
): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const qualified = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${where.stack}::${where.project}::${qualified}::${name}`;
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

export function providerPackage(type: string): string {
  return type.slice(PROVIDER_PREFIX.length);
}

export function providerType(packageName: string): string {
  return PROVIDER_PREFIX + packageName;
}

/** The package that owns a type; a provider resource is owned by the package it configures. */
export function packageOf(type: string): string {
  return isProviderType(type) ? providerPackage(type) : (type.split(":")[0] ?? "");
}

/** A provider reference is `<urn>::<id>`; the id may be unknown. */
export function referenceUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** A UUID that is always the same for the same URN, so that two plans of one program are equal. */
export function identifier(urn: string): string {
  const hex = createHash("sha256").update(urn).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
