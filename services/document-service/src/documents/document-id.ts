/** Letters, digits and three marks that need no escaping in a URL, a file name, an S3 key or a log line. */
export const documentIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const documentIdRule =
  "1 to 128 characters: letters, digits, dot, underscore and hyphen, beginning with a letter or a digit";

/** The immutable place of one version's content. An id holds no slash, so the key can be taken apart again. */
export function contentKey(of: { readonly id: string; readonly version: string }): string {
  return `${of.id}/${of.version}`;
}

/** Undefined for a key that this service did not make. */
export function parseContentKey(key: string): { id: string; version: string } | undefined {
  const [id, version, ...rest] = key.split("/");
  if (!id || !version || rest.length > 0 || !documentIdPattern.test(id)) return undefined;
  return { id, version };
}
