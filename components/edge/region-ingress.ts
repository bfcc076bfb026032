import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./arguments.ts";
import { Certificate } from "./certificate.ts";
import {
  type ForwardAction,
  forwardAction,
  type IngressExposure,
  type IngressSlot,
  ingressProblems,
} from "./ingress.ts";
import { IngressFirewall } from "./ingress-firewall.ts";
import { regionOriginName } from "./traffic.ts";

export interface RegionIngressArgs {
  /** The region's name, part of the load balancer's. Replaces the record and the certificate. */
  readonly region: string;
  /** Public domain of the platform, the zone's name. Replaces the record and the certificate. */
  readonly domain: string;
  /** Hosted zone of `domain`. */
  readonly zoneId: pulumi.Input<string>;
  /** Replaces the target groups and security groups. */
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets, one a zone, at least two (EDGE-23). */
  readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** IPv4 ranges that hold the targets, as a rule the VPC's own. */
  readonly targetCidrs: readonly string[];
  /** Who may connect (C-49). @default "cloudfront" */
  readonly exposure?: IngressExposure;
  /** `edgePrefixLists(region).cloudfrontPrefixListId`; needed when exposure is `cloudfront`. */
  readonly cloudfrontPrefixListId?: pulumi.Input<string>;
  /** `edgePrefixLists(region).healthCheckersPrefixListId`; needed when exposure is `cloudfront`. */
  readonly healthCheckersPrefixListId?: pulumi.Input<string>;
  /** Header that only the platform's own CloudFront sends; needed when exposure is `cloudfront`. */
  readonly originHeaderName?: string;
  /** Accepted values of that header, one to three: two while the value is being changed. Kept secret. */
  readonly originHeaderValues?: readonly pulumi.Input<string>[];
  /** `instance` reaches a NodePort of a development cluster (C-09). Replaces the target groups. @default "ip" */
  readonly targetType?: "ip" | "instance";
  /** Port of the gateway's pods, or its NodePort. Replaces the target groups. @default 8443 */
  readonly targetPort?: number;
  /** Replaces the target groups. @default "HTTPS" (EDGE-27) */
  readonly targetProtocol?: "HTTP" | "HTTPS";
  /** What targets and, through them, Route 53 are asked for. @default "/health" */
  readonly healthCheckPath?: string;
  /** Clusters behind the load balancer and their shares (EDGE-07, C-25). @default one slot, `main` */
  readonly slots?: readonly IngressSlot[];
  /** Regional web ACL (C-49). @default none */
  readonly webAclArn?: pulumi.Input<string>;
  /** Bucket for access logs, in this region. @default none */
  readonly accessLogsBucket?: pulumi.Input<string>;
  /** Set to false, and apply, before destroying the stack. @default true */
  readonly deletionProtection?: boolean;
}

const CLIENT_KEEP_ALIVE_SECONDS = 60;
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * The entry of a region: one internet-facing load balancer over all zones (EDGE-22), its certificate, its firewall and the
 * record `origin.<region>.<domain>` by which `global` knows it. Belongs to the region's stack.
 *
 * The record is an alias, whose TTL of 60 s cannot be lowered. That costs a failover nothing: what changes then is the
 * CNAME in front of it (5 s), while the addresses of this load balancer stay the same.
 *
 * Under failure: a zone that has no healthy target leaves the load balancer's own DNS name, and zonal shift can take one
 * out by hand; targets are shared across zones meanwhile (EDGE-12, EDGE-13). Connections are closed after 60 s however
 * busy they are: DNS does not move a client that keeps its connection, and CloudFront keeps them for an hour otherwise.
 *
 * Sprint slots are weights of one listener rather than records of their own (C-07): there is one load balancer a region
 * (C-09), and a shift takes effect at once, with no resolver in between and no control plane outside the region.
 */
export class RegionIngress extends pulumi.ComponentResource {
  /** `origin.<region>.<domain>`. */
  readonly originHost: pulumi.Output<string>;
  readonly loadBalancerArn: pulumi.Output<string>;
  readonly loadBalancerDnsName: pulumi.Output<string>;
  /** The last part of the ARN, which the load balancer's metrics carry. */
  readonly loadBalancerArnSuffix: pulumi.Output<string>;
  readonly certificateArn: pulumi.Output<string>;
  /** Groups of the load balancer; targets admit the first. */
  readonly securityGroupIds: pulumi.Output<string[]>;
  /** The one of those groups that targets admit. */
  readonly targetClientSecurityGroupId: pulumi.Output<string>;
  /** Slot to its target group, for the TargetGroupBinding of the slot's cluster. */
  readonly targetGroupArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: RegionIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:RegionIngress", name, {}, opts);
    const slots = args.slots ?? [{ name: "main", weight: 100 }];
    const exposure = args.exposure ?? "cloudfront";
    const targetPort = args.targetPort ?? 8443;
    refuse(
      `RegionIngress "${name}"`,
      ingressProblems({
        ...args,
        name,
        exposure,
        targetPort,
        slots,
        originHeaderValueCount: args.originHeaderValues?.length ?? 0,
      }),
    );
    const originHost = regionOriginName(args.region, args.domain);
    const shared = `*.${args.domain}`;

    const certificate = new Certificate(
      `${name}-tls`,
      {
        domainName: originHost,
        // The health-checked name of any routing policy, which `global` has proven.
        subjectAlternativeNames: [shared],
        validatedElsewhere: [shared],
        zoneId: args.zoneId,
      },
      { parent: this },
    );
    const firewall = new IngressFirewall(
      `${name}-firewall`,
      {
        vpcId: args.vpcId,
        exposure,
        cloudfrontPrefixListId: args.cloudfrontPrefixListId,
        healthCheckersPrefixListId: args.healthCheckersPrefixListId,
        targetCidrs: args.targetCidrs,
        targetPorts: [targetPort],
      },
      { parent: this },
    );
    const balancer = this.loadBalancer(name, args, firewall.securityGroupIds);
    const targetGroups = slots.map((slot) => ({ ...slot, group: this.targetGroup(name, slot.name, args) }));
    this.listen(name, args, {
      balancer,
      certificateArn: certificate.certificateArn,
      forward: forwardAction(targetGroups.map(({ group, weight }) => ({ arn: group.arn, weight }))),
    });
    new aws.route53.Record(
      `${name}-origin`,
      {
        zoneId: args.zoneId,
        name: originHost,
        type: "A",
        // One record has nothing to fall back to: health is judged in front of it.
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
    if (args.webAclArn !== undefined) {
      new aws.wafv2.WebAclAssociation(
        `${name}-web-acl`,
        { resourceArn: balancer.arn, webAclArn: args.webAclArn },
        { parent: this },
      );
    }

    this.originHost = pulumi.output(originHost);
    this.loadBalancerArn = balancer.arn;
    this.loadBalancerDnsName = balancer.dnsName;
    this.loadBalancerArnSuffix = balancer.arnSuffix;
    this.certificateArn = certificate.certificateArn;
    this.securityGroupIds = firewall.securityGroupIds;
    this.targetClientSecurityGroupId = firewall.entrySecurityGroupId;
    this.targetGroupArns = Object.fromEntries(targetGroups.map((slot) => [slot.name, slot.group.arn]));
    this.registerOutputs({
      originHost: this.originHost,
      loadBalancerArn: this.loadBalancerArn,
      loadBalancerDnsName: this.loadBalancerDnsName,
      loadBalancerArnSuffix: this.loadBalancerArnSuffix,
      certificateArn: this.certificateArn,
      securityGroupIds: this.securityGroupIds,
      targetGroupArns: this.targetGroupArns,
    });
  }

  private loadBalancer(
    name: string,
    args: RegionIngressArgs,
    securityGroups: pulumi.Output<string[]>,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: args.publicSubnetIds,
        securityGroups,
        enableDeletionProtection: args.deletionProtection ?? true,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
        enableZonalShift: true,
        accessLogs:
          args.accessLogsBucket === undefined
            ? undefined
            : { bucket: args.accessLogsBucket, enabled: true, prefix: name },
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  private targetGroup(name: string, slot: string, args: RegionIngressArgs): aws.lb.TargetGroup {
    const protocol = args.targetProtocol ?? "HTTPS";
    return new aws.lb.TargetGroup(
      `${name}-${slot}`,
      {
        vpcId: args.vpcId,
        targetType: args.targetType ?? "ip",
        port: args.targetPort ?? 8443,
        protocol,
        deregistrationDelay: 30,
        // Sends less to targets that answer with more errors than their peers.
        loadBalancingAlgorithmType: "weighted_random",
        loadBalancingAnomalyMitigation: "on",
        healthCheck: {
          path: args.healthCheckPath ?? "/health",
          protocol,
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          matcher: "200",
        },
        tags: { Name: `${name}-${slot}` },
      },
      { parent: this },
    );
  }

  private listen(name: string, args: RegionIngressArgs, to: ListenTo): void {
    const loadBalancerArn = to.balancer.arn;
    new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
        ],
      },
      { parent: this },
    );
    const { originHeaderName, originHeaderValues } = args;
    const guarded = originHeaderName !== undefined && originHeaderValues !== undefined;
    const refusal = { contentType: "text/plain", messageBody: "Forbidden", statusCode: "403" };
    const https = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn: to.certificateArn,
        routingHttpResponseServerEnabled: false,
        routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000; includeSubDomains",
        defaultActions: [guarded ? { type: "fixed-response", fixedResponse: refusal } : to.forward],
      },
      { parent: this },
    );
    if (!guarded) return;
    const rule = (what: string, priority: number, condition: RuleCondition) =>
      new aws.lb.ListenerRule(
        `${name}-${what}`,
        { listenerArn: https.arn, priority, conditions: condition, actions: [to.forward] },
        { parent: this },
      );
    // Route 53's checkers cannot send a header of ours; the firewall lets nobody but them and CloudFront in.
    rule("health", 10, [
      { pathPattern: { values: [args.healthCheckPath ?? "/health"] } },
      { httpRequestMethod: { values: ["GET"] } },
    ]);
    rule("from-cloudfront", 20, [
      {
        httpHeader: {
          httpHeaderName: originHeaderName,
          values: originHeaderValues.map((value) => pulumi.secret(value)),
        },
      },
    ]);
  }
}

interface ListenTo {
  readonly balancer: aws.lb.LoadBalancer;
  readonly certificateArn: pulumi.Input<string>;
  readonly forward: ForwardAction<pulumi.Output<string>>;
}
type RuleCondition = aws.lb.ListenerRuleArgs["conditions"];
