/** When a canary's results are told, and to whom (OBS-28 to OBS-30, GAP-16). Pure. */
import type { AlertSeverity } from "../security/alert-rules.ts";
import { goodPercentAt, SLOW_BURN } from "./slo.ts";

export interface CanaryAlarm {
  /** Part of the alarm's name. */
  readonly key: string;
  readonly severity: AlertSeverity;
  /** A step of the run; absent for the run as a whole. */
  readonly step?: string;
  readonly settings: {
    readonly alarmDescription: string;
    readonly metricName: "Duration" | "SuccessPercent";
    readonly statistic?: "Average";
    readonly extendedStatistic?: "p95";
    readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
    readonly threshold: number;
    /** Seconds. */
    readonly period: number;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
    readonly treatMissingData: "breaching" | "ignore";
  };
}

export interface CanaryAlarmsInput {
  /** Names of the steps whose duration is judged. */
  readonly steps: readonly string[];
  readonly intervalMinutes: number;
  readonly availabilityPercent: number;
  readonly latencyMilliseconds: number;
}

const SIX_HOURS = 6 * 3600;

export function canaryAlarms(input: CanaryAlarmsInput): CanaryAlarm[] {
  const threshold = goodPercentAt(input.availabilityPercent, SLOW_BURN);
  return [
    {
      key: "outage",
      severity: "page",
      settings: {
        alarmDescription: "Three of five runs failed, or the canary does not run",
        metricName: "SuccessPercent",
        statistic: "Average",
        comparisonOperator: "LessThanThreshold",
        threshold: 100,
        period: input.intervalMinutes * 60,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        // A canary that has fallen silent watches nothing.
        treatMissingData: "breaching",
      },
    },
    {
      key: "slow-burn",
      severity: "notice",
      settings: {
        alarmDescription: `Less than ${threshold} % of the runs of six hours succeeded: the budget of ${input.availabilityPercent} % is gone in five days`,
        metricName: "SuccessPercent",
        statistic: "Average",
        comparisonOperator: "LessThanThreshold",
        threshold,
        period: SIX_HOURS,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        treatMissingData: "ignore",
      },
    },
    ...input.steps.map((step): CanaryAlarm => slow(step, input)),
  ];
}

function slow(step: string, { intervalMinutes, latencyMilliseconds }: CanaryAlarmsInput): CanaryAlarm {
  return {
    key: `slow-${step}`,
    severity: "notice",
    step,
    settings: {
      alarmDescription: `${step}: 1 of 20 answers took longer than ${latencyMilliseconds} ms`,
      metricName: "Duration",
      extendedStatistic: "p95",
      comparisonOperator: "GreaterThanThreshold",
      threshold: latencyMilliseconds,
      // Twenty runs: the fewest of which 95 % is not all.
      period: intervalMinutes * 20 * 60,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "ignore",
    },
  };
}
