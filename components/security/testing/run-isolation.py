"""Runs isolate-instance.py on an account in memory and prints what it did, as JSON."""

import json
import sys
import types


class ClientError(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class Ec2:
    def __init__(self, race):
        self.calls = []
        self.groups = {}
        self.race = race
        self.interfaces = {"eni-1": ["sg-a", "sg-b"], "eni-2": ["sg-a"]}
        self.tags = {}

    def describe_instances(self, InstanceIds):
        interfaces = [
            {"NetworkInterfaceId": key, "Groups": [{"GroupId": group} for group in groups]}
            for key, groups in self.interfaces.items()
        ]
        return {"Reservations": [{"Instances": [{"VpcId": "vpc-1", "NetworkInterfaces": interfaces}]}]}

    def describe_security_groups(self, Filters=None, GroupIds=None):
        names = {f["Name"]: f["Values"][0] for f in Filters or []}
        found = [
            group
            for group in self.groups.values()
            if (GroupIds is None or group["GroupId"] in GroupIds)
            and names.get("group-name") in (None, group["GroupName"])
            and names.get("vpc-id") in (None, group["VpcId"])
        ]
        return {"SecurityGroups": found}

    def create_security_group(self, GroupName, VpcId, **_):
        self.calls.append("create_security_group")
        self.groups["sg-q"] = {
            "GroupId": "sg-q",
            "GroupName": GroupName,
            "VpcId": VpcId,
            "IpPermissions": [],
            "IpPermissionsEgress": [{"IpProtocol": "-1"}],
        }
        if self.race:
            raise ClientError("InvalidGroup.Duplicate")
        return {"GroupId": "sg-q"}

    def get_waiter(self, name):
        assert name == "security_group_exists"
        return types.SimpleNamespace(wait=lambda **_: None)

    def revoke_security_group_egress(self, GroupId, IpPermissions):
        self.groups[GroupId]["IpPermissionsEgress"] = []

    def modify_network_interface_attribute(self, NetworkInterfaceId, Groups):
        self.calls.append(f"modify {NetworkInterfaceId}")
        self.interfaces[NetworkInterfaceId] = Groups

    def create_tags(self, Resources, Tags):
        self.tags.update({tag["Key"]: tag["Value"] for tag in Tags})

    def create_snapshots(self, **_):
        self.calls.append("create_snapshots")
        return {"Snapshots": [{"SnapshotId": "snap-1"}]}


ec2 = Ec2(race=sys.argv[2] == "race")
sys.modules["boto3"] = types.SimpleNamespace(client=lambda service: ec2)
sys.modules["botocore"] = types.ModuleType("botocore")
sys.modules["botocore.exceptions"] = types.SimpleNamespace(ClientError=ClientError)
runbook = {}
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), runbook)

event = {"InstanceId": "i-1", "GroupName": "quarantine"}
results = [runbook["isolate"](event, None), runbook["isolate"](event, None)]
print(
    json.dumps(
        {
            "results": results,
            "interfaces": ec2.interfaces,
            "egress": ec2.groups["sg-q"]["IpPermissionsEgress"],
            "tags": ec2.tags,
            "calls": ec2.calls,
        }
    )
)
