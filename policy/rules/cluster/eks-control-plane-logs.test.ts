import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { eksControlPlaneLogs } from "./eks-control-plane-logs.ts";

const all = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const some = (kinds: readonly string[]) =>
  `enabledClusterLogTypes is ${JSON.stringify(kinds)}; it must be all of ${all.join(", ")}. Add those that are missing.`;

describe("eks-control-plane-logs", () => {
  cases(eksControlPlaneLogs, "aws:eks/cluster:Cluster", { enabledClusterLogTypes: all }, [
    ["takes any order", { enabledClusterLogTypes: all.toReversed() }, []],
    ["refuses none", { enabledClusterLogTypes: undefined }, [some([])]],
    [
      "does not decide on an unknown list",
      { enabledClusterLogTypes: UNKNOWN },
      [undecided("enabledClusterLogTypes")],
    ],
    ...all.map((missing) => {
      const rest = all.filter((kind) => kind !== missing);
      return [`refuses a list without ${missing}`, { enabledClusterLogTypes: rest }, [some(rest)]] as const;
    }),
  ]);
});
