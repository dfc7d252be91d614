"""The calls that making and keeping the platform's own stacks takes, by resource type.

Only the calls without which a stack of that type fails; types that are missing add nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def calls_of(types: Iterable[str]) -> tuple[str, ...]:
    """Return the actions that stacks with resources of these types need."""
    found = dict.fromkeys((*STACKS, *DEFAULTS))
    for name in sorted(types):
        service, _, calls = _CALLS.get(name, "").partition(":")
        found |= dict.fromkeys(f"{service}:{call}" for call in calls.split())
    return tuple(found)
