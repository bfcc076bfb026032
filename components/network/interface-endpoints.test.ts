import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, planInRegion, refusals, sources } from "../../tools/plan/testing.ts";
import { InterfaceEndpoints, type InterfaceEndpointsArgs } from "./interface-endpoints.ts";
import { INTERFACE_SERVICES, type InterfaceService } from "./interface-services.ts";

function planned(mode: PlanMode, change: Partial<InterfaceEndpointsArgs> = {}) {
  return planInRegion(mode, "us-west-2", (provider) => {
    const args = {
      vpcId: "vpc-1",
      region: "us-west-2",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      clientCidrs: ["10.10.0.0/16", "100.65.0.0/16"],
    };
    const endpoints = new InterfaceEndpoints("endpoints", { ...args, ...change }, { provider });
    return { endpointIds: endpoints.endpointIds, securityGroupId: endpoints.securityGroupId };
  });
}

for (const mode of MODES) {
  describe(`InterfaceEndpoints, ${mode}`, () => {
    it("NET-18: every service answers under its usual name in every zone", async () => {
      const plan = await planned(mode);
      const endpoints = ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint");
      assert.deepEqual(
        endpoints.map(({ inputs }) => inputs["serviceName"]),
        [...INTERFACE_SERVICES].toSorted().map((service) => `com.amazonaws.us-west-2.${service}`),
      );
      for (const endpoint of endpoints) {
        assert.deepEqual(
          pick(endpoint.inputs, "vpcId", "vpcEndpointType", "privateDnsEnabled", "subnetIds"),
          {
            vpcId: "vpc-1",
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
          },
        );
        assert.deepEqual(sources(endpoint, "securityGroupIds"), ["endpoints-clients"]);
      }
      assert.deepEqual(
        Object.keys(Object(plan.outputs["endpointIds"])).toSorted(),
        [...INTERFACE_SERVICES].toSorted(),
      );
      assert.deepEqual(plan.diagnostics, []);
    });

    it("NET-33: ECR, Secrets Manager, STS and CloudWatch Logs are among them (C-59)", () => {
      for (const service of ["ecr.api", "ecr.dkr", "secretsmanager", "sts", "logs"]) {
        assert.ok(
          INTERFACE_SERVICES.some((known) => known === service),
          service,
        );
      }
    });

    it("NET-18: the endpoints take HTTPS from the VPC's own blocks, nothing else, and call nothing", async () => {
      const plan = await planned(mode, { services: ["sts"] });
      assert.deepEqual(
        ofType(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) =>
          pick(inputs, "cidrIpv4", "fromPort", "ipProtocol", "toPort"),
        ),
        ["10.10.0.0/16", "100.65.0.0/16"].map((cidrIpv4) => ({
          cidrIpv4,
          fromPort: 443,
          ipProtocol: "tcp",
          toPort: 443,
        })),
      );
      assert.deepEqual(ofType(plan, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
      assert.deepEqual(pick(named(plan, "endpoints-clients").inputs, "ingress", "egress"), {});
    });

    it("COST-10: the list of services decides what is paid for", async () => {
      const endpoints = async (services: InterfaceService[]) =>
        ofType(await planned(mode, { services }), "aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) => name);
      assert.deepEqual(await endpoints(["sts", "ecr.api"]), ["endpoints-ecr.api", "endpoints-sts"]);
      assert.deepEqual(await endpoints([]), []);
    });
  });
}

describe("InterfaceEndpoints, refusals", () => {
  it("names every unknown service", async () => {
    const services = ["s3", "sts", "dynamo"] as InterfaceService[];
    const known = INTERFACE_SERVICES.join(", ");
    assert.deepEqual(await refusals(planned("preview", { services })), [
      `services "s3" has no interface endpoint here: use any of ${known}`,
      `services "dynamo" has no interface endpoint here: use any of ${known}`,
    ]);
  });

  it("names a list that holds a service twice", async () => {
    assert.deepEqual(await refusals(planned("preview", { services: ["sts", "sts"] })), [
      'services ["sts","sts"] names a service twice: name each once',
    ]);
  });
});
