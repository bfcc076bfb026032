/** Asks each question once, however many checks and stacks put it. */
export function memo(): <T>(key: string, read: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>) => {
    const known = answers.get(key) ?? read();
    answers.set(key, known);
    return known as Promise<T>;
  };
}

/** Everything of a paginated answer. */
export async function pages<Page, Item>(
  paginator: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of paginator) {
    found.push(...(itemsOf(page) ?? []));
  }
  return found;
}

export function tagMap(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
