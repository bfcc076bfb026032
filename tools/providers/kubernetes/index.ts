import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import {
  changedProperties,
  isMap,
  type PropertyMap,
  type PropertyValue,
  UNKNOWN_VALUE,
} from "../property.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  Provider,
  ProviderPackage,
} from "../provider.ts";
import { constructKubernetes } from "./config-group.ts";

const { version }: { version: string } = createRequire(import.meta.url)("@pulumi/kubernetes/package.json");

/** A stand-in for the kubernetes provider: any object is applied as it is, status comes with the update. */
export const kubernetesPackage: ProviderPackage = { name: "kubernetes", version, configure };

const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

function configure(config: PropertyMap): Provider {
  const namespace = typeof config["namespace"] === "string" ? config["namespace"] : "default";
  return {
    check: (request) =>
      request.type === RELEASE_TYPE ? checkRelease(request, namespace) : checkObject(request),
    diff,
    create: (request) =>
      request.type === RELEASE_TYPE ? createRelease(request) : createObject(request, namespace),
    read: ({ inputs }) => inputs,
    invoke(token) {
      throw new Error(
        `the call ${token} has no local answer: the kubernetes provider would need a cluster for it`,
      );
    },
    construct: constructKubernetes,
  };
}

function checkObject({ urn, type, name, inputs }: CheckRequest): CheckResult {
  const failures = ["apiVersion", "kind"]
    .filter((property) => typeof inputs[property] !== "string")
    .map((property) => ({ property, reason: `is required and missing for ${type}` }));
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  if (metadata["name"] !== undefined || metadata["generateName"] !== undefined) {
    return { inputs, failures };
  }
  const annotations = isMap(metadata["annotations"]) ? metadata["annotations"] : {};
  const named = {
    ...metadata,
    annotations: { ...annotations, "pulumi.com/autonamed": "true" },
    name: `${name}-${suffix(urn)}`.toLowerCase(),
  };
  return { inputs: { ...inputs, metadata: named }, failures };
}

function createObject({ urn, inputs, preview }: CreateRequest, defaultNamespace: string): CreateResult {
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  if (preview) {
    return { id: "", outputs: { ...inputs, status: UNKNOWN_VALUE } };
  }
  const name = String(metadata["name"]);
  const namespace = metadata["namespace"] ?? defaultNamespace;
  const identified = {
    ...metadata,
    creationTimestamp: "2026-01-01T00:00:00Z",
    generation: 1,
    resourceVersion: "1",
    uid: `${suffix(urn)}-0000-4000-8000-000000000000`,
  };
  const status = STATUS[String(inputs["kind"])];
  return {
    id: metadata["namespace"] === undefined ? name : `${namespace}/${name}`,
    outputs: { ...inputs, metadata: identified, ...(status === undefined ? {} : { status }) },
  };
}

/** What controllers report of the kinds whose status programs read. */
const STATUS: Readonly<Record<string, PropertyValue>> = {
  Namespace: { phase: "Active" },
  Service: { loadBalancer: { ingress: [{ hostname: "k8s-offline-0123456789.elb.amazonaws.com" }] } },
  Ingress: { loadBalancer: { ingress: [{ hostname: "k8s-offline-0123456789.elb.amazonaws.com" }] } },
  Deployment: { availableReplicas: 1, readyReplicas: 1, replicas: 1 },
};

function checkRelease({ urn, name, inputs }: CheckRequest, namespace: string): CheckResult {
  const failures =
    typeof inputs["chart"] === "string" ? [] : [{ property: "chart", reason: "is required and missing" }];
  return { inputs: { name: `${name}-${suffix(urn)}`, namespace, ...inputs }, failures };
}

function createRelease({ inputs, preview }: CreateRequest): CreateResult {
  if (preview) {
    return { id: "", outputs: { ...inputs, resourceNames: UNKNOWN_VALUE, status: UNKNOWN_VALUE } };
  }
  const { name = "", namespace = "", chart = "", version: chartVersion = "0.0.0" } = inputs;
  const status = {
    appVersion: chartVersion,
    chart,
    name,
    namespace,
    revision: 1,
    status: "deployed",
    version: chartVersion,
  };
  return { id: `${namespace}/${name}`, outputs: { resourceNames: {}, ...inputs, status } };
}

/** Where Kubernetes refuses a change, the provider replaces. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  ConfigMap: ["immutable"],
  Job: ["spec"],
  ClusterRoleBinding: ["roleRef"],
  RoleBinding: ["roleRef"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

function diff({ type, oldInputs, newInputs }: DiffRequest): DiffResult {
  const changed = changedProperties(oldInputs, newInputs);
  const kind = type.split(":").at(-1) ?? "";
  const identity = ["name", "namespace"].some((key) => field(oldInputs, key) !== field(newInputs, key));
  const replaces = changed.filter(
    (property) =>
      ["apiVersion", "kind"].includes(property) ||
      (IMMUTABLE[kind] ?? []).includes(property) ||
      (identity && (property === "metadata" || type === RELEASE_TYPE)),
  );
  // One cluster cannot hold two objects of one name.
  return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && !identity };
}

function field(inputs: PropertyMap, key: string): PropertyValue | undefined {
  return isMap(inputs["metadata"]) ? inputs["metadata"][key] : inputs[key];
}

function suffix(urn: string): string {
  return createHash("sha256").update(urn).digest("hex").slice(0, 8);
}
