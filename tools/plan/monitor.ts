/**
 * The resource monitor and engine that the SDK talks to, as objects in the same process: requests arrive as protocol
 * messages, but through no socket.
 */
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyMap } from "../providers/property.ts";
import { fromStruct, toStruct } from "../providers/struct.ts";
import type { Engine } from "./engine.ts";
import { positionFrames } from "./errors.ts";
import type { Goal, Transform } from "./goal.ts";
import { type CallbackRegistry, fromAlias, transformFor } from "./transforms.ts";
import { makeUrn } from "./urn.ts";

type Callback<T> = (error: Error | null, response?: T) => void;
type Failed = (error: unknown, details: { urn?: string; frames: readonly string[] }) => void;

/** Everything the SDK may ask; a call that is not here fails with its name, it does not hang. */
export function inProcessMonitor(engine: Engine, callbacks: CallbackRegistry, failed: Failed) {
  const transform = (callback: { getToken(): string }): Transform =>
    transformFor(callbacks, callback.getToken());
  return {
    registerResource: handler(async (request: proto.RegisterResourceRequest) => {
      const goal = toGoal(request, request.getTransformsList().map(transform));
      try {
        const registered = await engine.registerResource(goal);
        const response = new proto.RegisterResourceResponse();
        response.setUrn(registered.urn);
        response.setId(registered.id ?? "");
        // A local component's outputs are set by its own constructor.
        const outputs = goal.custom || goal.remote === true ? registered.outputs : {};
        response.setObject(toStruct(outputs));
        for (const [key, urns] of Object.entries(registered.outputDependencies)) {
          const dependencies = new proto.RegisterResourceResponse.PropertyDependencies();
          dependencies.setUrnsList([...urns]);
          response.getPropertydependenciesMap().set(key, dependencies);
        }
        return response;
      } catch (error) {
        failed(error, {
          urn: makeUrn(engine.options, goal.parent, goal.type, goal.name),
          frames: goal.frames ?? [],
        });
        throw error;
      }
    }),
    registerResourceOutputs: handler(async (request: proto.RegisterResourceOutputsRequest) => {
      await engine.registerResourceOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new emptyProto.Empty();
    }),
    readResource: handler(async (request: proto.ReadResourceRequest) => {
      const goal = toReadGoal(request);
      try {
        const registered = await engine.readResource(goal, request.getId());
        const response = new proto.ReadResourceResponse();
        response.setUrn(registered.urn);
        response.setProperties(toStruct(registered.outputs));
        return response;
      } catch (error) {
        failed(error, { frames: goal.frames ?? [] });
        throw error;
      }
    }),
    invoke: handler(async (request: proto.ResourceInvokeRequest) => {
      const response = new proto.ResourceInvokeResponse();
      const args = fromStruct(request.getArgs());
      const result =
        request.getTok() === "pulumi:pulumi:getResource"
          ? resourceState(engine, String(args["urn"]))
          : await engine.invoke(request.getTok(), args, request.getProvider());
      response.setReturn(toStruct(result));
      return response;
    }),
    registerStackTransform: handler(async (request: { getToken(): string }) => {
      engine.addStackTransform(transform(request));
      return new emptyProto.Empty();
    }),
    getDeploymentInfo: handler(async () => {
      const response = new proto.DeploymentInfo();
      response.setSupportedfeaturesList(FEATURES);
      return response;
    }),
    signalAndWaitForShutdown: handler(async () => new emptyProto.Empty()),
    call: handler(async (request: proto.ResourceCallRequest) => {
      throw new Error(`the method ${request.getTok()} is not known to the offline engine`);
    }),
    registerPackage: handler(async (request: proto.RegisterPackageRequest) => {
      throw new Error(`the parameterized package ${request.getName()} is not known to the offline engine`);
    }),
    close() {},
  };
}

const Feature = proto.ResourceMonitorFeature;
const FEATURES = [
  Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
  Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  Feature.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
];

/** The engine service: keeps the program's messages. */
export function inProcessEngine(engine: Engine, failed: Failed) {
  const severities = {
    [engineProto.LogSeverity.INFO]: "info",
    [engineProto.LogSeverity.WARNING]: "warning",
  } as const;
  return {
    log(request: engineProto.LogRequest, callback: Callback<emptyProto.Empty>) {
      const level = request.getSeverity();
      const urn = request.getUrn() || undefined;
      if (level === engineProto.LogSeverity.ERROR) {
        failed(new Error(request.getMessage()), { ...(urn === undefined ? {} : { urn }), frames: [] });
      } else if (level === engineProto.LogSeverity.INFO || level === engineProto.LogSeverity.WARNING) {
        engine.diagnostics.push({
          severity: severities[level],
          message: request.getMessage(),
          ...(urn === undefined ? {} : { urn }),
        });
      }
      callback(null, new emptyProto.Empty());
    },
    setRootResource(_request: unknown, callback: Callback<emptyProto.Empty>) {
      callback(null, new emptyProto.Empty());
    },
    close() {},
  };
}

function handler<Request, Response>(handle: (request: Request) => Promise<Response>) {
  return (request: Request, callback: Callback<Response>): void => {
    handle(request).then(
      (response) => callback(null, response),
      (error: unknown) => {
        const known = error instanceof Error ? error : new Error(String(error));
        // The SDK reads `details` of a gRPC error where it passes the reason on.
        callback(Object.assign(new Error(known.message), { details: known.message }));
      },
    );
  };
}

function toGoal(request: proto.RegisterResourceRequest, transforms: readonly Transform[]): Goal {
  const timeouts = request.getCustomtimeouts();
  const propertyDependencies = [...request.getPropertydependenciesMap().entries()].map(
    ([key, value]: [string, proto.RegisterResourceRequest.PropertyDependencies]) => [
      key,
      value.getUrnsList(),
    ],
  );
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject()),
    provider: request.getProvider(),
    providers: Object.fromEntries(request.getProvidersMap().entries()),
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(propertyDependencies),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    ...(request.getDeletebeforereplacedefined()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    deletedWith: request.getDeletedwith(),
    aliases: request.getAliasesList().map(fromAlias),
    customTimeouts: {
      ...(timeouts?.getCreate() ? { create: timeouts.getCreate() } : {}),
      ...(timeouts?.getUpdate() ? { update: timeouts.getUpdate() } : {}),
      ...(timeouts?.getDelete() ? { delete: timeouts.getDelete() } : {}),
    },
    importId: request.getImportid(),
    transforms,
    frames: toFrames(request.getStacktrace()),
  };
}

function toReadGoal(request: proto.ReadResourceRequest): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: true,
    parent: request.getParent(),
    inputs: fromStruct(request.getProperties()),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    frames: toFrames(request.getStacktrace()),
  };
}

function toFrames(trace: ReturnType<proto.RegisterResourceRequest["getStacktrace"]>): string[] {
  const positions = (trace?.getFramesList() ?? []).flatMap((frame) => {
    const at = frame.getPc();
    return at === undefined ? [] : [{ uri: at.getUri(), line: at.getLine(), column: at.getColumn() }];
  });
  return positionFrames(positions);
}

function resourceState(engine: Engine, urn: string): PropertyMap {
  const { id, outputs } = engine.getResource(urn);
  return { urn, id: id ?? null, state: outputs };
}
