/** Security services of the account, people, and who hears of alerts. */
import { z } from "zod";
import { PERMISSION_SET_NAMES } from "../../../components/security/permission-sets.ts";
import { count, regionName } from "./values.ts";

export const security = z
  .strictObject({
    baseline: z.boolean().default(true).meta({
      description:
        "Own the account's audit trail, Config recorder and rules, threat detection, alerts and settings. false where another stack or the organisation does.",
    }),
    existing: z
      .strictObject({
        detectorIds: z
          .record(regionName, z.string().regex(/^[0-9a-f]{32}$/))
          .optional()
          .meta({
            description: "GuardDuty detectors by region, where there are some already.",
            allowed: "32 hexadecimal digits by region",
          }),
        configRole: z
          .boolean()
          .default(false)
          .meta({ description: "The service-linked role of AWS Config is there already." }),
        securityHub: z.boolean().default(false).meta({ description: "Security Hub is on already." }),
        macie: z.boolean().default(false).meta({ description: "Macie is on already." }),
      })
      .prefault({}),
    auditLock: z.enum(["governance", "compliance"]).default("governance").meta({
      description: "Lock of the audit trail's bucket; nobody can shorten compliance, root included.",
    }),
    isolateInstances: z.boolean().default(false).meta({
      description:
        "Cut off an instance by itself when GuardDuty finds it compromised; otherwise an operator runs the document.",
    }),
    identityCenter: z
      .strictObject({
        instanceArn: z
          .string()
          .regex(/^arn:[a-z-]+:sso:::instance\/.+$/)
          .meta({
            description: "IAM Identity Center instance of the organisation.",
            allowed: "arn:aws:sso:::instance/ssoins-...",
          }),
        region: regionName.meta({ description: "Region of the instance; one of regions." }),
        assignments: z
          .record(
            z.string().regex(/^[a-z][a-z0-9-]*$/),
            z.strictObject({
              permissionSet: z.enum(PERMISSION_SET_NAMES).meta({ description: "What the people may do." }),
              principalType: z.enum(["GROUP", "USER"]).meta({ description: "Whom principalId names." }),
              principalId: z.string().min(1).meta({ description: "Id in the identity store." }),
            }),
          )
          .default({})
          .meta({ description: "Who gets which permission set, by a name of your choice." }),
      })
      .optional()
      .meta({
        description: "People's access to the account. Default: none is managed here.",
        allowed: "instanceArn, region and assignments",
      }),
  })
  .meta({ description: "Security services of the account and people's access to it." });

const alertTarget = z
  .strictObject({
    severity: z.enum(["page", "notice"]).meta({ description: "page wakes somebody, notice can wait." }),
    protocol: z.enum(["email", "https", "lambda", "sqs"]).meta({ description: "How alerts are delivered." }),
    endpoint: z
      .string()
      .min(3)
      .optional()
      .meta({ description: "Mail address, URL or ARN that holds no key." }),
    endpointSecretId: z.string().min(1).optional().meta({
      description:
        "Secret with the address, instead of endpoint, for an address that holds a key, such as PagerDuty's.",
    }),
  })
  .meta({ description: "Somebody who is told of alerts." });

export const alerts = z
  .strictObject({
    targets: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/), alertTarget)
      .default({})
      .meta({ description: "Who is told, by a name of your choice." }),
    slack: z
      .strictObject({
        teamId: z
          .string()
          .regex(/^T[A-Z0-9]+$/)
          .meta({ description: "Slack workspace.", allowed: "an id such as T0123ABCD" }),
        channelId: z
          .string()
          .regex(/^[CG][A-Z0-9]+$/)
          .meta({ description: "Slack channel.", allowed: "an id such as C0123ABCD" }),
      })
      .optional()
      .meta({
        description: "Channel that gets every alert; the workspace is authorised once in the console.",
        allowed: "teamId and channelId",
      }),
    canaryMinutes: count(0, 60).default(1).meta({
      description: "Minutes between two runs of a region's canary against the public name; 0 runs none.",
    }),
  })
  .meta({ description: "Alerts and who hears of them." });
