"""Fix: a VPC's default security group lets nothing in or out, where nothing is in it."""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.rules.fix import Call, Fix, NotSafe, Subject


def _calls(ask: Ask, subject: Subject) -> tuple[Call, ...]:
    group = subject.resource_id
    inside = [{"Name": "group-id", "Values": [group]}]
    if ask("ec2", "DescribeNetworkInterfaces", Filters=inside).get("NetworkInterfaces"):
        raise NotSafe("something is in the group and may need its rules: move it to another first")
    found = ask("ec2", "DescribeSecurityGroups", GroupIds=[group])["SecurityGroups"][0]
    calls = []
    if found.get("IpPermissions"):
        given = {"GroupId": group, "IpPermissions": found["IpPermissions"]}
        calls.append(Call("ec2", "RevokeSecurityGroupIngress", given))
    if found.get("IpPermissionsEgress"):
        given = {"GroupId": group, "IpPermissions": found["IpPermissionsEgress"]}
        calls.append(Call("ec2", "RevokeSecurityGroupEgress", given))
    return tuple(calls)


FIX = Fix(
    rules=("vpc-default-security-group-closed",),
    says="take the rules out of the default security group",
    calls=_calls,
    actions=("ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
)
