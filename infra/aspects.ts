/** What holds for every resource of a kind, whoever makes it; applied here and nowhere else. Tags are on the providers. */
import * as pulumi from "@pulumi/pulumi";

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
