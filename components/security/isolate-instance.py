"""Cuts one EC2 instance off the network and keeps what is needed to find out what happened. Safe to run again."""

import boto3
from botocore.exceptions import ClientError


def isolate(events, _context):
    ec2 = boto3.client("ec2")
    instance_id, group_name = events["InstanceId"], events["GroupName"]
    instance = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    group_id = quarantine_group(ec2, instance["VpcId"], group_name)

    # The network first: evidence can wait, an attacker does not.
    previous = {}
    for interface in instance["NetworkInterfaces"]:
        groups = sorted(group["GroupId"] for group in interface["Groups"])
        if groups != [group_id]:
            previous[interface["NetworkInterfaceId"]] = " ".join(groups)
            ec2.modify_network_interface_attribute(
                NetworkInterfaceId=interface["NetworkInterfaceId"], Groups=[group_id]
            )
    tags = [{"Key": "quarantine", "Value": "isolated"}]
    # What a person puts back when the alarm was false.
    tags += [{"Key": f"quarantine:{interface}", "Value": groups} for interface, groups in previous.items()][:20]
    ec2.create_tags(Resources=[instance_id], Tags=tags)

    snapshots = []
    if previous:
        snapshots = ec2.create_snapshots(
            InstanceSpecification={"InstanceId": instance_id},
            Description=f"Evidence of the isolated instance {instance_id}",
            TagSpecifications=[
                {"ResourceType": "snapshot", "Tags": [{"Key": "quarantine", "Value": instance_id}]}
            ],
        )["Snapshots"]
    return {"GroupId": group_id, "Snapshots": [snapshot["SnapshotId"] for snapshot in snapshots]}


def quarantine_group(ec2, vpc_id, name):
    """The group of the VPC that admits nothing and lets nothing out; made when it is first needed."""
    found = find_group(ec2, vpc_id, name)
    if found is None:
        try:
            found = ec2.create_security_group(
                GroupName=name,
                Description="Isolated instances: nothing in, nothing out",
                VpcId=vpc_id,
                TagSpecifications=[
                    {"ResourceType": "security-group", "Tags": [{"Key": "quarantine", "Value": "group"}]}
                ],
            )
        except ClientError as error:
            # Another isolation made it in this moment.
            if error.response["Error"]["Code"] != "InvalidGroup.Duplicate":
                raise
            found = find_group(ec2, vpc_id, name)
    group_id = found["GroupId"]
    ec2.get_waiter("security_group_exists").wait(GroupIds=[group_id])
    group = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=group["IpPermissionsEgress"])
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group_id, IpPermissions=group["IpPermissions"])
    return group_id


def find_group(ec2, vpc_id, name):
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": [name]}]
    groups = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    return groups[0] if groups else None
