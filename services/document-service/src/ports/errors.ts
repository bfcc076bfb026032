/**
 * The store behind a port could not be reached, refused the call or answered too late. What the call did is unknown.
 */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** The content store answered, and it holds nothing under this key. */
export class ContentMissing extends Error {
  override readonly name = "ContentMissing";
  readonly key: string;

  constructor(key: string) {
    super(`No content is stored under ${key}`);
    this.key = key;
  }
}
