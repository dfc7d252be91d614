"""What AWS calls the VPC endpoint of a service: `com.amazonaws.REGION.NAME`.

Mostly the front of the service's host name with its parts turned round (`api.sagemaker` is
`sagemaker.api`); the table has the others. Source: AWS PrivateLink guide, "AWS services that
integrate with AWS PrivateLink".
"""

from __future__ import annotations

_NAMES = {
    "application-autoscaling": "application-autoscaling",
    "cloudwatch": "monitoring",
    "codeartifact": "codeartifact.api",
    "dynamodbstreams": "dynamodb-streams",
    "ecr": "ecr.api",
    "elbv2": "elasticloadbalancing",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
    "s3control": "s3",
    "sagemaker": "sagemaker.api",
    "sagemaker-featurestore-runtime": "sagemaker.featurestore-runtime",
    "sagemaker-metrics": "sagemaker.metrics",
    "sagemaker-runtime": "sagemaker.runtime",
    "ses": "email",
    "stepfunctions": "states",
}
_DOORS = {
    "codeartifact": "codeartifact.repositories",
    "codecommit": "git-codecommit",
    "ecr": "ecr.dkr",
}
# Served in one region for all, whatever region a client signs for.
_GLOBAL = {"iam": "com.amazonaws.iam"}
_ONE_REGION = frozenset({"organizations", "account", "ce", "budgets", "route53", "cloudfront"})


def endpoint_service(service: str, region: str) -> str:
    """Return the name of the endpoint for a service as botocore calls it."""
    if service in _GLOBAL:
        return _GLOBAL[service]
    where = "us-east-1" if service in _ONE_REGION else region
    return f"com.amazonaws.{where}.{_NAMES.get(service, service)}"


def door_service(action: str, region: str) -> str:
    """Return the name of the endpoint for an access outside the API: git, pip, an image's pull."""
    prefix = action.partition(":")[0]
    return f"com.amazonaws.{region}.{_DOORS.get(prefix, prefix)}"
