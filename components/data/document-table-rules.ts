/** What a DynamoDB global table may look like, and why not. */

export interface TableIndex {
  /** Name of the index. */
  readonly name: string;
  /** Attribute that items are found by, a string. */
  readonly partitionKey: string;
  /** Attribute that items are ordered by, a string. @default none */
  readonly sortKey?: string | undefined;
  /** Whether the index holds whole items or their keys. @default "KEYS_ONLY" */
  readonly projection?: "ALL" | "KEYS_ONLY" | undefined;
}

export interface TableShape {
  readonly regions: readonly string[];
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: readonly TableIndex[];
  readonly ttlAttribute?: string | undefined;
  readonly consistencyMode: "eventual" | "strong";
  readonly witnessRegion?: string | undefined;
}

/** Names of all attributes that are part of a key, each once: DynamoDB refuses to declare others. */
export function keyAttributes({ indexes, partitionKey, sortKey }: TableShape): string[] {
  const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return [...new Set(keys)].filter((key) => key !== undefined).sort();
}

/** Every reason why DynamoDB would refuse the table. */
export function tableProblems(shape: TableShape): string[] {
  return [...namingProblems(shape), ...consistencyProblems(shape)];
}

/** DynamoDB allows 20 indexes a table unless the account's quota is raised. */
const MOST_INDEXES = 20;

function namingProblems({ indexes, partitionKey, sortKey, ttlAttribute }: TableShape): string[] {
  const found: string[] = [];
  if (partitionKey === "") found.push('partitionKey: "" is empty; name an attribute');
  if (sortKey === "" || sortKey === partitionKey) {
    found.push(`sortKey: "${sortKey}" is empty or the partition key; name another attribute`);
  }
  if (ttlAttribute === "") found.push('ttlAttribute: "" is empty; name an attribute or leave it out');
  const names = indexes.map(({ name }) => name);
  for (const name of new Set(names.filter((each, place) => names.indexOf(each) !== place))) {
    found.push(`indexes: "${name}" is named twice; give every index a name of its own`);
  }
  for (const name of names.filter((each) => !/^[\w.-]{3,255}$/.test(each))) {
    found.push(
      `indexes: "${name}" is no index name; use 3 to 255 letters, digits, dots, hyphens and underscores`,
    );
  }
  if (indexes.length > MOST_INDEXES) {
    found.push(
      `indexes: ${indexes.length} are more than the ${MOST_INDEXES} that DynamoDB allows; leave some out`,
    );
  }
  return found;
}

/** Strong consistency needs three places to agree; a witness keeps no data and counts as one. */
function consistencyProblems({
  consistencyMode,
  regions,
  ttlAttribute,
  witnessRegion,
}: TableShape): string[] {
  if (consistencyMode === "eventual") {
    if (witnessRegion === undefined) return [];
    return [`witnessRegion: "${witnessRegion}" has no use in consistencyMode eventual; leave it out`];
  }
  const found: string[] = [];
  const places = regions.length + (witnessRegion === undefined ? 0 : 1);
  if (places !== 3 || regions.length === 1) {
    found.push(
      `consistencyMode: strong needs three regions, or two and a witnessRegion, but ${regions.length} and ${witnessRegion === undefined ? "no" : "a"} witnessRegion are given; add a region, add a witness, or use eventual`,
    );
  }
  if (witnessRegion !== undefined && regions.includes(witnessRegion)) {
    found.push(`witnessRegion: "${witnessRegion}" is also one of regions; name a region without a replica`);
  }
  if (ttlAttribute !== undefined) {
    found.push(`ttlAttribute: "${ttlAttribute}" cannot be had in consistencyMode strong; leave it out`);
  }
  return found;
}
