/** Networks of a region. */
import { z } from "zod";
import { INTERFACE_SERVICES } from "../../../components/network/interface-services.ts";
import { cidr, count } from "./values.ts";

const hybrid = z.strictObject({
  onPremisesCidrs: z.array(cidr).min(1).meta({ description: "Ranges of the data centre." }),
  vpn: z
    .strictObject({
      peerIp: z.ipv4().meta({ description: "Public address of the device.", allowed: "an IPv4 address" }),
      customerAsn: count(1, 2147483646).meta({ description: "ASN of the data centre." }),
    })
    .optional()
    .meta({ description: "Two tunnels over the internet.", allowed: "peerIp and customerAsn" }),
  directConnect: z
    .strictObject({
      connectionId: z
        .string()
        .regex(/^dxcon-[a-z0-9]+$/)
        .meta({ description: "The ordered connection.", allowed: "a connection id such as dxcon-ffabc123" }),
      vlan: count(1, 4094).meta({ description: "VLAN that is unused on the connection." }),
      customerAsn: count(1, 2147483646).meta({ description: "ASN of the data centre." }),
      gatewayAsn: count(64512, 65534).meta({ description: "Private ASN of the Direct Connect gateway." }),
    })
    .optional()
    .meta({ description: "The dedicated link.", allowed: "connectionId, vlan, customerAsn and gatewayAsn" }),
});

export const network = z
  .strictObject({
    natGateways: z.enum(["perZone", "single"]).default("perZone").meta({
      description:
        "One NAT gateway in each zone, or one for the region (cheaper, a zone's loss cuts egress).",
    }),
    flowLogRetentionDays: z
      .union([z.literal(30), z.literal(90), z.literal(365)])
      .default(90)
      .meta({ description: "Days that VPC flow logs are kept.", allowed: "30, 90 or 365" }),
    interfaceEndpoints: z
      .array(z.enum(INTERFACE_SERVICES))
      .default([...INTERFACE_SERVICES])
      .meta({
        description: "AWS services that are reached without NAT, each about 7 USD a month in each zone.",
      }),
    peerRegions: z.boolean().default(true).meta({
      description: "Admit the production VPCs of the other regions, which the stack link connects.",
    }),
    hybrid: hybrid.optional().meta({ description: "Connection to a data centre. Default: none." }),
  })
  .meta({ description: "The production VPC." });
