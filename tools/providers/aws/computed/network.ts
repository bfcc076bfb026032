import type { ComputedTable } from "../computed.ts";

/** VPC, load balancing, transit and private connections. */
export const NETWORK: ComputedTable = {
  "aws:ec2/vpc:Vpc": {
    id: "vpc-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc/{id}",
    defaultNetworkAclId: "acl-{hex:17}",
    defaultRouteTableId: "rtb-{hex:17}",
    mainRouteTableId: "{defaultRouteTableId}",
    defaultSecurityGroupId: "sg-{hex:17}",
    dhcpOptionsId: "dopt-{hex:17}",
    ownerId: "{account}",
    instanceTenancy: "default",
  },
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": { id: "vpc-cidr-assoc-{hex:17}" },
  "aws:ec2/subnet:Subnet": {
    id: "subnet-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:subnet/{id}",
    availabilityZoneId: "{availabilityZone}-id",
    ownerId: "{account}",
  },
  "aws:ec2/routeTable:RouteTable": {
    id: "rtb-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:route-table/{id}",
    ownerId: "{account}",
  },
  "aws:ec2/route:Route": { id: "r-{routeTableId}{digits:10}", origin: "CreateRoute", state: "active" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { id: "rtbassoc-{hex:17}" },
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": { id: "rtbassoc-{hex:17}" },
  "aws:ec2/internetGateway:InternetGateway": {
    id: "igw-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:internet-gateway/{id}",
    ownerId: "{account}",
  },
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": { id: "eigw-{hex:17}" },
  "aws:ec2/natGateway:NatGateway": {
    id: "nat-{hex:17}",
    networkInterfaceId: "eni-{hex:17}",
    publicIp: "203.0.113.10",
    privateIp: "10.0.0.10",
  },
  "aws:ec2/eip:Eip": {
    id: "eipalloc-{hex:17}",
    allocationId: "{id}",
    arn: "arn:{partition}:ec2:{region}:{account}:elastic-ip/{id}",
    publicIp: "203.0.113.10",
    publicDns: "ec2-203-0-113-10.compute-1.amazonaws.com",
    domain: "vpc",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    id: "sg-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group/{id}",
    ownerId: "{account}",
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: "sg-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group/{id}",
    name: "default",
    ownerId: "{account}",
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    id: "sgrule-{digits:10}",
    securityGroupRuleId: "sgr-{hex:17}",
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    id: "sgr-{hex:17}",
    securityGroupRuleId: "{id}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}",
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    id: "sgr-{hex:17}",
    securityGroupRuleId: "{id}",
    arn: "arn:{partition}:ec2:{region}:{account}:security-group-rule/{id}",
  },
  "aws:ec2/networkAcl:NetworkAcl": {
    id: "acl-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:network-acl/{id}",
    ownerId: "{account}",
  },
  "aws:ec2/flowLog:FlowLog": {
    id: "fl-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{id}",
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: "vpce-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{id}",
    state: "available",
    prefixListId: "pl-{hex:8}",
    dnsEntries: [{ dnsName: "{id}.vpce.amazonaws.com", hostedZoneId: "Z7HUB22UULQXV" }],
    networkInterfaceIds: ["eni-{hex:17}"],
    ownerId: "{account}",
  },
  "aws:ec2/managedPrefixList:ManagedPrefixList": {
    id: "pl-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:prefix-list/{id}",
    ownerId: "{account}",
    version: 1,
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    id: "lt-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:launch-template/{id}",
    latestVersion: 1,
    defaultVersion: 1,
  },
  "aws:ec2/instance:Instance": {
    id: "i-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:instance/{id}",
    privateIp: "10.0.0.20",
    privateDns: "ip-10-0-0-20.{region}.compute.internal",
    primaryNetworkInterfaceId: "eni-{hex:17}",
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    id: "{arn}",
    arn: "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex:16}",
    arnSuffix: "app/{name}/{hex:16}",
    dnsName: "{name}-{digits:10}.{region}.elb.amazonaws.com",
    zoneId: "Z35SXDOTRQ7X7K",
  },
  "aws:lb/targetGroup:TargetGroup": {
    id: "{arn}",
    arn: "arn:{partition}:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex:16}",
    arnSuffix: "targetgroup/{name}/{hex:16}",
  },
  "aws:lb/listener:Listener": {
    id: "{arn}",
    arn: "arn:{partition}:elasticloadbalancing:{region}:{account}:listener/app/{logical}/{hex:16}/{hex:16}",
  },
  "aws:lb/listenerRule:ListenerRule": {
    id: "{arn}",
    arn: "arn:{partition}:elasticloadbalancing:{region}:{account}:listener-rule/app/{logical}/{hex:16}/{hex:16}",
  },
  "aws:ec2transitgateway/transitGateway:TransitGateway": {
    id: "tgw-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:transit-gateway/{id}",
    associationDefaultRouteTableId: "tgw-rtb-{hex:17}",
    propagationDefaultRouteTableId: "tgw-rtb-{hex:17}",
    ownerId: "{account}",
  },
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment": { id: "tgw-attach-{hex:17}", vpcOwnerId: "{account}" },
  "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": {
    id: "tgw-attach-{hex:17}",
    state: "pendingAcceptance",
  },
  "aws:ec2transitgateway/routeTable:RouteTable": {
    id: "tgw-rtb-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:transit-gateway-route-table/{id}",
  },
  "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": { id: "pcx-{hex:17}", acceptStatus: "active" },
  "aws:ec2/vpnGateway:VpnGateway": {
    id: "vgw-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpn-gateway/{id}",
  },
  "aws:ec2/customerGateway:CustomerGateway": {
    id: "cgw-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:customer-gateway/{id}",
  },
  "aws:ec2/vpnConnection:VpnConnection": {
    id: "vpn-{hex:17}",
    arn: "arn:{partition}:ec2:{region}:{account}:vpn-connection/{id}",
  },
  "aws:directconnect/gateway:Gateway": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    ownerAccountId: "{account}",
  },
};
