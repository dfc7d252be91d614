"""RDS and Redshift, whose parameters are called otherwise than the variables in their ARNs.

Source: Service Authorization Reference, "Amazon RDS" and "Amazon Redshift", resource types.
"""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.gateway.requests.keys import as_text, from_parameters
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Call, ContextValue

_asked = from_parameters(
    {
        "rds:BackupTarget": "BackupTarget",
        "rds:DatabaseClass": "DBInstanceClass",
        "rds:DatabaseEngine": "Engine",
        "rds:DatabaseName": "DBName DatabaseName",
        "rds:ManageMasterUserPassword": "ManageMasterUserPassword",
        "rds:MultiAz": "MultiAZ",
        "rds:Piops": "Iops",
        "rds:PubliclyAccessible": "PubliclyAccessible",
        "rds:StorageEncrypted": "StorageEncrypted",
        "rds:StorageSize": "AllocatedStorage",
    }
)
_OF_ITS_OWN = ("CreateDBCluster", "CreateDBInstance")


def _rds_keys(call: Call) -> Mapping[str, ContextValue]:
    """The keys of a database are those of what it will be: not encrypted where nothing is said. One
    of a cluster is as its cluster is."""
    found = dict(_asked(call))
    of_cluster = call.operation == "CreateDBInstance" and call.params.get("DBClusterIdentifier")
    if call.operation in _OF_ITS_OWN and not of_cluster:
        found.setdefault("rds:StorageEncrypted", as_text(value=False))
    return found


RDS = Rules(
    "rds",
    names={
        "DbInstanceName": (
            *("DBInstanceIdentifier", "TargetDBInstanceIdentifier", "SourceDBInstanceIdentifier"),
        ),
        "DbClusterInstanceName": ("DBClusterIdentifier", "SourceDBClusterIdentifier"),
        "SnapshotName": (
            *("DBSnapshotIdentifier", "TargetDBSnapshotIdentifier", "SourceDBSnapshotIdentifier"),
        ),
        "ClusterSnapshotName": (
            "DBClusterSnapshotIdentifier",
            "TargetDBClusterSnapshotIdentifier",
            "SourceDBClusterSnapshotIdentifier",
            "SnapshotIdentifier",
        ),
        "SubnetGroupName": ("DBSubnetGroupName",),
        "ParameterGroupName": ("DBParameterGroupName", "TargetDBParameterGroupIdentifier"),
        "ClusterParameterGroupName": (
            "DBClusterParameterGroupName",
            "TargetDBClusterParameterGroupIdentifier",
        ),
        "SecurityGroupName": ("DBSecurityGroupName",),
        "GlobalCluster": ("GlobalClusterIdentifier",),
        "DbClusterEndpoint": ("DBClusterEndpointIdentifier",),
        "DbProxyId": ("DBProxyName",),
        "DbProxyEndpointId": ("DBProxyEndpointName",),
        "DbShardGroupResourceId": ("DBShardGroupIdentifier",),
        "TargetGroupId": ("TargetGroupName",),
        "ReservedDbInstanceName": ("ReservedDBInstanceId", "ReservedDBInstancesOfferingId"),
        "DbInstanceAutomatedBackupId": ("DbiResourceId",),
        "DbClusterAutomatedBackupId": ("DbClusterResourceId",),
        "CustomDbEngineVersionId": ("EngineVersion",),
        "DbEngineVersion": ("EngineVersion",),
        "TenantResourceId": ("TenantDBName",),
    },
    stand_ins={"CustomDbEngineVersionId": "*", "TenantResourceId": "*", "TargetGroupId": "*"},
    keys=_rds_keys,
    passed_to="rds.amazonaws.com",
)

REDSHIFT = Rules(
    "redshift",
    names={
        "ClusterName": (
            *("ClusterIdentifier", "SnapshotClusterIdentifier", "SourceSnapshotClusterIdentifier"),
        ),
        "SnapshotName": (
            *("SnapshotIdentifier", "SourceSnapshotIdentifier", "TargetSnapshotIdentifier"),
        ),
        "SubnetGroupName": ("ClusterSubnetGroupName",),
        "SecurityGroupName": ("ClusterSecurityGroupName",),
        "EventSubscriptionName": ("SubscriptionName",),
        "HSMClientCertificateId": ("HsmClientCertificateIdentifier",),
        "HSMConfigurationId": ("HsmConfigurationIdentifier",),
        "ParameterGroupName": ("ParameterGroupName",),
        "SnapshotCopyGrantName": ("SnapshotCopyGrantName",),
        "DbUser": ("DbUser",),
        "DbName": ("DbName",),
        "DbGroup": ("DbGroups",),
    },
    stand_ins={
        **dict.fromkeys(("ClusterName", "DbName", "DbGroup", "DbUser"), "*"),
        **dict.fromkeys(("IpRange", "Owner", "Ec2SecurityGroupId", "Ece2SecuritygroupId"), "*"),
    },
    passed_to="redshift.amazonaws.com",
)
