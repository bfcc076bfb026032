import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue.ts";

// Starts a gRPC server when loaded, so nothing else may import this file: rules are imported from the catalogue.
new PolicyPack("document-platform", {
  displayName: "Document platform guardrails",
  description: "What a resource of the platform may never be, checked before anything is created.",
  enforcementLevel: "mandatory",
  policies: catalogue.map((rule) => rule.policy()),
});
