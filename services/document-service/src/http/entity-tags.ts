import type { EntityTags } from "../documents/preconditions.ts";

const tag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g;
// A header cannot hold a line feed, so one can stand for a tag while the commas between them are checked.
const tagsAndCommas = /^[ \t,]*\n(?:[ \t]*,[ \t,]*\n)*[ \t,]*$/;

/** The value of If-Match or If-None-Match (RFC 9110, 13.1); undefined if it is malformed. */
export function parseEntityTags(header: string): EntityTags | undefined {
  if (header.trim() === "*") return "*";
  if (!tagsAndCommas.test(header.replace(tag, "\n"))) return undefined;
  return [...header.matchAll(tag)].map(([, weak, value = ""]) => ({ value, weak: weak !== undefined }));
}
