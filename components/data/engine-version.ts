/** Versions of Aurora PostgreSQL. */

/** First 15.x with write forwarding between regions, and the oldest version that was asked for (C-12, DATA-05). */
const FLOOR = { major: 15, minor: 4 };

export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
}

/** `16.6` as numbers; undefined for anything else, a major version alone included: AWS would then choose the minor. */
export function parseEngineVersion(text: string): EngineVersion | undefined {
  const match = /^([1-9]\d)\.(\d{1,2})$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Sentences on why `text` is no version to use; none when it is. */
export function engineVersionProblems(text: string): string[] {
  const version = parseEngineVersion(text);
  if (version === undefined) {
    return [
      `engineVersion: "${text}" is no Aurora PostgreSQL version; write major and minor, such as "16.6"`,
    ];
  }
  const { major, minor } = version;
  if (major > FLOOR.major || (major === FLOOR.major && minor >= FLOOR.minor)) return [];
  return [
    `engineVersion: "${text}" is older than 15.4, the first with write forwarding between regions; use 15.4 or newer`,
  ];
}

/** Family of the parameter groups of a version that has no problems. */
export function parameterGroupFamily(text: string): string {
  return `aurora-postgresql${parseEngineVersion(text)?.major ?? ""}`;
}

/** A parameter of a group. All that are set here take effect at once; saying so keeps the next preview empty. */
export function parameter(name: string, value: string) {
  return { name, value, applyMethod: "immediate" };
}
