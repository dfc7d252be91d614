"""The type and name of a resource by its ARN, as CloudTrail's event history shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping

# By service, and by how the resource part of the ARN begins.
_TYPES: Mapping[tuple[str, str], str] = {
    ("cloudformation", "stack"): "AWS::CloudFormation::Stack",
    ("cloudtrail", "trail"): "AWS::CloudTrail::Trail",
    ("codebuild", "project"): "AWS::CodeBuild::Project",
    ("config", "config-rule"): "AWS::Config::ConfigRule",
    ("dynamodb", "table"): "AWS::DynamoDB::Table",
    ("ec2", "instance"): "AWS::EC2::Instance",
    ("ec2", "security-group"): "AWS::EC2::SecurityGroup",
    ("ec2", "subnet"): "AWS::EC2::Subnet",
    ("ec2", "vpc"): "AWS::EC2::VPC",
    ("ec2", "vpc-endpoint"): "AWS::EC2::VPCEndpoint",
    ("ecr", "repository"): "AWS::ECR::Repository",
    ("events", "rule"): "AWS::Events::Rule",
    ("glue", "database"): "AWS::Glue::Database",
    ("glue", "table"): "AWS::Glue::Table",
    ("iam", "group"): "AWS::IAM::Group",
    ("iam", "oidc-provider"): "AWS::IAM::OIDCProvider",
    ("iam", "policy"): "AWS::IAM::Policy",
    ("iam", "role"): "AWS::IAM::Role",
    ("iam", "user"): "AWS::IAM::User",
    ("kms", "alias"): "AWS::KMS::Alias",
    ("kms", "key"): "AWS::KMS::Key",
    ("lambda", "function"): "AWS::Lambda::Function",
    ("logs", "log-group"): "AWS::Logs::LogGroup",
    ("organizations", "account"): "AWS::Organizations::Account",
    ("organizations", "ou"): "AWS::Organizations::OrganizationalUnit",
    ("organizations", "policy"): "AWS::Organizations::Policy",
    ("sagemaker", "endpoint"): "AWS::SageMaker::Endpoint",
    ("sagemaker", "endpoint-config"): "AWS::SageMaker::EndpointConfig",
    ("sagemaker", "model"): "AWS::SageMaker::Model",
    ("sagemaker", "model-package"): "AWS::SageMaker::ModelPackage",
    ("sagemaker", "model-package-group"): "AWS::SageMaker::ModelPackageGroup",
    ("sagemaker", "training-job"): "AWS::SageMaker::TrainingJob",
    ("secretsmanager", "secret"): "AWS::SecretsManager::Secret",
    ("ssm", "parameter"): "AWS::SSM::Parameter",
}
_ALONE = {
    "codecommit": "AWS::CodeCommit::Repository",
    "codepipeline": "AWS::CodePipeline::Pipeline",
    "sns": "AWS::SNS::Topic",
    "sqs": "AWS::SQS::Queue",
}


def resource_type(arn: str) -> str | None:
    """Return the type, or None where CloudTrail has none or it is not known here."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    service, rest = parts[2], parts[5]
    if service == "s3":
        return "AWS::S3::Object" if "/" in rest else "AWS::S3::Bucket"
    if service in _ALONE:
        return _ALONE[service]
    return _TYPES.get((service, re.split("[:/]", rest, maxsplit=1)[0]))


def resource_names(arn: str) -> tuple[str, ...]:
    """Return what a resource may be looked up by: its ARN, its name, and of an object the bucket's
    name too."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return (arn,)
    rest = parts[5]
    if parts[2] == "s3":
        return (arn, rest, rest.partition("/")[0])
    _, _, path = rest.replace(":", "/", 1).partition("/")
    return tuple(dict.fromkeys((arn, rest, path or rest, rest.rpartition("/")[2])))
