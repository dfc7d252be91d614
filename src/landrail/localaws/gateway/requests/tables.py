"""The rules of each service by botocore's name; a service that is not here goes the general way."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.gateway.requests import iam, key_tables, kms, s3, sagemaker, sagemaker_keys
from landrail.localaws.gateway.requests.autoscaling import AUTOSCALING
from landrail.localaws.gateway.requests.code import (
    CODEARTIFACT,
    CODEBUILD,
    CODECOMMIT,
    CODECONNECTIONS,
    CODEPIPELINE,
    CODESTAR_CONNECTIONS,
    ECR,
)
from landrail.localaws.gateway.requests.data import (
    EVENTS,
    LOGS,
    SQS_BY_URL,
    SSM,
)
from landrail.localaws.gateway.requests.databases import RDS, REDSHIFT
from landrail.localaws.gateway.requests.dynamodb import DYNAMODB
from landrail.localaws.gateway.requests.ec2 import EC2
from landrail.localaws.gateway.requests.glue import GLUE
from landrail.localaws.gateway.requests.lambdas import invoked
from landrail.localaws.gateway.requests.organizations import resolve_organizations
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.s3control import S3CONTROL
from landrail.localaws.gateway.requests.secrets import SECRETS
from landrail.localaws.gateway.requests.sts import (
    own_keys,
    resolve_assume,
    resolve_federation,
    resolve_own,
)
from landrail.localaws.gateway.requests.tag_api import TAGGING
from landrail.localaws.gateway.requests.trails import CLOUDTRAIL
from landrail.localaws.gateway.requests.used_keys import keys_of_homes, keys_of_messages

_SERVICES_PREFIX = {
    "accessanalyzer": "access-analyzer",
    "sagemaker-metrics": "sagemaker",
    "sagemaker-featurestore-runtime": "sagemaker",
    "sso-admin": "sso",
    "stepfunctions": "states",
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "service-quotas": "servicequotas",
    "opensearch": "es",
}

RULES: Mapping[str, Rules] = {
    "s3": Rules(
        "s3",
        every=s3.resolve_s3,
        each=s3.resource_keys,
        passed_to="s3.amazonaws.com",
        passes={"PutBucketReplication": ("ReplicationConfiguration.Role",)},
    ),
    "s3control": S3CONTROL,
    "iam": Rules("iam", every=iam.resolve_iam, gaps=iam.GAPS),
    "kms": Rules("kms", every=kms.resolve_kms),
    "organizations": Rules("organizations", every=resolve_organizations),
    "sts": Rules(
        "sts",
        keys=own_keys,
        custom={
            "AssumeRole": resolve_assume,
            "AssumeRoleWithSAML": resolve_assume,
            "AssumeRoleWithWebIdentity": resolve_assume,
            "GetFederationToken": resolve_federation,
            "GetCallerIdentity": resolve_own,
            "GetSessionToken": resolve_own,
        },
    ),
    "sagemaker": Rules(
        "sagemaker",
        custom={
            "CreateModel": sagemaker.resolve_model,
            "CreateModelPackage": sagemaker.resolve_grouped,
            "ListModelPackages": sagemaker.resolve_grouped,
        },
        gaps=sagemaker.GAPS,
        names=sagemaker.NAMES,
        stand_ins=sagemaker.STAND_INS,
        unnamed=sagemaker.UNNAMED,
        used_keys=keys_of_homes,
        keys=sagemaker_keys.keys,
        each=sagemaker_keys.key_arns,
        passed_to="sagemaker.amazonaws.com",
    ),
    "sagemaker-runtime": Rules("sagemaker", keys=sagemaker_keys.keys),
    "codecommit": CODECOMMIT,
    "codebuild": CODEBUILD,
    "codepipeline": CODEPIPELINE,
    "codeconnections": CODECONNECTIONS,
    "codestar-connections": CODESTAR_CONNECTIONS,
    "codeartifact": CODEARTIFACT,
    "ecr": ECR,
    "ec2": EC2,
    "logs": LOGS,
    "events": EVENTS,
    "ssm": SSM,
    "sqs": Rules("sqs", every=SQS_BY_URL, used_keys=keys_of_messages),
    "sns": Rules(
        "sns",
        keys=key_tables.sns_keys,
        actions={"PublishBatch": ("sns:Publish",)},
        names={"TopicName": ("Name",)},
        used_keys=keys_of_messages,
        passed_to="sns.amazonaws.com",
    ),
    "cloudformation": Rules(
        "cloudformation",
        names={"StackName": ("StackName",), "StackSetName": ("StackSetName",)},
        stand_ins={"Id": "*"},
        keys=key_tables.cloudformation_keys,
        gaps=frozenset({"RemoveAlias", "SetAlias"}),
        unnamed=frozenset({"ExecuteStackRefactor", "RecordHandlerProgress"}),
        passed_to="cloudformation.amazonaws.com",
        passes=dict.fromkeys(
            (
                "CreateStack",
                "UpdateStack",
                "DeleteStack",
                "CreateChangeSet",
                "ContinueUpdateRollback",
                "RollbackStack",
                "CreateStackSet",
                "UpdateStackSet",
            ),
            ("RoleARN", "AdministrationRoleARN"),
        ),
    ),
    "cloudtrail": CLOUDTRAIL,
    "config": Rules(
        "config",
        keys=key_tables.config_keys,
        names={
            "ConfigurationRecorderName": (
                "ConfigurationRecorder.name",
                "ConfigurationRecorderName",
            ),
            "AggregatorName": ("ConfigurationAggregatorName",),
            "StoredQueryName": ("StoredQuery.QueryName", "QueryName"),
        },
        stand_ins={"*": "*"},
        passed_to="config.amazonaws.com",
    ),
    "glue": GLUE,
    "athena": Rules(
        "athena",
        names={"WorkGroupName": ("WorkGroup", "Name"), "DataCatalogName": ("CatalogName",)},
        stand_ins={"WorkGroupName": "primary"},
        gaps=frozenset(
            {
                "CreateSystemTableConfiguration",
                "DeleteSystemTableConfiguration",
                "GetSystemTableConfiguration",
                "ListSystemTableStatuses",
                "UpdateSystemTableConfiguration",
            }
        ),
        passed_to="athena.amazonaws.com",
    ),
    "cloudwatch": Rules(
        "cloudwatch",
        keys=key_tables.cloudwatch_keys,
        names={
            "AlarmName": ("AlarmName", "AlarmNames"),
            "InsightRuleName": ("RuleName", "RuleNames"),
            "MetricStreamName": ("Name", "Names"),
        },
        passed_to="cloudwatch.amazonaws.com",
    ),
    "application-autoscaling": AUTOSCALING,
    "secretsmanager": SECRETS,
    "rds": RDS,
    "redshift": REDSHIFT,
    "dynamodb": DYNAMODB,
    "lambda": Rules(
        "lambda",
        actions={
            "Invoke": ("lambda:InvokeFunction",),
            "InvokeWithResponseStream": ("lambda:InvokeFunction",),
        },
        custom=dict.fromkeys(("Invoke", "InvokeAsync", "InvokeWithResponseStream"), invoked),
        keys=key_tables.lambda_keys,
        names={"LayerVersion": ("VersionNumber",)},
        passed_to="lambda.amazonaws.com",
    ),
    "emr": Rules(
        "elasticmapreduce",
        names={"ClusterId": ("JobFlowId", "JobFlowIds", "ClusterId")},
        passed_to="elasticmapreduce.amazonaws.com",
    ),
    "resourcegroupstaggingapi": TAGGING,
    # It may also name what is enabled by control and target.
    "controltower": Rules("controltower", unnamed=frozenset({"DisableControl"})),
    **{service: Rules(prefix) for service, prefix in _SERVICES_PREFIX.items()},
}
