/** Which events exist and who listens to them. */
import type { Json } from "../json.ts";
import { type QueueShape, queueProblems } from "./queue-policies.ts";

/** `all`, or an SNS filter policy over message attributes, such as `{ type: ["OrderPlaced"] }`. */
export type EventFilter = "all" | { readonly [attribute: string]: Json };

export interface EventConsumer
  extends Partial<
    Pick<QueueShape, "visibilityTimeoutSeconds" | "maxReceiveCount" | "retentionDays" | "ageAlarmSeconds">
  > {
  /** Topics that the consumer listens to, by their key, with the events that it wants. */
  readonly subscriptions: Readonly<Record<string, EventFilter>>;
}

export interface EventFlow {
  /** Starts the name of every topic and queue. Replaces them all. */
  readonly namePrefix: string;
  /** One topic for each domain, such as `orders`. */
  readonly topics: readonly string[];
  /** One queue for each consumer, by its key, such as `billing`. */
  readonly consumers: Readonly<Record<string, EventConsumer>>;
}

const KEY = /^[a-z][a-z0-9-]{0,39}$/;
/** https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const MOST_ATTRIBUTES = 5;
const MOST_COMBINATIONS = 150;

/** Every reason why the events could not flow, or why one would reach nobody. */
export function eventProblems({ consumers, namePrefix, topics }: EventFlow): string[] {
  const found: string[] = [];
  const keys = [
    ...topics.map((key) => ["topics", key]),
    ...Object.keys(consumers).map((k) => ["consumers", k]),
  ];
  for (const [argument = "", key = ""] of keys) {
    if (!KEY.test(key)) {
      found.push(
        `${argument}: "${key}" is no key; use up to 40 lower-case letters, digits and hyphens, a letter first`,
      );
    }
  }
  for (const topic of new Set(topics.filter((key, index) => topics.indexOf(key) !== index))) {
    found.push(`topics: "${topic}" is named twice; name every topic once`);
  }
  const heard = new Set(Object.values(consumers).flatMap(({ subscriptions }) => Object.keys(subscriptions)));
  for (const topic of topics.filter((key) => !heard.has(key))) {
    found.push(`topics: nobody listens to "${topic}"; subscribe a consumer to it, or leave it out`);
  }
  for (const [key, consumer] of Object.entries(consumers)) {
    found.push(...consumerProblems(key, consumer, { namePrefix, topics }));
  }
  return found;
}

function consumerProblems(
  key: string,
  consumer: EventConsumer,
  { namePrefix, topics }: Pick<EventFlow, "namePrefix" | "topics">,
): string[] {
  const found: string[] = [];
  const subscribed = Object.entries(consumer.subscriptions);
  if (subscribed.length === 0) {
    found.push(`consumers.${key}.subscriptions: is empty; name a topic, or leave the consumer out`);
  }
  for (const [topic, filter] of subscribed) {
    if (!topics.includes(topic)) {
      found.push(
        `consumers.${key}.subscriptions: "${topic}" is no topic; use one of ${topics.join(", ") || "none"}`,
      );
    }
    if (filter !== "all") found.push(...filterProblems(`consumers.${key}.subscriptions.${topic}`, filter));
  }
  const { subscriptions: _, ...limits } = consumer;
  const shape = {
    visibilityTimeoutSeconds: 60,
    maxReceiveCount: 5,
    retentionDays: 4,
    ageAlarmSeconds: 300,
    ...limits,
    queueName: `${namePrefix}-${key}`,
  };
  return [...found, ...queueProblems(shape).map((problem) => `consumers.${key}.${problem}`)];
}

function filterProblems(path: string, filter: Exclude<EventFilter, "all">): string[] {
  const found: string[] = [];
  const values = Object.entries(filter);
  if (values.length === 0 || values.length > MOST_ATTRIBUTES) {
    found.push(`${path}: filters by ${values.length} attributes; use 1 to ${MOST_ATTRIBUTES}, or "all"`);
  }
  for (const [attribute, wanted] of values) {
    if (!Array.isArray(wanted) || wanted.length === 0) {
      found.push(`${path}.${attribute}: is no list of values; write it like ["OrderPlaced"]`);
    }
  }
  const combinations = values.reduce((n, [, wanted]) => n * (Array.isArray(wanted) ? wanted.length : 1), 1);
  if (combinations > MOST_COMBINATIONS) {
    found.push(`${path}: has ${combinations} combinations of values; SNS takes ${MOST_COMBINATIONS}`);
  }
  return found;
}
