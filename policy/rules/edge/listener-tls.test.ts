import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { listenerTls } from "./listener-tls.ts";

const weak = (value: string) =>
  `sslPolicy is ${value}; it must be "ELBSecurityPolicy-TLS13-1-2-2021-06" or stronger. Set it; when it is not set, AWS takes a policy of 2016 that offers TLS 1.0.`;
const plain = (value: string) =>
  `defaultActions is ${value}; it must be one redirect to HTTPS. Use {type: "redirect", redirect: {protocol: "HTTPS", port: "443", statusCode: "HTTP_301"}}.`;
const redirect = (protocol: string) => [{ type: "redirect", redirect: { protocol, statusCode: "HTTP_301" } }];
const forward = [{ type: "forward", targetGroupArn: "arn:tg" }];

describe("listener-tls", () => {
  for (const type of ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as const) {
    cases(
      listenerTls,
      type,
      { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06", defaultActions: forward },
      [
        ["takes TLS 1.3 alone", { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }, []],
        [
          "EDGE-25: refuses the policy of 2017",
          { sslPolicy: "ELBSecurityPolicy-TLS-1-2-2017-01" },
          [weak('"ELBSecurityPolicy-TLS-1-2-2017-01"')],
        ],
        [
          "refuses a variant with weak ciphers",
          { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06" },
          [weak('"ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06"')],
        ],
        ["refuses the default of AWS", { sslPolicy: undefined }, [weak("not set")]],
        ["does not decide on an unknown policy", { sslPolicy: UNKNOWN }, [undecided("sslPolicy")]],
        ["refuses a TLS listener alike", { protocol: "TLS", sslPolicy: undefined }, [weak("not set")]],
        ["leaves plain TCP of a network load balancer alone", { protocol: "TCP", sslPolicy: undefined }, []],
      ],
    );
    cases(listenerTls, type, { protocol: "HTTP", defaultActions: redirect("HTTPS") }, [
      ["EDGE-24: refuses to forward plain HTTP", { defaultActions: forward }, [plain('["forward"]')]],
      ["refuses a redirect to HTTP", { defaultActions: redirect("HTTP") }, [plain('["HTTP"]')]],
      ["refuses no action", { defaultActions: [] }, [plain("[]")]],
      ["does not decide on unknown actions", { defaultActions: UNKNOWN }, [undecided("defaultActions")]],
    ]);
  }
});
