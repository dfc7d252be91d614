"""The calls that making and keeping the platform's own stacks takes, by resource type.

Only the calls without which a stack of that type fails; types that are missing add nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.resources import Stack

STACKS = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
)
DEFAULTS = (
    "ec2:DeleteVpc",
    "ec2:EnableEbsEncryptionByDefault",
    "s3:PutAccountPublicAccessBlock",
)
"""The settings of an account that no stack has a type for."""
REPAIRING = (
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:DeleteStack",
    "iam:DeleteRolePolicy",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""What break-glass is for, beside making stacks."""

_CALLS: Mapping[str, str] = {
    "AWS::CloudTrail::Trail": "cloudtrail:CreateTrail StartLogging UpdateTrail",
    "AWS::CodeArtifact::Domain": "codeartifact:CreateDomain",
    "AWS::CodeArtifact::Repository": "codeartifact:CreateRepository",
    "AWS::CodeBuild::Project": "codebuild:CreateProject UpdateProject",
    "AWS::CodeBuild::ReportGroup": "codebuild:CreateReportGroup UpdateReportGroup",
    "AWS::CodeCommit::Repository": "codecommit:CreateRepository",
    "AWS::CodePipeline::Pipeline": "codepipeline:CreatePipeline UpdatePipeline",
    "AWS::Config::AggregationAuthorization": "config:PutAggregationAuthorization",
    "AWS::Config::ConfigRule": "config:PutConfigRule",
    "AWS::Config::ConfigurationAggregator": "config:PutConfigurationAggregator",
    "AWS::Config::ConfigurationRecorder": "config:PutConfigurationRecorder "
    "StartConfigurationRecorder",
    "AWS::Config::DeliveryChannel": "config:PutDeliveryChannel",
    "AWS::EC2::RouteTable": "ec2:CreateRouteTable",
    "AWS::EC2::SecurityGroup": "ec2:CreateSecurityGroup",
    "AWS::EC2::SecurityGroupEgress": "ec2:AuthorizeSecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress": "ec2:AuthorizeSecurityGroupIngress",
    "AWS::EC2::Subnet": "ec2:CreateSubnet",
    "AWS::EC2::SubnetRouteTableAssociation": "ec2:AssociateRouteTable",
    "AWS::EC2::VPC": "ec2:CreateVpc",
    "AWS::EC2::VPCEndpoint": "ec2:CreateVpcEndpoint ModifyVpcEndpoint",
    "AWS::ECR::Repository": "ecr:CreateRepository SetRepositoryPolicy",
    "AWS::Events::EventBusPolicy": "events:PutPermission",
    "AWS::Events::Rule": "events:PutRule PutTargets",
    "AWS::Glue::Database": "glue:CreateDatabase",
    "AWS::Glue::Table": "glue:CreateTable UpdateTable",
    "AWS::IAM::ManagedPolicy": "iam:AttachRolePolicy CreatePolicy CreatePolicyVersion",
    "AWS::IAM::OIDCProvider": "iam:CreateOpenIDConnectProvider",
    "AWS::IAM::Role": "iam:CreateRole PutRolePolicy UpdateAssumeRolePolicy",
    "AWS::KMS::Alias": "kms:CreateAlias",
    "AWS::KMS::Key": "kms:CreateKey",
    "AWS::S3::Bucket": "s3:CreateBucket PutBucketPublicAccessBlock PutBucketVersioning "
    "PutEncryptionConfiguration",
    "AWS::S3::BucketPolicy": "s3:PutBucketPolicy",
    "AWS::SNS::Topic": "sns:CreateTopic",
    "AWS::SNS::TopicPolicy": "sns:SetTopicAttributes",
    "AWS::SSM::Parameter": "ssm:PutParameter",
    "AWS::SageMaker::Domain": "sagemaker:CreateDomain",
    "AWS::SageMaker::ModelPackageGroup": "sagemaker:CreateModelPackageGroup",
    "AWS::SageMaker::UserProfile": "sagemaker:CreateUserProfile",
}


_ARNS: Mapping[str, str] = {
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::{account}:policy{Path}{ManagedPolicyName}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role{Path}{RoleName}",
    "AWS::S3::Bucket": "arn:aws:s3:::{BucketName}",
    "AWS::S3::BucketPolicy": "arn:aws:s3:::{Bucket}",
    "AWS::SSM::Parameter": "arn:aws:ssm:{region}:{account}:parameter{Name}",
}
"""What resources of a type are called by, where their names are in their templates."""
_STACK = "arn:aws:cloudformation:{region}:{account}:stack/{name}/*"

Calls = dict[str, dict[str, None]]
"""By action, the resources that it is done to: ARNs, or `*` where they are not known."""


def calls_of(stacks: Iterable[Stack], account: str) -> Calls:
    """Return the calls that making and keeping stacks takes; `account` is the account's id."""
    found: Calls = {action: {"*": None} for action in DEFAULTS}
    for stack in stacks:
        arn = _STACK.format(region=stack.region, account=account, name=stack.name)
        for action in STACKS:
            found.setdefault(action, {})[arn] = None
        for made in stack.template["Resources"].values():
            service, _, calls = _CALLS.get(made["Type"], "").partition(":")
            resource = _arn(_with_bucket(made, stack), stack.region, account)
            for call in calls.split():
                found.setdefault(f"{service}:{call}", {})[resource] = None
    return found


def _with_bucket(made: Mapping[str, Any], stack: Stack) -> Mapping[str, Any]:
    """Return the policy of a bucket of the same stack with the bucket's name in it."""
    bucket = made.get("Properties", {}).get("Bucket")
    if not isinstance(bucket, dict) or "Ref" not in bucket:
        return made
    named = stack.template["Resources"].get(bucket["Ref"], {}).get("Properties", {})
    return {**made, "Properties": {**made["Properties"], "Bucket": named.get("BucketName")}}


def _arn(made: Mapping[str, Any], region: str, account: str) -> str:
    """Return the ARN of a resource, `*` where its template does not tell it."""
    pattern = _ARNS.get(made["Type"], "*")
    properties = {k: v for k, v in made.get("Properties", {}).items() if isinstance(v, str)}
    try:
        return pattern.format_map({"region": region, "account": account, **properties})
    except KeyError:
        return "*"
