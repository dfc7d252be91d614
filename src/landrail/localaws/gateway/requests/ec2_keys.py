"""EC2's condition keys: those of a request's parameters, and those of each resource it is about.

Source: Service Authorization Reference, "Amazon EC2".
"""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.keys import as_text, from_parameters
from landrail.localaws.gateway.requests.values import Authorization, Call, ContextValue, Lookup

_DISKS = "BlockDeviceMappings.Ebs"
_NICS = "NetworkInterfaces"
_asked = from_parameters(
    {
        "ec2:Add/group": "LaunchPermission.Add.Group CreateVolumePermission.Add.Group",
        "ec2:Add/userId": "LaunchPermission.Add.UserId CreateVolumePermission.Add.UserId",
        "ec2:AssociatePublicIpAddress": f"{_NICS}.AssociatePublicIpAddress",
        "ec2:Attribute": "Attribute",
        "ec2:AuthorizedService": "AwsService",
        "ec2:AuthorizedUser": "AwsAccountId",
        "ec2:AutoPlacement": "AutoPlacement",
        "ec2:AvailabilityZone": "AvailabilityZone Placement.AvailabilityZone",
        "ec2:AvailabilityZoneId": "AvailabilityZoneId Placement.AvailabilityZoneId",
        "ec2:BootModeOverride": "BootModeOverride",
        "ec2:ClientRootCertificateChainArn": (
            "AuthenticationOptions.MutualAuthentication.ClientRootCertificateChainArn"
        ),
        "ec2:CpuOptionsAmdSevSnp": "CpuOptions.AmdSevSnp",
        "ec2:Domain": "Domain",
        "ec2:EbsOptimized": "EbsOptimized",
        "ec2:ElasticGpuType": "ElasticGpuSpecification.Type",
        "ec2:Encrypted": f"Encrypted {_DISKS}.Encrypted",
        "ec2:EndDate": "EndDate",
        "ec2:EndDateType": "EndDateType",
        "ec2:EphemeralStorage": "EphemeralStorage",
        "ec2:GatewayType": "Type",
        "ec2:HostRecovery": "HostRecovery",
        "ec2:InstanceAutoRecovery": "MaintenanceOptions.AutoRecovery",
        "ec2:InstanceBandwidthWeighting": "NetworkPerformanceOptions.BandwidthWeighting",
        "ec2:InstanceCount": "InstanceCount",
        "ec2:InstanceMarketType": "InstanceMarketOptions.MarketType",
        "ec2:InstanceMatchCriteria": "InstanceMatchCriteria",
        "ec2:InstanceMetadataTags": "MetadataOptions.InstanceMetadataTags InstanceMetadataTags",
        "ec2:InstancePlatform": "InstancePlatform",
        "ec2:InstanceType": "InstanceType InstanceType.Value",
        "ec2:Ipv4IpamPoolId": "Ipv4IpamPoolId",
        "ec2:Ipv6IpamPoolId": "Ipv6IpamPoolId",
        "ec2:KeyPairType": "KeyType",
        "ec2:KmsKeyId": f"KmsKeyId {_DISKS}.KmsKeyId",
        "ec2:Location": "Location",
        "ec2:MetadataHttpEndpoint": "MetadataOptions.HttpEndpoint HttpEndpoint",
        "ec2:MetadataHttpPutResponseHopLimit": (
            "MetadataOptions.HttpPutResponseHopLimit HttpPutResponseHopLimit"
        ),
        "ec2:MetadataHttpTokens": "MetadataOptions.HttpTokens HttpTokens",
        "ec2:OutpostArn": "OutpostArn",
        "ec2:Owner": "Owners OwnerIds",
        "ec2:Permission": "Permission",
        "ec2:PlacementGroupName": "Placement.GroupName",
        "ec2:PlacementGroupStrategy": "Strategy",
        "ec2:PublicIpAddress": "PublicIp",
        "ec2:Remove/group": "LaunchPermission.Remove.Group CreateVolumePermission.Remove.Group",
        "ec2:Remove/userId": "LaunchPermission.Remove.UserId CreateVolumePermission.Remove.UserId",
        "ec2:SamlProviderArn": "AuthenticationOptions.FederatedAuthentication.SAMLProviderArn",
        "ec2:ServerCertificateArn": "ServerCertificateArn",
        "ec2:SnapshotCoolOffPeriod": "CoolOffPeriod",
        "ec2:SnapshotLockDuration": "LockDuration",
        "ec2:SourceOutpostArn": "SourceOutpostArn",
        "ec2:Tenancy": "InstanceTenancy Placement.Tenancy Tenancy",
        "ec2:VolumeInitializationRate": (
            f"VolumeInitializationRate {_DISKS}.VolumeInitializationRate"
        ),
        "ec2:VolumeIops": f"Iops {_DISKS}.Iops",
        "ec2:VolumeSize": f"Size {_DISKS}.VolumeSize",
        "ec2:VolumeThroughput": f"Throughput {_DISKS}.Throughput",
        "ec2:VolumeType": f"VolumeType {_DISKS}.VolumeType",
        "ec2:VpcePrivateDnsPreference": "DnsOptions.PrivateDnsPreference",
        "ec2:VpceServiceName": "ServiceName",
        "ec2:VpceServicePrivateDnsName": "PrivateDnsName",
        "ec2:VpceServiceRegion": "ServiceRegion",
        "ec2:InsideTunnelCidr": "Options.TunnelOptions.TunnelInsideCidr",
        "ec2:InsideTunnelIpv6Cidr": "Options.TunnelOptions.TunnelInsideIpv6Cidr",
        "ec2:DPDTimeoutSeconds": "Options.TunnelOptions.DPDTimeoutSeconds",
        "ec2:Phase1LifetimeSeconds": "Options.TunnelOptions.Phase1LifetimeSeconds",
        "ec2:Phase2LifetimeSeconds": "Options.TunnelOptions.Phase2LifetimeSeconds",
        "ec2:RekeyFuzzPercentage": "Options.TunnelOptions.RekeyFuzzPercentage",
        "ec2:RekeyMarginTimeSeconds": "Options.TunnelOptions.RekeyMarginTimeSeconds",
        "ec2:ReplayWindowSizePackets": "Options.TunnelOptions.ReplayWindowSize",
    },
    {
        "ec2:IKEVersions": "Options.TunnelOptions.IKEVersions.Value",
        "ec2:Phase1DHGroup": "Options.TunnelOptions.Phase1DHGroupNumbers.Value",
        "ec2:Phase1EncryptionAlgorithms": (
            "Options.TunnelOptions.Phase1EncryptionAlgorithms.Value"
        ),
        "ec2:Phase1IntegrityAlgorithms": "Options.TunnelOptions.Phase1IntegrityAlgorithms.Value",
        "ec2:Phase2DHGroup": "Options.TunnelOptions.Phase2DHGroupNumbers.Value",
        "ec2:Phase2EncryptionAlgorithms": (
            "Options.TunnelOptions.Phase2EncryptionAlgorithms.Value"
        ),
        "ec2:Phase2IntegrityAlgorithms": "Options.TunnelOptions.Phase2IntegrityAlgorithms.Value",
        "ec2:VpcePrivateDnsSpecifiedDomains": "DnsOptions.PrivateDnsSpecifiedDomains",
        "ec2:VpceSupportedRegion": "SupportedRegions AddSupportedRegions",
    },
)


def ec2_keys(call: Call) -> Mapping[str, ContextValue]:
    """Return the keys of a call's parameters; what a Modify call sets is told by name too."""
    found = dict(_asked(call))
    if call.operation.startswith("Modify"):
        for name, value in call.params.items():
            set_to = value.get("Value") if isinstance(value, Mapping) else value
            if isinstance(set_to, str | int | bool):
                found[f"ec2:Attribute/{name}"] = as_text(set_to)
    return found


# The key that holds the id of a resource of a kind.
_IDS: Mapping[str, str] = {
    "dhcp-options": "ec2:DhcpOptionsID",
    "elastic-ip": "ec2:AllocationId",
    "image": "ec2:ImageID",
    "instance": "ec2:InstanceID",
    "internet-gateway": "ec2:InternetGatewayID",
    "ipam-prefix-list-resolver-target": "ec2:IpamPrefixListResolverTargetId",
    "key-pair": "ec2:KeyPairName",
    "network-acl": "ec2:NetworkAclID",
    "network-interface": "ec2:NetworkInterfaceID",
    "route-table": "ec2:RouteTableID",
    "security-group": "ec2:SecurityGroupID",
    "snapshot": "ec2:SnapshotID",
    "subnet": "ec2:SubnetID",
    "transit-gateway": "ec2:transitGatewayId",
    "transit-gateway-attachment": "ec2:transitGatewayAttachmentId",
    "transit-gateway-connect-peer": "ec2:transitGatewayConnectPeerId",
    "transit-gateway-metering-policy": "ec2:transitGatewayMeteringPolicyId",
    "transit-gateway-multicast-domain": "ec2:transitGatewayMulticastDomainId",
    "transit-gateway-policy-table": "ec2:transitGatewayPolicyTableId",
    "transit-gateway-route-table": "ec2:transitGatewayRouteTableId",
    "transit-gateway-route-table-announcement": "ec2:transitGatewayRouteTableAnnouncementId",
    "volume": "ec2:VolumeID",
    "vpc": "ec2:VpcID",
    "vpc-peering-connection": "ec2:VpcPeeringConnectionID",
}
_ARNS: Mapping[str, tuple[str, str]] = {
    "DestinationCapacityReservationId": (
        "ec2:DestinationCapacityReservationId",
        "capacity-reservation",
    ),
    "PeerVpcId": ("ec2:AccepterVpc", "vpc"),
    "SourceCapacityReservationId": ("ec2:SourceCapacityReservationId", "capacity-reservation"),
    "SubnetId": ("ec2:Subnet", "subnet"),
    "VpcId": ("ec2:Vpc", "vpc"),
}


def resource_keys(call: Call, needed: Authorization, lookup: Lookup) -> dict[str, ContextValue]:
    """Return the region, the resource's own id, and the VPC that it is in or will be."""
    base = f"arn:aws:ec2:{call.region}:{call.account}"
    found: dict[str, ContextValue] = {"ec2:Region": call.region}
    for parameter, (key, kind) in _ARNS.items():
        given = call.params.get(parameter)
        if isinstance(given, str):
            found[key] = f"{base}:{kind}/{given}"
    if call.operation == "CreateVpcPeeringConnection" and "ec2:Vpc" in found:
        found["ec2:RequesterVpc"] = found["ec2:Vpc"]
    template = call.params.get("LaunchTemplate")
    if isinstance(template, Mapping) and template.get("LaunchTemplateId"):
        found["ec2:LaunchTemplate"] = f"{base}:launch-template/{template['LaunchTemplateId']}"
    if call.operation == "RunInstances":
        found["ec2:IsLaunchTemplateResource"] = "true" if template else "false"
    group = at_path(call.params, "Placement.GroupName")
    if group:
        found["ec2:PlacementGroup"] = f"{base}:placement-group/{group}"
    if call.operation == "CreateVolume" and call.params.get("SnapshotId"):
        found["ec2:ParentSnapshot"] = f"{base}:snapshot/{call.params['SnapshotId']}"
    if call.operation == "CreateSnapshot" and call.params.get("VolumeId"):
        found["ec2:ParentVolume"] = f"{base}:volume/{call.params['VolumeId']}"
    profile = call.params.get("IamInstanceProfile")
    if isinstance(profile, Mapping) and (profile.get("Arn") or profile.get("Name")):
        arn = profile.get("Arn") or (
            f"arn:aws:iam::{call.account}:instance-profile/{profile['Name']}"
        )
        replaces = call.operation.startswith(("Replace", "Associate"))
        found["ec2:NewInstanceProfile" if replaces else "ec2:InstanceProfile"] = str(arn)
    resource = needed.resource.split(":", 5)[-1]
    kind, _, identifier = resource.partition("/")
    if kind in _IDS and identifier not in ("", "*"):
        found[_IDS[kind]] = identifier
        vpc = lookup.vpc_of(call.account, call.region, resource)
        if vpc:
            found["ec2:Vpc"] = f"{base}:vpc/{vpc}"
    return found
