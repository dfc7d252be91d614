"""Rules of EC2: volumes, instances, networks. Source of what each asks: AWS Config, "List of AWS
Config managed rules"; those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import of_allowed_types
from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "EC2_EBS_ENCRYPTION_BY_DEFAULT",
        table="accounts_ec2",
        wrong="NOT ebs_encryption",
        says="new volumes are not encrypted by default",
        triggers=("periodic",),
    ),
    managed(
        "ENCRYPTED_VOLUMES",
        table="ec2_volumes",
        applies="attached",
        wrong="NOT encrypted OR (:kmsId <> '' AND (kms_key IS NULL OR (kms_key NOT IN (:kmsId)"
        " AND kms_key NOT LIKE CONCAT('%:key/', :kmsId))))",
        says="the volume is attached and not encrypted, or not by the key that is asked for",
        parameters={"kmsId": ""},
    ),
    Rule(
        name="ec2-volume-detached-encrypted",
        table="ec2_volumes",
        applies="NOT attached",
        wrong="NOT encrypted",
        says="the volume is attached to nothing and not encrypted: its snapshots are not either",
        guard=guard(
            "detached_encrypted",
            "AWS::EC2::Volume",
            "configuration.encrypted == true",
            when="configuration.attachments empty",
        ),
    ),
    managed(
        "VPC_DEFAULT_SECURITY_GROUP_CLOSED",
        table="ec2_security_groups",
        applies="is_default",
        wrong="inbound_rules > 0 OR outbound_rules > 0",
        says="the VPC's default security group lets something in or out",
    ),
    managed(
        "INCOMING_SSH_DISABLED",
        table="ec2_security_groups",
        wrong="COVERS(open_tcp, 22)",
        says="the security group opens SSH to everywhere",
        triggers=("change", "periodic"),
    ),
    managed(
        "RESTRICTED_INCOMING_TRAFFIC",
        table="ec2_security_groups",
        wrong="COVERS(open_tcp, :blockedPort1 :blockedPort2 :blockedPort3 :blockedPort4"
        " :blockedPort5 :blockedPorts)",
        says="the security group opens a port to everywhere that must not be",
        parameters={
            "blockedPort1": "20",
            "blockedPort2": "21",
            "blockedPort3": "3389",
            "blockedPort4": "3306",
            "blockedPort5": "4333",
            "blockedPorts": "",
        },
        triggers=("change", "periodic"),
    ),
    Rule(
        name="security-group-open-to-world",
        table="ec2_security_groups",
        wrong="open_to_world AND resource_id NOT IN (:exemptedGroups)",
        says="the security group lets something in from everywhere",
        parameters={"exemptedGroups": ""},
    ),
    managed(
        "VPC_FLOW_LOGS_ENABLED",
        table="ec2_vpcs",
        wrong="flow_logs = ',' OR NOT HAS_ALL(flow_logs, :trafficType)",
        says="the VPC's traffic is not logged, or not the kind that is asked for",
        parameters={"trafficType": ""},
        triggers=("periodic",),
    ),
    managed(
        "NO_UNRESTRICTED_ROUTE_TO_IGW",
        table="ec2_route_tables",
        wrong="to_internet AND resource_id NOT IN (:routeTableIds)",
        says="the route table sends everything to an internet gateway",
        parameters={"routeTableIds": ""},
        triggers=("change", "periodic"),
    ),
    managed(
        "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED",
        table="ec2_subnets",
        wrong="assigns_public_ip",
        says="instances get a public address in the subnet",
    ),
    managed(
        "EC2_INSTANCE_NO_PUBLIC_IP",
        table="ec2_instances",
        wrong="public_ip",
        says="the instance has a public address",
    ),
    managed(
        "EC2_IMDSV2_CHECK",
        table="ec2_instances",
        wrong="COALESCE(imds_endpoint, '') <> 'disabled'"
        " AND COALESCE(imds_tokens, '') <> 'required'",
        says="the instance's metadata service takes requests without a token",
    ),
    of_allowed_types("ec2", "ec2_instances", "the instance is of a type"),
    Rule(
        name="ec2-metadata-defaults",
        table="accounts_ec2",
        wrong="default_imds IS NULL OR default_imds <> 'required'",
        says="new instances take requests to their metadata service without a token",
    ),
    Rule(
        name="vpc-no-default",
        table="ec2_vpcs",
        wrong="is_default",
        says="it is the VPC that the region came with, open to the internet",
        guard=guard("not_default", "AWS::EC2::VPC", "configuration.isDefault == false"),
    ),
)
