/** Transforms and aliases: what the SDK hands over as callbacks and messages, as functions on goals. */
import { createRequire } from "node:module";
import type aliasProto from "@pulumi/pulumi/proto/alias_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import { toAlias } from "../providers/monitor-client.ts";
import type { GoalAlias } from "../providers/provider.ts";
import { fromStruct, toStruct } from "../providers/struct.ts";
import type { Goal, Transform } from "./goal.ts";

/** The SDK's callback server without its socket: the callbacks are called where they are. */
export interface CallbackRegistry {
  readonly _callbacks: Map<string, (request: Uint8Array) => Promise<{ serializeBinary(): Uint8Array }>>;
}

interface CallbacksModule {
  readonly CallbackServer: { readonly prototype: object };
}

export function callbackRegistry(monitor: object): CallbackRegistry {
  const { CallbackServer }: CallbacksModule = createRequire(import.meta.url)(
    "@pulumi/pulumi/runtime/callbacks",
  );
  return Object.assign(Object.create(CallbackServer.prototype), {
    _callbacks: new Map(),
    _monitor: monitor,
    _target: Promise.resolve("in-process"),
    _pendingRegistrations: 0,
    _awaitQueue: [],
    shutdown() {},
  });
}

export function transformFor(registry: CallbackRegistry, token: string): Transform {
  return async (goal) => {
    const callback = registry._callbacks.get(token);
    if (callback === undefined) {
      throw new Error(`the transform ${token} is not registered`);
    }
    const response = await callback(toRequest(goal).serializeBinary());
    return merge(goal, proto.TransformResponse.deserializeBinary(response.serializeBinary()));
  };
}

function toRequest(goal: Goal): proto.TransformRequest {
  const options = new proto.TransformResourceOptions();
  options.setDependsOnList([...(goal.dependencies ?? [])]);
  if (goal.protect !== undefined) {
    options.setProtect(goal.protect);
  }
  if (goal.retainOnDelete !== undefined) {
    options.setRetainOnDelete(goal.retainOnDelete);
  }
  if (goal.deleteBeforeReplace !== undefined) {
    options.setDeleteBeforeReplace(goal.deleteBeforeReplace);
  }
  options.setIgnoreChangesList([...(goal.ignoreChanges ?? [])]);
  options.setReplaceOnChangesList([...(goal.replaceOnChanges ?? [])]);
  options.setAdditionalSecretOutputsList([...(goal.additionalSecretOutputs ?? [])]);
  options.setAliasesList((goal.aliases ?? []).map(toAlias));
  options.setProvider(goal.provider ?? "");
  for (const [key, reference] of Object.entries(goal.providers ?? {})) {
    options.getProvidersMap().set(key, reference);
  }
  options.setDeletedWith(goal.deletedWith ?? "");
  options.setImport(goal.importId ?? "");
  const timeouts = new proto.RegisterResourceRequest.CustomTimeouts();
  timeouts.setCreate(goal.customTimeouts?.create ?? "");
  timeouts.setUpdate(goal.customTimeouts?.update ?? "");
  timeouts.setDelete(goal.customTimeouts?.delete ?? "");
  options.setCustomTimeouts(timeouts);
  const request = new proto.TransformRequest();
  request.setType(goal.type);
  request.setName(goal.name);
  request.setCustom(goal.custom);
  request.setParent(goal.parent);
  request.setProperties(toStruct(goal.inputs));
  request.setOptions(options);
  return request;
}

function merge(goal: Goal, response: proto.TransformResponse): Goal {
  const options = response.getOptions();
  const merged = { ...goal, inputs: fromStruct(response.getProperties()) };
  if (options === undefined) {
    return merged;
  }
  const timeouts = options.getCustomTimeouts();
  const providers = Object.fromEntries(options.getProvidersMap().entries());
  return {
    ...merged,
    dependencies: options.getDependsOnList(),
    protect: options.hasProtect() ? options.getProtect() : undefined,
    retainOnDelete: options.hasRetainOnDelete() ? options.getRetainOnDelete() : undefined,
    ...(options.hasDeleteBeforeReplace() ? { deleteBeforeReplace: options.getDeleteBeforeReplace() } : {}),
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    aliases: options.getAliasesList().map(fromAlias),
    provider: options.getProvider(),
    // The SDK does not hand a component's providers back; they stay as they were.
    providers: Object.keys(providers).length > 0 ? providers : goal.providers,
    deletedWith: options.getDeletedWith(),
    importId: options.getImport(),
    customTimeouts: {
      ...(timeouts?.getCreate() ? { create: timeouts.getCreate() } : {}),
      ...(timeouts?.getUpdate() ? { update: timeouts.getUpdate() } : {}),
      ...(timeouts?.getDelete() ? { delete: timeouts.getDelete() } : {}),
    },
  };
}

export function fromAlias(alias: aliasProto.Alias): GoalAlias {
  const spec = alias.getSpec();
  if (spec === undefined) {
    return { urn: alias.getUrn() };
  }
  return {
    ...(spec.getName() ? { name: spec.getName() } : {}),
    ...(spec.getType() ? { type: spec.getType() } : {}),
    ...(spec.getStack() ? { stack: spec.getStack() } : {}),
    ...(spec.getProject() ? { project: spec.getProject() } : {}),
    ...(spec.getParenturn() ? { parent: spec.getParenturn() } : {}),
    ...(spec.getNoparent() ? { parent: "" } : {}),
  };
}
