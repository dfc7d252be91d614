"""What the platform role may do: make and change the infrastructure of its account.

It reads no data, uses no key, runs no job and releases no model. Everything it makes comes out of
a stack, so the list follows the resource types of the sections; beside them stand the actions by
which `landrail audit --fix` puts right what it finds.
"""

from __future__ import annotations

from landrail.compiler.statements import Statement, allow, role_arn
from landrail.resources import account_id
from landrail.rules.catalogue import fix_actions
from landrail.spec import Platform

_EC2 = (
    "ec2:AssociateRouteTable",
    "ec2:AuthorizeSecurityGroup*",
    "ec2:CreateRouteTable",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSubnet",
    "ec2:CreateTags",
    "ec2:CreateVpc*",
    "ec2:DeleteInternetGateway",
    "ec2:DeleteRoute*",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSubnet",
    "ec2:DeleteTags",
    "ec2:DeleteVpc*",
    "ec2:Describe*",
    "ec2:DetachInternetGateway",
    "ec2:DisassociateRouteTable",
    "ec2:EnableEbsEncryptionByDefault",
    "ec2:GetEbsEncryptionByDefault",
    "ec2:GetImageBlockPublicAccessState",
    "ec2:GetSnapshotBlockPublicAccessState",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifyVpc*",
    "ec2:RevokeSecurityGroup*",
)
_KEYS = (
    "kms:CreateAlias",
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:ListAliases",
    "kms:ListKeys",
    "kms:TagResource",
    "kms:UpdateAlias",
)
_BUCKETS = (
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucket*",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucket*",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
)
_REPOSITORIES = (
    "codeartifact:Create*",
    "codeartifact:Delete*",
    "codeartifact:Describe*",
    "codeartifact:Get*PermissionsPolicy",
    "codeartifact:List*",
    "codeartifact:Put*PermissionsPolicy",
    "codeartifact:TagResource",
    "codeartifact:UntagResource",
    "codeartifact:Update*",
    "codebuild:BatchGetProjects",
    "codebuild:CreateProject",
    "codebuild:DeleteProject",
    "codebuild:ListProjects",
    "codebuild:UpdateProject",
    "codecommit:CreateRepository",
    "codecommit:DeleteRepository",
    "codecommit:GetRepository",
    "codecommit:ListRepositories",
    "codecommit:ListTagsForResource",
    "codecommit:TagResource",
    "codecommit:UntagResource",
    "codecommit:UpdateRepository*",
    "codepipeline:CreatePipeline",
    "codepipeline:DeletePipeline",
    "codepipeline:GetPipeline",
    "codepipeline:GetPipelineState",
    "codepipeline:ListPipelines",
    "codepipeline:ListTagsForResource",
    "codepipeline:TagResource",
    "codepipeline:UntagResource",
    "codepipeline:UpdatePipeline",
    "ecr:CreateRepository",
    "ecr:DeleteRepository",
    "ecr:DeleteRepositoryPolicy",
    "ecr:Describe*",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
    "ecr:Put*Policy",
    "ecr:PutImage*Configuration",
    "ecr:PutImageTagMutability",
    "ecr:SetRepositoryPolicy",
    "ecr:TagResource",
    "ecr:UntagResource",
)
_STUDIO = (
    "sagemaker:AddTags",
    "sagemaker:CreateDomain",
    "sagemaker:CreateModelPackageGroup",
    "sagemaker:CreateUserProfile",
    "sagemaker:DeleteDomain",
    "sagemaker:DeleteModelPackageGroup*",
    "sagemaker:DeleteTags",
    "sagemaker:DeleteUserProfile",
    "sagemaker:DescribeDomain",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:DescribeUserProfile",
    "sagemaker:GetModelPackageGroupPolicy",
    "sagemaker:List*",
    "sagemaker:PutModelPackageGroupPolicy",
    "sagemaker:UpdateDomain",
    "sagemaker:UpdateUserProfile",
)
_RECORDS = (
    "cloudtrail:*",
    "config:*",
    "events:*",
    "glue:*Database*",
    "glue:*Table*",
    "glue:GetTags",
    "glue:TagResource",
    "glue:UntagResource",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:Describe*",
    "logs:ListTags*",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
    "organizations:Describe*",
    "organizations:List*",
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "sns:ListTopics",
    "sns:SetTopicAttributes",
    "sns:TagResource",
    "sns:UntagResource",
    "ssm:DescribeParameters",
)
_ROLES = (
    "iam:Add*",
    "iam:Attach*Policy",
    "iam:Create*",
    "iam:Delete*",
    "iam:Detach*Policy",
    "iam:Put*Policy",
    "iam:Remove*",
    "iam:SetDefaultPolicyVersion",
    "iam:Tag*",
    "iam:Untag*",
    "iam:Update*",
)


def statements(platform: Platform, account: str) -> list[Statement]:
    """Return the identity policy of the platform role in an account."""
    number = account_id(account)
    stacks = f"arn:aws:cloudformation:{platform.region}:{number}:stack/*"
    parameters = f"arn:aws:ssm:{platform.region}:{number}:parameter/landrail/*"
    ours = [
        role_arn(account, "*"),
        f"arn:aws:iam::{number}:policy/landrail/*",
        f"arn:aws:iam::{number}:oidc-provider/*",
    ]
    return [
        allow("cloudformation:*", stacks, sid="Stacks"),
        allow(
            (
                "cloudformation:Describe*",
                "cloudformation:GetTemplate*",
                "cloudformation:List*",
                "cloudformation:ValidateTemplate",
            ),
            "*",
            sid="ReadStacks",
        ),
        allow(_ROLES, ours, sid="Roles"),
        allow(("iam:Get*", "iam:List*"), "*", sid="ReadRoles"),
        allow("iam:PassRole", role_arn(account, "*"), sid="PassRoles"),
        allow("ssm:*Parameter*", parameters, sid="Parameters"),
        allow("ssm:*Tags*Resource", parameters, sid="ParameterTags"),
        allow((*_BUCKETS, *_KEYS), "*", sid="BucketsAndKeys"),
        allow(_EC2, "*", sid="Network"),
        allow(_REPOSITORIES, "*", sid="Repositories"),
        *_connections(platform, account),
        allow((*_STUDIO, *_RECORDS), "*", sid="RecordsAndStudio"),
        allow(fix_actions(), "*", sid="Fixes"),
        allow(
            "iam:CreateServiceLinkedRole",
            f"arn:aws:iam::{number}:role/aws-service-role/*",
            sid="ServiceLinkedRoles",
        ),
        allow(
            "iam:UpdateAssumeRolePolicy",
            f"arn:aws:iam::{number}:role/OrganizationAccountAccessRole",
            sid="FirstDoor",
        ),
    ]


def _connections(platform: Platform, account: str) -> list[Statement]:
    """Whoever makes a pipeline hands it the connection that its code comes over."""
    if account != platform.shared_services().name:
        return []
    named = (one.connection.connection for one in platform.models.values() if one.connection)
    by_service: dict[str, list[str]] = {}
    for arn in dict.fromkeys(str(one) for one in named):
        by_service.setdefault(arn.split(":")[2], []).append(arn)
    return [
        allow(
            f"{service}:PassConnection",
            arns,
            {"StringEquals": {f"{service}:PassedToService": "codepipeline.amazonaws.com"}},
            sid=f"Connections{number}",
        )
        for number, (service, arns) in enumerate(by_service.items(), 1)
    ]
