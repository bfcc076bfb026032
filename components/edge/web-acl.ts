import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "./arguments.ts";
import { type RateKey, visibility, webAclRules } from "./web-acl-rules.ts";

export interface WebAclArgs {
  /** `CLOUDFRONT` needs a provider in us-east-1; `REGIONAL` guards load balancers of the provider's region. Replaces the ACL. */
  readonly scope: "CLOUDFRONT" | "REGIONAL";
  /** Requests that one address may make in five minutes, at least 10. @default 2000 */
  readonly rateLimit?: number;
  /**
   * Whose requests are counted. Behind CloudFront the connection is CloudFront's, so a regional ACL counts by
   * `forwarded`; a client can invent that header, which is why the CLOUDFRONT ACL counts by `source`. @default "source"
   */
  readonly rateKey?: RateKey;
  /** Path below which bodies are users' documents and are not judged. @default "/documents" */
  readonly uploadPathPrefix?: string;
  /** Log group or bucket, its name beginning with `aws-waf-logs-`, in the ACL's region. @default none */
  readonly logDestinationArn?: pulumi.Input<string>;
}

/**
 * Web firewall (EDGE-16): a rate limit, AWS's managed rules against common attacks, and nothing of our own that could
 * lock users out. One of scope CLOUDFRONT in `global`, one REGIONAL in each region for the load balancer, so that a
 * request which finds its way around CloudFront is judged too.
 *
 * Under failure: rules are evaluated where the request is; no other region is asked. Should the firewall itself fail, the
 * load balancer refuses requests, Route 53's probes among them, and the region leaves DNS.
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly webAclArn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:WebAcl", name, {}, opts);
    const rateLimit = args.rateLimit ?? 2000;
    const uploadPathPrefix = args.uploadPathPrefix ?? "/documents";
    refuse(`WebAcl "${name}"`, [
      ...wholeNumberProblem("rateLimit", rateLimit, { from: 10, to: 2_000_000_000, fix: "use 2000" }),
      ...(/^\/[^/]/.test(uploadPathPrefix)
        ? []
        : [`uploadPathPrefix: "${uploadPathPrefix}" would exempt every path; use a path such as /documents`]),
    ]);
    const acl = new aws.wafv2.WebAcl(
      `${name}-acl`,
      {
        scope: args.scope,
        description: `Common attacks and request rate, ${args.scope.toLowerCase()}`,
        defaultAction: { allow: {} },
        rules: webAclRules({ rateLimit, rateKey: args.rateKey ?? "source", uploadPathPrefix }),
        visibilityConfig: visibility(name),
        tags: { Name: name },
      },
      { parent: this },
    );
    if (args.logDestinationArn !== undefined) {
      new aws.wafv2.WebAclLoggingConfiguration(
        `${name}-log`,
        {
          resourceArn: acl.arn,
          logDestinationConfigs: [args.logDestinationArn],
          redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
        },
        { parent: this },
      );
    }
    this.webAclArn = acl.arn;
    this.registerOutputs({ webAclArn: this.webAclArn });
  }
}
