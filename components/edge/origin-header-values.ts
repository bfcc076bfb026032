/** Names of the values that CloudFront shows to load balancers, and of the secrets that hold them. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One while nothing changes, two while one value follows another; an accepted header takes three at most. */
const MOST_VALUES = 3;

/** Secret that holds the value called `value`, the same in every region. */
export function originHeaderSecretName(secretName: string, value: string): string {
  return `${secretName}/${value}`;
}

/** Everything wrong with the names, one sentence each. */
export function originHeaderProblems(values: readonly string[], sends: string): string[] {
  const found: string[] = [];
  if (values.length === 0 || values.length > MOST_VALUES) {
    found.push(
      `values: has ${values.length} names; give the value in use, and the next one while it is changed`,
    );
  }
  for (const value of values.filter((name) => !/^[a-z0-9]{1,5}$/.test(name))) {
    found.push(`values: "${value}" is no name; use up to 5 lower-case letters and digits, such as v2`);
  }
  for (const value of new Set(values.filter((name, index) => values.indexOf(name) < index))) {
    found.push(`values: "${value}" is named twice; name every value once`);
  }
  if (!values.includes(sends)) {
    found.push(
      `sends: "${sends}" is none of values (${values.join(", ") || "none"}); load balancers would refuse every request`,
    );
  }
  return found;
}

/**
 * What a region's load balancer accepts: the value of each secret of `secretIds`, read from the region's own copies, in the region
 * of the provider in `opts`. Secret. An error when one has not been made yet: run `pulumi up` of the `global` stack first.
 */
export function acceptedOriginHeaderValues(
  secretIds: readonly pulumi.Input<string>[],
  opts: pulumi.InvokeOptions,
): pulumi.Output<string>[] {
  return secretIds.map((secretId) =>
    pulumi.secret(aws.secretsmanager.getSecretVersionOutput({ secretId }, opts).secretString),
  );
}
