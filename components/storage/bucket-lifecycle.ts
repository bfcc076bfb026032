/** What happens to the objects of a bucket as they age (C-54). */

export interface LifecycleInput {
  /** Days until a replaced or deleted version moves to Glacier; absent keeps it where it is. */
  readonly noncurrentGlacierDays?: number | undefined;
  /** Days until a replaced or deleted version is gone for good; absent keeps it for ever. */
  readonly noncurrentExpirationDays?: number | undefined;
  /** Days until a current object moves to Glacier; absent keeps it. */
  readonly glacierDays?: number | undefined;
  /** Whether a new object goes to Intelligent-Tiering at once. */
  readonly intelligentTiering?: boolean | undefined;
  /** Days until a current object expires; absent keeps it for ever. */
  readonly expirationDays?: number | undefined;
}

export interface LifecycleRule {
  readonly id: string;
  readonly status: "Enabled";
  readonly filter: Record<string, never>;
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
  readonly transitions?: { readonly days: number; readonly storageClass: string }[];
  readonly expiration?: { readonly days?: number; readonly expiredObjectDeleteMarker?: boolean };
  readonly noncurrentVersionTransitions?: {
    readonly noncurrentDays: number;
    readonly storageClass: string;
  }[];
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
}

/** An upload that nobody finished costs storage and shows in no listing. */
const ABANDONED_UPLOAD_DAYS = 7;
/** Glacier bills 90 days of storage at least, whenever an object goes. */
const GLACIER_MINIMUM_DAYS = 90;

/** The rules, one for each subject, so that a console shows which decision does what. */
export function lifecycleRules(input: LifecycleInput): LifecycleRule[] {
  const { expirationDays, glacierDays, noncurrentExpirationDays, noncurrentGlacierDays } = input;
  const rule = (id: string, body: Omit<LifecycleRule, "id" | "status" | "filter">): LifecycleRule => ({
    id,
    status: "Enabled",
    filter: {},
    ...body,
  });
  const transitions = [
    ...(input.intelligentTiering === true ? [{ days: 0, storageClass: "INTELLIGENT_TIERING" }] : []),
    ...(glacierDays === undefined ? [] : [{ days: glacierDays, storageClass: "GLACIER" }]),
  ];
  const noncurrent = {
    ...(noncurrentGlacierDays === undefined
      ? {}
      : {
          noncurrentVersionTransitions: [{ noncurrentDays: noncurrentGlacierDays, storageClass: "GLACIER" }],
        }),
    ...(noncurrentExpirationDays === undefined
      ? {}
      : { noncurrentVersionExpiration: { noncurrentDays: noncurrentExpirationDays } }),
  };
  return [
    rule("abandoned-uploads", {
      abortIncompleteMultipartUpload: { daysAfterInitiation: ABANDONED_UPLOAD_DAYS },
    }),
    ...(transitions.length === 0 ? [] : [rule("storage-class", { transitions })]),
    ...(expirationDays === undefined ? [] : [rule("expiration", { expiration: { days: expirationDays } })]),
    ...(Object.keys(noncurrent).length === 0 ? [] : [rule("noncurrent-versions", noncurrent)]),
    // A delete marker with no version behind it hides nothing and slows every listing.
    ...(noncurrentExpirationDays === undefined
      ? []
      : [rule("lone-delete-markers", { expiration: { expiredObjectDeleteMarker: true } })]),
  ];
}

/** Every reason why S3 would refuse the rules, or why they would cost more than they save. */
export function lifecycleProblems(input: LifecycleInput): string[] {
  const days = [
    "noncurrentGlacierDays",
    "noncurrentExpirationDays",
    "glacierDays",
    "expirationDays",
  ] as const;
  const found = days.flatMap((key) => {
    const value = input[key];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) return [];
    return [`${key}: ${value} is no number of days; give a whole number from 1, or leave it out`];
  });
  const order = [
    ["noncurrentGlacierDays", "noncurrentExpirationDays"],
    ["glacierDays", "expirationDays"],
  ] as const;
  for (const [glacier, expiration] of order) {
    const from = input[glacier];
    const until = input[expiration];
    if (from !== undefined && until !== undefined && until < from + GLACIER_MINIMUM_DAYS) {
      found.push(
        `${expiration}: ${until} is less than ${GLACIER_MINIMUM_DAYS} days after ${glacier} ${from}, and Glacier bills ${GLACIER_MINIMUM_DAYS}; raise it to ${from + GLACIER_MINIMUM_DAYS} or leave ${glacier} out`,
      );
    }
  }
  return found;
}
