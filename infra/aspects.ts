/** What holds for every resource of a kind, whoever makes it; applied here and nowhere else. Tags are on the providers. */
import * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAGS, TAGGED_TYPES } from "../components/backup/backup-rules.ts";

/**
 * Bounds every role that is made after this call. Both scopes of one stack may call it: the first bound stays.
 * A remote component's children are out of reach; their component takes the boundary as an argument.
 */
export function boundRoles(boundaryArn: pulumi.Input<string>): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:iam/role:Role" && props["permissionsBoundary"] === undefined
      ? { props: { ...props, permissionsBoundary: boundaryArn }, opts }
      : undefined,
  );
}

/** Buckets whose objects have no other source; the others hold logs, evidence or switches. */
const BACKED_UP_BUCKETS = /^documents-content-/;

/** Tags what AWS Backup selects by tag: every store it covers, and of the buckets those with data of their own. */
export function tagForBackup(): void {
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const covered =
      TAGGED_TYPES.includes(type) && (!type.endsWith(":Bucket") || BACKED_UP_BUCKETS.test(name));
    return covered ? { props: { ...props, tags: { ...props["tags"], ...BACKUP_TAGS } }, opts } : undefined;
  });
}
