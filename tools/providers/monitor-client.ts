/** The monitor of an engine in another process, as remote components use it. */
import grpc from "@grpc/grpc-js";
import aliasProto from "@pulumi/pulumi/proto/alias_pb.js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import type { ConstructMonitor, GoalAlias, ResourceGoal } from "./provider.ts";
import { fromStruct, toStruct } from "./struct.ts";

type Unary<Request, Response> = (
  request: Request,
  callback: (error: grpc.ServiceError | null, response: Response) => void,
) => unknown;

export function remoteMonitor(address: string): ConstructMonitor & { close(): void } {
  const client = new ResourceMonitorClient(address, grpc.credentials.createInsecure());
  const ask = <Request, Response>(call: Unary<Request, Response>, request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      call.call(client, request, (error, response) =>
        error === null ? resolve(response) : reject(new Error(error.details)),
      );
    });
  return {
    async registerResource(goal) {
      const response: proto.RegisterResourceResponse = await ask(client.registerResource, registration(goal));
      return {
        urn: response.getUrn(),
        id: response.getId() || undefined,
        outputs: fromStruct(response.getObject()),
      };
    },
    async registerResourceOutputs(urn, outputs) {
      const request = new proto.RegisterResourceOutputsRequest();
      request.setUrn(urn);
      request.setOutputs(toStruct(outputs));
      await ask(client.registerResourceOutputs, request);
    },
    async invoke(token, args, provider) {
      const request = new proto.ResourceInvokeRequest();
      request.setTok(token);
      request.setArgs(toStruct(args));
      request.setProvider(provider);
      const response: proto.ResourceInvokeResponse = await ask(client.invoke, request);
      return fromStruct(response.getReturn());
    },
    close: () => client.close(),
  };
}

function registration(goal: ResourceGoal): proto.RegisterResourceRequest {
  const request = new proto.RegisterResourceRequest();
  request.setType(goal.type);
  request.setName(goal.name);
  request.setParent(goal.parent);
  request.setCustom(goal.custom);
  request.setRemote(goal.remote ?? false);
  request.setObject(toStruct(goal.inputs));
  request.setProvider(goal.provider ?? "");
  for (const [key, reference] of Object.entries(goal.providers ?? {})) {
    request.getProvidersMap().set(key, reference);
  }
  request.setDependenciesList([...(goal.dependencies ?? [])]);
  for (const [key, urns] of Object.entries(goal.propertyDependencies ?? {})) {
    const dependencies = new proto.RegisterResourceRequest.PropertyDependencies();
    dependencies.setUrnsList([...urns]);
    request.getPropertydependenciesMap().set(key, dependencies);
  }
  if (goal.protect !== undefined) {
    request.setProtect(goal.protect);
  }
  request.setIgnorechangesList([...(goal.ignoreChanges ?? [])]);
  request.setAdditionalsecretoutputsList([...(goal.additionalSecretOutputs ?? [])]);
  if (goal.deleteBeforeReplace !== undefined) {
    request.setDeletebeforereplace(goal.deleteBeforeReplace);
    request.setDeletebeforereplacedefined(true);
  }
  request.setAliasesList((goal.aliases ?? []).map(toAlias));
  request.setAliasspecs(true);
  request.setVersion(goal.version ?? "");
  request.setAcceptsecrets(true);
  request.setAcceptresources(true);
  request.setSupportspartialvalues(true);
  return request;
}

export function toAlias(alias: GoalAlias): aliasProto.Alias {
  const message = new aliasProto.Alias();
  if (alias.urn !== undefined) {
    message.setUrn(alias.urn);
    return message;
  }
  const spec = new aliasProto.Alias.Spec();
  spec.setName(alias.name ?? "");
  spec.setType(alias.type ?? "");
  spec.setStack(alias.stack ?? "");
  spec.setProject(alias.project ?? "");
  if (alias.parent === "") {
    spec.setNoparent(true);
  } else if (alias.parent !== undefined) {
    spec.setParenturn(alias.parent);
  }
  message.setSpec(spec);
  return message;
}
