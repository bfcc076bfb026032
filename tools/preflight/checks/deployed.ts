/** Whether a stack is up already: then nothing of what its plan counts is asked for a second time. */
import type { StackContext } from "../context.ts";
import { type Finding, findingsOf, isOwn } from "../finding.ts";
import { chosenName, planned } from "../planned.ts";

export async function isDeployed({ stack, plan, regions, facts }: StackContext): Promise<boolean> {
  const found = await Promise.all([
    ...regions.map(async (region) => {
      const networks = await facts.network.networks(region);
      return networks.known && networks.value.some(({ tags }) => isOwn(stack, tags));
    }),
    ...regions.flatMap((region) =>
      planned(plan, "s3/bucket:Bucket", region).flatMap((resource) => {
        const name = chosenName(resource, "bucket");
        return name === undefined ? [] : [isOwnBucket({ stack, facts }, region, name)];
      }),
    ),
  ]);
  return found.includes(true);
}

async function isOwnBucket(
  { stack, facts }: Pick<StackContext, "stack" | "facts">,
  region: string,
  name: string,
): Promise<boolean> {
  const bucket = await facts.account.bucket(region, name);
  if (!bucket.known || bucket.value.state !== "present") {
    return false;
  }
  const tags = await facts.account.bucketTags(region, name);
  return tags.known && isOwn(stack, tags.value);
}

export const quotasOfDeployed: Finding = findingsOf("quota").note({
  about: "quotas",
  is: "resources of this stack exist, so it is up already in whole or in part: quotas are not judged",
});
