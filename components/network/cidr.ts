/**
 * IPv4 address blocks: reading, comparing and carving. A block with host bits set is refused and never moved: a network
 * that silently starts elsewhere than its author wrote is found only when two of them have to be joined.
 */

/** Addresses as plain numbers (0 to 2^32 - 1): JavaScript's bit operators are signed and would turn 128.0.0.0 negative. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
}

const ADDRESS_BITS = 32;
const SYNTAX = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Reads `10.0.0.0/16`. Throws on anything else, with the aligned block when only the alignment is wrong. */
export function parseCidr(text: string): Cidr {
  const numbers = (SYNTAX.exec(text) ?? []).slice(1);
  const [prefix = Number.NaN, ...octets] = [numbers[4], ...numbers.slice(0, 4)].map(Number);
  const wellFormed =
    numbers.length === 5 &&
    prefix <= ADDRESS_BITS &&
    octets.every((octet) => octet <= 255) &&
    numbers.every((digits) => digits === String(Number(digits)));
  if (!wellFormed) {
    throw new Error(
      `"${text}" is not an IPv4 block: write four numbers from 0 to 255 and a prefix, for example 10.0.0.0/16`,
    );
  }
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = address - (address % addressCount({ prefix }));
  if (first !== address) {
    const aligned = formatCidr({ first, prefix });
    throw new Error(
      `"${text}" does not start on a /${prefix} boundary: write ${aligned} if that block is meant`,
    );
  }
  return { first, prefix };
}

export function formatCidr({ first, prefix }: Cidr): string {
  const octets = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(first / unit) % 256);
  return `${octets.join(".")}/${prefix}`;
}

export function addressCount({ prefix }: Pick<Cidr, "prefix">): number {
  return 2 ** (ADDRESS_BITS - prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + addressCount(inner) <= outer.first + addressCount(outer);
}

/** Two aligned blocks share an address exactly when one holds the other. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The same for blocks as they are written in config. */
export function cidrsOverlap(a: string, b: string): boolean {
  return overlap(parseCidr(a), parseCidr(b));
}

/** The block number `index`, counted from 0, when `parent` is cut into blocks of `prefix`. */
export function carve(parent: Cidr, prefix: number, index: number): Cidr {
  const blocks = 2 ** (prefix - parent.prefix);
  if (
    prefix < parent.prefix ||
    prefix > ADDRESS_BITS ||
    !Number.isInteger(index) ||
    index < 0 ||
    index >= blocks
  ) {
    throw new RangeError(`${formatCidr(parent)} has no /${prefix} block number ${index}`);
  }
  return { first: parent.first + index * addressCount({ prefix }), prefix };
}

/** Ranges that no one routes on the internet (RFC 1918), and the carrier range that VPCs may add for pods (RFC 6598). */
export const PRIVATE_RANGES: readonly Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(
  parseCidr,
);
export const CARRIER_RANGE: Cidr = parseCidr("100.64.0.0/10");
