/** A plan as the messages that the engine sends to a policy pack. */
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { Plan, PlannedResource, PlanObject, PlanValue } from "../plan/plan.ts";
import { SECRET, UNKNOWN } from "../plan/plan.ts";
import { type PropertyMap, type PropertyValue, secretValue, UNKNOWN_VALUE } from "../providers/property.ts";
import { toStruct } from "../providers/struct.ts";

/** One `Analyze` message for a resource: its inputs, as the engine sends them before it creates anything. */
export function analyzeRequest(resource: PlannedResource, plan: Plan): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setUrn(resource.urn);
  request.setType(resource.type);
  request.setName(resource.name);
  request.setProperties(toStruct(protocolMap(resource.inputs)));
  request.setOptions(optionsOf(resource));
  request.setProvider(providerOf(resource, plan));
  return request;
}

/** The `AnalyzeStack` message: all resources with their outputs, which hold the inputs too. */
export function analyzeStackRequest(plan: Plan): proto.AnalyzeStackRequest {
  const request = new proto.AnalyzeStackRequest();
  request.setResourcesList(plan.resources.map((resource) => stackResource(resource, plan)));
  return request;
}

function stackResource(resource: PlannedResource, plan: Plan): proto.AnalyzerResource {
  const message = new proto.AnalyzerResource();
  message.setUrn(resource.urn);
  message.setType(resource.type);
  message.setName(resource.name);
  message.setProperties(toStruct(protocolMap({ ...resource.inputs, ...resource.outputs })));
  message.setOptions(optionsOf(resource));
  message.setProvider(providerOf(resource, plan));
  message.setParent(resource.parent ?? "");
  message.setDependenciesList([...resource.dependencies]);
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

function optionsOf({ options, parent }: PlannedResource): proto.AnalyzerResourceOptions {
  const message = new proto.AnalyzerResourceOptions();
  message.setProtect(options.protect ?? false);
  message.setIgnorechangesList([...(options.ignoreChanges ?? [])]);
  message.setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined);
  message.setDeletebeforereplace(options.deleteBeforeReplace ?? false);
  message.setAdditionalsecretoutputsList([...(options.additionalSecretOutputs ?? [])]);
  message.setAliasesList([...(options.aliases ?? [])]);
  message.setParent(parent ?? "");
  const timeouts = new proto.AnalyzerResourceOptions.CustomTimeouts();
  timeouts.setCreate(seconds(options.customTimeouts?.create));
  timeouts.setUpdate(seconds(options.customTimeouts?.update));
  timeouts.setDelete(seconds(options.customTimeouts?.delete));
  message.setCustomtimeouts(timeouts);
  return message;
}

function providerOf({ provider }: PlannedResource, plan: Plan): proto.AnalyzerProviderResource | undefined {
  const resource = plan.resources.find(({ urn }) => urn === provider);
  if (!resource) return undefined;
  const message = new proto.AnalyzerProviderResource();
  message.setUrn(resource.urn);
  message.setType(resource.type);
  message.setName(resource.name);
  message.setProperties(toStruct(protocolMap(resource.inputs)));
  return message;
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** Pulumi writes timeouts as Go durations (`1h30m`), the protocol in seconds; 0 means the provider's own. */
function seconds(duration = ""): number {
  return [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, amount, unit = "s"]) => sum + Number(amount) * (unitSeconds[unit] ?? 0),
    0,
  );
}

function protocolMap(object: PlanObject): PropertyMap {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, protocolValue(value)]));
}

function protocolValue(value: PlanValue): PropertyValue {
  if (value === UNKNOWN) return UNKNOWN_VALUE;
  // The plan keeps no content of a secret, so a rule that needs it finds it unknown, and one that asks whether it is
  // set finds that it is. Anything else in its place could be taken for the content.
  if (value === SECRET) return secretValue(UNKNOWN_VALUE);
  if (isList(value)) return value.map(protocolValue);
  return typeof value === "object" && value !== null ? protocolMap(value) : value;
}

function isList(value: PlanValue): value is readonly PlanValue[] {
  return Array.isArray(value);
}
