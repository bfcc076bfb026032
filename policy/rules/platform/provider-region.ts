import { z } from "zod";
import { gdpr, iso27001, soc2 } from "../../core/controls.ts";
import { isSet, knownOr } from "../../core/inspection.ts";
import { stackRule } from "../../core/rule.ts";

const config = {
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/))
    .min(1)
    .describe("AWS regions that the stack may touch"),
};

const provider = "pulumi:providers:aws";

export const providerRegion = stackRule({
  id: "provider-region",
  title: "A stack touches its own regions only",
  why: "A resource that lands in the peer region by accident fails together with it, and data may leave the place it was promised to stay in.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.5.23", "A.8.14"), ...gdpr("Art. 44")],
  requirements: ["GOV-04", "GOV-11"],
  remediation:
    "Hand the region's own provider to the component, and declare no provider of another region in a region's stack.",
  url: "https://www.pulumi.com/docs/iac/concepts/resources/providers/",
  types: [provider],
  config,
  check: (stack, { regions }) => {
    for (const resource of stack.all) {
      if (resource.type !== provider && !resource.type.startsWith("aws:")) continue;
      stack.inspect(resource, (props, inspection) => {
        const { name, type } = resource;
        if (type === provider && /^default(_|$)/.test(name))
          return inspection.say(
            "this is the default provider, which follows the caller's AWS_REGION; it must not be used. Hand an explicit provider to every resource.",
          );
        // A resource that lives where its provider does is not at fault; the provider is looked at by itself.
        if (
          type !== provider &&
          !elsewhere(
            () => props["region"],
            () => resource.provider?.props["region"],
          )
        )
          return;
        inspection.must({
          property: "region",
          read: () => props["region"],
          is: (region) => typeof region === "string" && regions.includes(region),
          allowed: regions.join(" or "),
          fix: "Use the provider of the stack's own region.",
        });
      });
    }
  },
});

/** A region that is set, and not known to be the provider's. */
function elsewhere(own: () => unknown, providers: () => unknown): boolean {
  return isSet(own) && knownOr(own, "unknown") !== knownOr(providers, undefined);
}
