/** Where Pulumi keeps the state: a failover runs `up` on a region while us-east-1 may be gone. */
import type { Facts } from "../context.ts";
import type { Fact } from "../fact.ts";
import { type Finding, findingsOf } from "../finding.ts";

const backend = findingsOf("state");
const ABOUT = "state backend";
const NEEDS = "state that a failover reaches while a region is down";
const LOGIN = "pulumi login 's3://<replicated bucket>?region=us-west-2'";

/** `url` as in PULUMI_BACKEND_URL or `backend.url` of Pulumi.yaml; without one Pulumi uses what `pulumi login` chose. */
export async function checkBackend(
  { url, primaryRegion }: { readonly url: string | undefined; readonly primaryRegion: string },
  { account }: Pick<Facts, "account">,
): Promise<Finding> {
  const bucket = bucketOf(url);
  if (bucket === undefined) {
    return judgeUrl(url);
  }
  const home = await account.bucket(bucket.region ?? primaryRegion, bucket.name);
  if (!home.known) {
    return backend.unknown(ABOUT, home.why);
  }
  if (home.value.state === "absent" || home.value.state === "closed") {
    return backend.stop({
      about: ABOUT,
      is:
        home.value.state === "absent"
          ? `the bucket ${bucket.name} does not exist`
          : `these credentials may not read the bucket ${bucket.name}`,
      needs: "a bucket for the state",
      fix: [LOGIN],
    });
  }
  const { region } = home.value;
  return judgeBucket(bucket.name, region, await account.replicates(region, bucket.name));
}

export function judgeUrl(url: string | undefined): Finding {
  if (url === undefined) {
    return backend.note({
      about: ABOUT,
      is: "neither PULUMI_BACKEND_URL nor Pulumi.yaml names it, so it is what `pulumi login` last chose",
      needs: NEEDS,
      fix: ["pulumi whoami --verbose", LOGIN],
    });
  }
  return url.startsWith("file:")
    ? backend.note({ about: ABOUT, is: "the state is on one machine", needs: NEEDS, fix: [LOGIN] })
    : backend.ok(ABOUT, `${new URL(url).protocol}//${new URL(url).host} is not in a region of AWS`);
}

export function judgeBucket(name: string, region: string, replicates: Fact<boolean>): Finding {
  if (region !== "us-east-1") {
    return backend.ok(ABOUT, `${name} is in ${region}`);
  }
  if (!replicates.known) {
    return backend.unknown(ABOUT, replicates.why);
  }
  return replicates.value
    ? backend.ok(ABOUT, `${name} is in us-east-1 and replicates to another region`)
    : backend.note({
        about: ABOUT,
        is: `${name} is in us-east-1 only`,
        needs: NEEDS,
        fix: [
          `aws s3api put-bucket-replication --bucket ${name} --replication-configuration file://replication.json`,
          LOGIN,
        ],
      });
}

function bucketOf(url: string | undefined): { readonly name: string; readonly region?: string } | undefined {
  if (url === undefined || !url.startsWith("s3:")) {
    return undefined;
  }
  const { host, searchParams } = new URL(url);
  const region = searchParams.get("region");
  return { name: host, ...(region === null ? {} : { region }) };
}
