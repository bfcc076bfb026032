/** Reads the Kubernetes objects under deploy/ and sets what the stack's configuration decides. No Pulumi in here. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** What differs between stacks; the same settings reach Argo CD as Kustomize parameters. */
export interface WorkloadSettings<Image = string> {
  /** Image reference by registry, repository and immutable tag or digest. */
  readonly image: Image;
  /** Fewest pods in this region. */
  readonly minimumReplicas: number;
  /** Most pods in this region. */
  readonly maximumReplicas: number;
}

/**
 * The objects that a kustomization.yaml lists, in its order. Only `resources` and `namespace` are understood: a folder
 * that needs more is for Argo CD alone, and is refused here.
 */
export function readKustomization(folder: string): KubernetesObject[] {
  const kustomization: Record<string, unknown> = parse(
    readFileSync(join(folder, "kustomization.yaml"), "utf8"),
  );
  const { apiVersion: _, kind: __, namespace: ___, resources, ...unsupported } = kustomization;
  if (Object.keys(unsupported).length > 0) {
    throw new Error(
      `${folder}/kustomization.yaml uses ${Object.keys(unsupported).join(", ")}; direct mode applies plain resources only: ` +
        "set delivery.deployMode to argocd, or move it into the resources",
    );
  }
  if (!Array.isArray(resources)) {
    throw new Error(`${folder}/kustomization.yaml lists no resources`);
  }
  return resources.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, String(file)), "utf8")).map(
      (document) => document.toJS() as KubernetesObject,
    ),
  );
}

/** A JSON 6902 operation, as Kustomize and Argo CD take it. */
export interface PatchOperation {
  readonly op: "replace";
  readonly path: string;
  readonly value: number;
}

/** The one place that says which fields of the autoscaler the configuration decides. */
export function autoscalerPatch(settings: WorkloadSettings<unknown>): PatchOperation[] {
  return [
    { op: "replace", path: "/spec/minReplicas", value: settings.minimumReplicas },
    { op: "replace", path: "/spec/maxReplicas", value: settings.maximumReplicas },
  ];
}

/** Sets image and replica bounds; every other object comes back as it was. */
export function applySettings(
  objects: readonly KubernetesObject[],
  name: string,
  settings: WorkloadSettings<unknown>,
): KubernetesObject[] {
  return objects.map((object) => {
    if (object.metadata.name !== name) {
      return object;
    }
    switch (object.kind) {
      case "Deployment":
        return withImage(object, name, settings.image);
      case "HorizontalPodAutoscaler":
        return autoscalerPatch(settings).reduce(applyOperation, object);
      default:
        return object;
    }
  });
}

interface PodTemplate {
  readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
}

/** Replaces the image that bears the workload's own name, as Kustomize's `images` does. */
function withImage(object: KubernetesObject, name: string, image: unknown): KubernetesObject {
  const spec = object["spec"] as PodTemplate;
  const containers = spec.template.spec.containers.map((container) =>
    container.image === name ? { ...container, image } : container,
  );
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } },
  };
}

function applyOperation(object: KubernetesObject, operation: PatchOperation): KubernetesObject {
  const [, section = "", field = ""] = operation.path.split("/");
  const before = object[section] as Readonly<Record<string, unknown>>;
  return { ...object, [section]: { ...before, [field]: operation.value } };
}
