/** Numbers of a BGP session, checked before AWS refuses them after minutes. */

const FIRST_PRIVATE_ASN = 64512;
const LAST_PRIVATE_ASN = 65534;
/** A VPN's customer gateway takes one more, a virtual interface does not. */
const LAST_ASN = 2 ** 31 - 2;

/** The AWS side: a private 16-bit number. */
export function asnProblems(argument: string, asn: number): string[] {
  return Number.isInteger(asn) && asn >= FIRST_PRIVATE_ASN && asn <= LAST_PRIVATE_ASN
    ? []
    : [`${argument} ${asn} is not a private ASN: use ${FIRST_PRIVATE_ASN} to ${LAST_PRIVATE_ASN}`];
}

/** The customer's side: any 16- or 31-bit number. */
export function customerAsnProblems(argument: string, asn: number): string[] {
  return Number.isInteger(asn) && asn >= 1 && asn <= LAST_ASN
    ? []
    : [`${argument} ${asn} is not an ASN: use 1 to ${LAST_ASN}`];
}
