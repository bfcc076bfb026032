import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { knownOr } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

/** A key that names a secret; suffixes such as `_FILE` or `Arn` say that it only points to one. */
const secretKey = /(password|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)$/i;
/** What secrets look like, whatever their key is called. */
const secretValues = [
  { kind: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { kind: "an AWS access key", pattern: /\b(AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { kind: "a GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b/ },
  { kind: "a URL with a password", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@${}]+:[^\s/@${}]+@/i },
  { kind: "a JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
];
/** The name of a secret or a placeholder is no secret. */
const reference = /^(|arn:[^\s]+|\$\{?\{?[^}\s]+\}?\}?|true|false)$/;

export const configMapNoSecrets = resourceRule({
  id: "config-map-no-secrets",
  title: "No ConfigMap holds a secret",
  why: "ConfigMaps are readable by everyone who may look at the namespace, are not encrypted like secrets, and end up in logs and in Git.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.5.17", "A.8.12"), ...pciDss("8.6.2"), ...gdpr("Art. 32(1)(b)")],
  requirements: ["SEC-14", "SEC-15"],
  remediation:
    "Store the value in Secrets Manager, let External Secrets bring it as a Secret and refer to that.",
  url: "https://kubernetes.io/docs/concepts/configuration/secret/",
  config: {},
  checks: {
    "kubernetes:core/v1:ConfigMap": (configMap, inspection) => {
      const data = configMap.data ?? {};
      for (const key of Object.keys(data))
        inspection.attempt(() => {
          const value = knownOr(() => data[key], undefined);
          // A value that is not known yet comes from another resource; only its key can be judged.
          const found = secretValues.find(({ pattern }) => value !== undefined && pattern.test(value))?.kind;
          const named = secretKey.test(key) && !(value !== undefined && reference.test(value));
          if (found === undefined && !named) return;
          // The value stays out of the message on purpose.
          inspection.say(
            `data["${key}"] ${found === undefined ? "is named like a secret" : `holds ${found}`}; it must hold settings only. Move it to Secrets Manager and refer to the Secret that External Secrets makes of it.`,
          );
        });
    },
  },
});
