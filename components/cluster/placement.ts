/** Where the pods of the platform itself run: on the managed on-demand group, spread over zones and hosts (C-26, C-30). */

export const SYSTEM_LABEL = { "platform/node-role": "system" } as const;

/** The one taint that AWS's own add-ons tolerate unasked. */
export const SYSTEM_TAINT = { key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" } as const;

const SYSTEM_TOLERATIONS = [{ key: SYSTEM_TAINT.key, operator: "Exists" }] as const;

/** Selector and toleration of a pod that belongs on the system nodes. */
export const ON_SYSTEM_NODES = {
  nodeSelector: { ...SYSTEM_LABEL },
  tolerations: SYSTEM_TOLERATIONS.map((toleration) => ({ ...toleration })),
} as const;

/** Even over zones, then over hosts; a preference, so that the loss of a zone does not leave pods unscheduled. */
export function evenSpread(matchLabels: Readonly<Record<string, string>>) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...matchLabels } },
  }));
}

/** The storage class of a volume that names none: encrypted gp3. */
export const DEFAULT_STORAGE_CLASS = "gp3";
