import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import type { PropsOf } from "../../core/resource-inputs.ts";
import { resourceRule } from "../../core/rule.ts";

/**
 * Policies that offer TLS 1.3 and, at least, 1.2 with forward secrecy and authenticated ciphers. The Ext1 and Ext2
 * variants bring back ciphers without either.
 */
const accepted = new Set(
  ["2021-06", "Res-2021-06", "FIPS-2023-04", "Res-FIPS-2023-04", "PQ-2025-09", "Res-PQ-2025-09"]
    .map((variant) => `ELBSecurityPolicy-TLS13-1-2-${variant}`)
    .concat(
      ["2021-06", "FIPS-2023-04", "PQ-2025-09"].map((variant) => `ELBSecurityPolicy-TLS13-1-3-${variant}`),
    ),
);
const encrypted = new Set(["HTTPS", "TLS"]);

type Listener = PropsOf<"aws:lb/listener:Listener"> | PropsOf<"aws:alb/listener:Listener">;

function strongOrRedirect(listener: Listener, inspection: Inspection): void {
  const { protocol } = listener;
  if (protocol !== undefined && encrypted.has(protocol))
    inspection.must({
      property: "sslPolicy",
      read: () => listener.sslPolicy,
      is: (policy) => policy !== undefined && accepted.has(policy),
      allowed: '"ELBSecurityPolicy-TLS13-1-2-2021-06" or stronger',
      fix: "Set it; when it is not set, AWS takes a policy of 2016 that offers TLS 1.0.",
    });
  else if (protocol === "HTTP")
    inspection.must({
      property: "defaultActions",
      read: () =>
        listener.defaultActions.map(({ type, redirect }) =>
          type === "redirect" ? redirect?.protocol : type,
        ),
      is: (actions) => actions.length > 0 && actions.every((action) => action === "HTTPS"),
      allowed: "one redirect to HTTPS",
      fix: 'Use {type: "redirect", redirect: {protocol: "HTTPS", port: "443", statusCode: "HTTP_301"}}.',
    });
}

export const listenerTls = resourceRule({
  id: "listener-tls",
  title: "Load balancers speak TLS 1.2 or newer and redirect plain HTTP",
  why: "Older TLS versions and plain HTTP let anyone on the path read tokens and documents.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.7"), ...iso27001("A.8.24"), ...pciDss("4.2.1")],
  requirements: ["EDGE-24", "EDGE-25", "SEC-09"],
  remediation:
    "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 and let the HTTP listener redirect to HTTPS.",
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  config: {},
  checks: {
    "aws:lb/listener:Listener": strongOrRedirect,
    "aws:alb/listener:Listener": strongOrRedirect,
  },
});
