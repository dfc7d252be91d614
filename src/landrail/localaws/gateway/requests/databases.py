"""RDS and Redshift, whose parameters are called otherwise than the variables in their ARNs.

Source: Service Authorization Reference, "Amazon RDS" and "Amazon Redshift", resource types.
"""

from __future__ import annotations

from landrail.localaws.gateway.requests.rules import Rules

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
