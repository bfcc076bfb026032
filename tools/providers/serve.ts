/** Puts a local provider behind the provider protocol, for an engine in another process. */
import grpc from "@grpc/grpc-js";
import engineProto from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { remoteMonitor } from "./monitor-client.ts";
import {
  annotateSecrets,
  changedProperties,
  downgradeOutputs,
  mapValues,
  type PropertyMap,
  plainValue,
} from "./property.ts";
import type { CheckResult, Provider, ProviderPackage } from "./provider.ts";
import { fromStruct, toStruct } from "./struct.ts";

export interface ServedProvider {
  readonly name: string;
  readonly port: number;
  close(): void;
}

/** Listens on a free port of this machine only. */
export async function serveProvider(local: ProviderPackage): Promise<ServedProvider> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, implementation(local));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { name: local.name, port, close: () => server.forceShutdown() };
}

/** The value for PULUMI_DEBUG_PROVIDERS. */
export function debugProviders(served: readonly ServedProvider[]): string {
  return served.map(({ name, port }) => `${name}:${port}`).join(",");
}

/**
 * The engine opens one connection for each provider resource and configures it; the connection tells which of them a
 * call is for.
 */
class Instances {
  readonly #byPeer = new Map<string, Provider>();
  readonly #local: ProviderPackage;

  constructor(local: ProviderPackage) {
    this.#local = local;
  }

  configure(peer: string, args: ReturnType<typeof fromStruct>): void {
    this.#byPeer.set(peer, this.#local.configure(args));
  }

  of(peer: string): Provider {
    const provider = this.#byPeer.get(peer);
    if (provider === undefined) {
      throw new Error(`the provider "${this.#local.name}" was called before it was configured`);
    }
    return provider;
  }
}

function implementation(local: ProviderPackage): grpc.UntypedServiceImplementation {
  const instances = new Instances(local);
  const on =
    <Request, Response>(handle: (request: Request, provider: Provider) => Response | Promise<Response>) =>
    (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) =>
      reply(callback, () => handle(call.request, instances.of(call.getPeer())));
  return {
    ...lifecycle(local, instances),
    check: on((request: proto.CheckRequest, provider) =>
      answerCheck(request, (inputs) => provider.check({ ...identity(request), inputs })),
    ),
    diff: on((request: proto.DiffRequest, provider) => diffed(request, provider)),
    create: on((request: proto.CreateRequest, provider) => {
      const given = fromStruct(request.getProperties());
      const created = provider.create({
        ...identity(request),
        inputs: plain(given),
        preview: request.getPreview(),
      });
      const response = new proto.CreateResponse();
      response.setId(created.id);
      response.setProperties(toStruct(annotateSecrets(created.outputs, given)));
      return response;
    }),
    update: on((request: proto.UpdateRequest, provider) => {
      const given = fromStruct(request.getNews());
      const preview = request.getPreview();
      const { outputs } = provider.create({ ...identity(request), inputs: plain(given), preview });
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(annotateSecrets(outputs, given)));
      return response;
    }),
    delete: on(() => new emptyProto.Empty()),
    read: on((request: proto.ReadRequest, provider) => {
      const inputs = fromStruct(request.getInputs());
      const state = provider.read({ ...identity(request), id: request.getId(), inputs: plain(inputs) });
      const response = new proto.ReadResponse();
      response.setId(state === undefined ? "" : request.getId());
      response.setProperties(toStruct(annotateSecrets(state ?? {}, inputs)));
      response.setInputs(toStruct(inputs));
      return response;
    }),
    invoke: on((request: proto.InvokeRequest, provider) => {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(provider.invoke(request.getTok(), plain(fromStruct(request.getArgs())))));
      return response;
    }),
    construct: on(constructed),
  };
}

function lifecycle(local: ProviderPackage, instances: Instances): grpc.UntypedServiceImplementation {
  const always =
    <Request, Response>(handle: (request: Request, peer: string) => Response) =>
    (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) =>
      reply(callback, () => handle(call.request, call.getPeer()));
  return {
    attach: always(() => new emptyProto.Empty()),
    cancel: always(() => new emptyProto.Empty()),
    getPluginInfo: always(() => {
      const info = new engineProto.PluginInfo();
      info.setVersion(local.version);
      return info;
    }),
    checkConfig: always((request: proto.CheckRequest) =>
      answerCheck(request, (inputs) => local.checkConfig?.(inputs) ?? { inputs, failures: [] }),
    ),
    diffConfig: always((request: proto.DiffRequest) => {
      const response = new proto.DiffResponse();
      const changed = changedProperties(
        plain(fromStruct(request.getOldInputs())),
        plain(fromStruct(request.getNews())),
      );
      response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      return response;
    }),
    configure: always((request: proto.ConfigureRequest, peer) => {
      instances.configure(peer, plain(fromStruct(request.getArgs())));
      const response = new proto.ConfigureResponse();
      // The engine demands both of a provider of remote components.
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setAcceptoutputs(true);
      response.setSupportspreview(true);
      return response;
    }),
  };
}

const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;

function diffed(request: proto.DiffRequest, provider: Provider): proto.DiffResponse {
  const oldInputs = fromStruct(request.getOldInputs());
  const ignored = new Set(request.getIgnorechangesList());
  const { changed, replaces, deleteBeforeReplace } = provider.diff({
    ...identity(request),
    oldInputs: plain(oldInputs),
    newInputs: plain(fromStruct(request.getNews())),
  });
  const counted = changed.filter((property) => !ignored.has(property));
  const response = new proto.DiffResponse();
  response.setChanges(counted.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(counted);
  response.setReplacesList(replaces.filter((property) => !ignored.has(property)));
  response.setDeletebeforereplace(deleteBeforeReplace);
  return response;
}

async function constructed(
  request: proto.ConstructRequest,
  provider: Provider,
): Promise<proto.ConstructResponse> {
  if (provider.construct === undefined) {
    throw new Error(`${request.getType()} is not a remote component of this provider`);
  }
  const monitor = remoteMonitor(request.getMonitorendpoint());
  try {
    const inputDependencies = [...request.getInputdependenciesMap().entries()].map(
      ([key, value]: [string, proto.ConstructRequest.PropertyDependencies]) => [key, value.getUrnsList()],
    );
    const result = await provider.construct(
      {
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        inputs: fromStruct(request.getInputs()),
        inputDependencies: Object.fromEntries(inputDependencies),
        dependencies: request.getDependenciesList(),
        providers: Object.fromEntries(request.getProvidersMap().entries()),
        protect: request.hasProtect() ? request.getProtect() : undefined,
        preview: request.getDryrun(),
      },
      monitor,
    );
    const response = new proto.ConstructResponse();
    response.setUrn(result.urn);
    response.setState(toStruct(result.outputs));
    for (const [key, urns] of Object.entries(result.outputDependencies)) {
      const dependencies = new proto.ConstructResponse.PropertyDependencies();
      dependencies.setUrnsList([...urns]);
      response.getStatedependenciesMap().set(key, dependencies);
    }
    return response;
  } finally {
    monitor.close();
  }
}

function answerCheck(
  request: proto.CheckRequest,
  check: (inputs: PropertyMap) => CheckResult,
): proto.CheckResponse {
  const given = fromStruct(request.getNews());
  const { inputs, failures } = check(plain(given));
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(annotateSecrets(inputs, given)));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new proto.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

function plain(map: PropertyMap): PropertyMap {
  return mapValues(map, (value) => plainValue(downgradeOutputs(value)));
}

function identity(request: { getUrn(): string; getType(): string; getName(): string }) {
  const urn = request.getUrn();
  // Engines before the fields existed send the URN alone.
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() || (qualifiedType.split("$").at(-1) ?? ""),
    name: request.getName() || name.join("::"),
  };
}

function reply<Response>(
  callback: grpc.sendUnaryData<Response>,
  work: () => Response | Promise<Response>,
): void {
  new Promise<Response>((resolve) => resolve(work())).then(
    (response) => callback(null, response),
    (error: unknown) =>
      callback({
        code: grpc.status.UNKNOWN,
        details: error instanceof Error ? error.message : String(error),
      }),
  );
}
