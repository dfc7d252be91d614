"""EC2: tags by resource id, tags on what is made, instance profiles.

Source: Service Authorization Reference, "Amazon EC2"; EC2 User Guide, "Grant permission to tag
resources during creation".
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.arns import Names, filled
from landrail.localaws.gateway.requests.ec2_keys import ec2_keys, resource_keys
from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.used_keys import keys_of_volumes
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup, Unresolved

_KINDS = {
    "ami": "image",
    "acl": "network-acl",
    "dopt": "dhcp-options",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "i": "instance",
    "igw": "internet-gateway",
    "key": "key-pair",
    "lt": "launch-template",
    "nat": "natgateway",
    "pl": "prefix-list",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "snap": "snapshot",
    "subnet": "subnet",
    "tgw": "transit-gateway",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
    "pcx": "vpc-peering-connection",
    "vgw": "vpn-gateway",
}


def _tags(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    ids = call.params.get("Resources") or ()
    if not ids:
        raise Unresolved("ec2", call.operation, "which resources it is about")
    found = []
    for each in ids:
        kind = _KINDS.get(str(each).rpartition("-")[0])
        if kind is None:
            raise Unresolved("ec2", call.operation, f"what kind of resource `{each}` is")
        arn = f"arn:aws:ec2:{call.region}:{call.account}:{kind}/{each}"
        found.append(Authorization(f"ec2:{call.operation}", arn, call.account))
    return found


def tags_on_create(call: Call) -> list[Authorization]:
    """Return ec2:CreateTags for each kind of resource that a call makes with tags."""
    found = []
    given = call.params.get("TagSpecifications") or call.params.get("TagSpecification") or ()
    for item in given:
        if item.get("Tags"):
            arn = f"arn:aws:ec2:{call.region}:{call.account}:{item.get('ResourceType', '*')}/*"
            context = {"ec2:CreateAction": call.operation}
            found.append(Authorization("ec2:CreateTags", arn, call.account, context))
    return found


def _create_tags(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    return tags_on_create(call)


def _profile(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """A role reaches an instance in its profile: it is passed."""
    profile = call.params.get("IamInstanceProfile") or {}
    name = profile.get("Name") or str(profile.get("Arn", "")).rpartition("/")[2]
    if not name:
        return []
    roles = lookup.profile_roles(call.account, str(name))
    if not roles:
        raise Unresolved("ec2", call.operation, f"which role the instance profile `{name}` holds")
    context = {"iam:PassedToService": "ec2.amazonaws.com"}
    return [Authorization("iam:PassRole", role, call.account, context) for role in roles]


_NAMES: Names = {
    "SecurityGroupId": ("GroupId", "SecurityGroupId"),
    "GroupId": ("GroupId",),
    "DhcpOptionsId": ("DhcpOptionsId",),
    "NaclId": ("NetworkAclId",),
    "FleetId": ("FleetIds",),
    "VpcFlowLogId": ("FlowLogIds",),
    "VpcEndpointServiceId": ("ServiceId", "ServiceIds"),
    "ElasticIpAllocationId": ("AllocationId",),
    "AllocationId": ("AllocationId", "AllocationIds"),
    "ReservationId": ("ReservedInstanceIds", "ReservedInstancesIds"),
    "DeclarativePoliciesReportId": ("ReportId",),
    "ImageUsageReportId": ("ReportId",),
    "Ipv4PoolCoipId": ("CoipPoolId",),
    "Ipv4PoolEc2Id": ("PoolId",),
    "PlacementGroupName": ("GroupName",),
    "VpcBlockPublicAccessExclusionId": ("ExclusionId",),
    "SnapshotId": ("SnapshotId", "SourceSnapshotIds"),
    "DedicatedHostId": ("HostIds", "HostIdSet", "HostId"),
    "IpamScopeId": ("IpamScopeId", "CurrentIpamScopeId", "DestinationIpamScopeId"),
    "CapacityReservationId": (
        "CapacityReservationId",
        "SourceCapacityReservationId",
        "DestinationCapacityReservationId",
    ),
    "KeyPairName": ("KeyName",),
    "VpnGatewayId": ("VpnGatewayId", "GatewayId"),
    "SecurityGroupRuleId": (
        "SecurityGroupRuleIds",
        "SecurityGroupRules.SecurityGroupRuleId",
        "SecurityGroupRuleDescriptions.SecurityGroupRuleId",
    ),
}


def _associated(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """What an association or attachment joins is looked up; what is not there is any."""
    name, action = known(call, f"ec2:{call.operation}")
    given = str(call.params.get("AssociationId") or call.params.get("AttachmentId") or "")
    joined = lookup.associated(call.account, call.region, given)
    base = f"arn:aws:ec2:{call.region}:{call.account}"
    found = []
    for kind in action.resources:
        arns = [f"{base}:{end}" for end in joined if end.startswith(f"{kind.name}/")]
        arns += filled(kind.arn, call, _NAMES)
        if kind.required and not arns:
            arns = [f"{base}:{kind.name}/*"]
        found += [Authorization(name, arn, call.account) for arn in arns]
    return found or [Authorization(name, "*", call.account)]


_BY_ASSOCIATION = (
    "DetachNetworkInterface",
    "DisassociateIamInstanceProfile",
    "DisassociateSubnetCidrBlock",
    "DisassociateAddress",
    "DisassociateRouteTable",
    "DisassociateVpcCidrBlock",
    "ReplaceIamInstanceProfileAssociation",
    "ReplaceNetworkAclAssociation",
    "ReplaceRouteTableAssociation",
)


def _run(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    return [*tags_on_create(call), *_profile(call, lookup)]


EC2 = Rules(
    "ec2",
    names=_NAMES,
    of={
        "ModifyInstanceCreditSpecification": {
            "InstanceId": ("InstanceCreditSpecifications.InstanceId",)
        },
        "AttachClassicLinkVpc": {"SecurityGroupId": ("Groups",)},
    },
    # Named by an address, an offering or an association, which only the service can read.
    unnamed=frozenset(
        {
            "AcceptAddressTransfer",
            "PurchaseCapacityBlock",
            "AcceptVpcPeeringConnection",
            "DeleteTrafficMirrorFilterRule",
            "ModifyTrafficMirrorFilterRule",
            "DisassociateNatGatewayAddress",
            "AssociateIpamResourceDiscovery",
            "ExportImage",
        }
    ),
    custom={
        "CreateTags": _tags,
        "DeleteTags": _tags,
        **dict.fromkeys(_BY_ASSOCIATION, _associated),
    },
    also={
        "RunInstances": _run,
        "AssociateIamInstanceProfile": _profile,
        "ReplaceIamInstanceProfileAssociation": _profile,
    },
    always=_create_tags,
    passed_to="ec2.amazonaws.com",
    keys=ec2_keys,
    each=resource_keys,
    used_keys=keys_of_volumes,
)
