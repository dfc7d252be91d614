"""Images, code and what runs models."""

from __future__ import annotations

import json
from typing import Any

from .writing import ROOT, policy, resource, trust

OTHER = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/other"


def images(name: str) -> dict[str, Any]:
    pull = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "ecr:BatchGetImage"}
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 9},
        "action": {"type": "expire"},
    }
    return {
        "Images": resource(
            "AWS::ECR::Repository",
            RepositoryName=name,
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration={"ScanOnPush": True},
            RepositoryPolicyText=policy(pull),
            LifecyclePolicy={"LifecyclePolicyText": json.dumps({"rules": [rule]})},
            Tags=[{"Key": "a", "Value": "b"}],
        )
    }


def code(name: str) -> dict[str, Any]:
    return {
        "Bucket": resource("AWS::S3::Bucket"),
        "Role": resource(
            "AWS::IAM::Role",
            AssumeRolePolicyDocument=trust(
                ["codebuild.amazonaws.com", "codepipeline.amazonaws.com"]
            ),
        ),
        "Code": resource(
            "AWS::CodeCommit::Repository",
            RepositoryName=name,
            RepositoryDescription="d",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "Domain": resource(
            "AWS::CodeArtifact::Domain",
            DomainName=name,
            PermissionsPolicyDocument=policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": ROOT},
                    "Action": "codeartifact:GetAuthorizationToken",
                    "Resource": "*",
                }
            ),
        ),
        "Packages": resource(
            "AWS::CodeArtifact::Repository",
            DomainName={"Fn::GetAtt": "Domain.Name"},
            RepositoryName="wheels",
            Description="d",
            PermissionsPolicyDocument=policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": ROOT},
                    "Action": "codeartifact:ReadFromRepository",
                    "Resource": "*",
                }
            ),
        ),
        "Build": resource(
            "AWS::CodeBuild::Project",
            Name=name,
            ServiceRole={"Fn::GetAtt": "Role.Arn"},
            Artifacts={"Type": "CODEPIPELINE"},
            Environment={
                "Type": "LINUX_CONTAINER",
                "ComputeType": "BUILD_GENERAL1_SMALL",
                "Image": "aws/codebuild/standard:7.0",
                "EnvironmentVariables": [{"Name": "A", "Value": "1"}],
            },
            Source={"Type": "CODEPIPELINE", "BuildSpec": "version: 0.2"},
            TimeoutInMinutes=30,
            SecondarySources=[
                {"Type": "CODECOMMIT", "SourceIdentifier": "other", "Location": OTHER}
            ],
            SecondarySourceVersions=[{"SourceIdentifier": "other", "SourceVersion": "main"}],
            SecondaryArtifacts=[
                {"Type": "S3", "ArtifactIdentifier": "kept", "Location": {"Ref": "Bucket"}}
            ],
            Cache={"Type": "LOCAL", "Modes": ["LOCAL_CUSTOM_CACHE"]},
            AutoRetryLimit=1,
            ConcurrentBuildLimit=2,
        ),
        "Reports": resource(
            "AWS::CodeBuild::ReportGroup",
            Name=name,
            Type="TEST",
            ExportConfig={
                "ExportConfigType": "S3",
                "S3Destination": {"Bucket": {"Ref": "Bucket"}, "Packaging": "ZIP"},
            },
            DeleteReports=True,
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "Connection": resource(
            "AWS::CodeConnections::Connection",
            ConnectionName=name[-32:],
            ProviderType="GitHub",
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "OldConnection": resource(
            "AWS::CodeStarConnections::Connection",
            ConnectionName=f"o{name[-31:]}",
            ProviderType="GitLab",
        ),
        "Pipeline": resource(
            "AWS::CodePipeline::Pipeline",
            Name=name,
            PipelineType="V2",
            ExecutionMode="QUEUED",
            RoleArn={"Fn::GetAtt": "Role.Arn"},
            ArtifactStore={"Type": "S3", "Location": {"Ref": "Bucket"}},
            Variables=[{"Name": "stage", "DefaultValue": "blue"}],
            DisableInboundStageTransitions=[{"StageName": "Build", "Reason": "not yet"}],
            Triggers=[
                {
                    "ProviderType": "CodeStarSourceConnection",
                    "GitConfiguration": {
                        "SourceActionName": "Outside",
                        "Push": [
                            {
                                "Branches": {"Includes": ["main"]},
                                "FilePaths": {"Includes": ["src/**"], "Excludes": ["src/*.md"]},
                            },
                            {"Tags": {"Includes": ["v*"]}},
                        ],
                    },
                }
            ],
            Stages=[
                {
                    "Name": "Source",
                    "Actions": [
                        {
                            "Name": "Source",
                            "ActionTypeId": action("Source", "CodeCommit"),
                            "Configuration": {
                                "RepositoryName": {"Fn::GetAtt": "Code.Name"},
                                "BranchName": "main",
                                "PollForSourceChanges": False,
                            },
                            "OutputArtifacts": [{"Name": "Source"}],
                        },
                        {
                            "Name": "Outside",
                            "ActionTypeId": action("Source", "CodeStarSourceConnection"),
                            "Configuration": {
                                "ConnectionArn": {"Ref": "Connection"},
                                "FullRepositoryId": "team/app",
                                "BranchName": "main",
                            },
                            "OutputArtifacts": [{"Name": "Outside"}],
                        },
                    ],
                },
                {
                    "Name": "Build",
                    "BeforeEntry": condition("SKIP"),
                    "OnSuccess": condition("FAIL"),
                    "OnFailure": {
                        "Result": "RETRY",
                        "RetryConfiguration": {"RetryMode": "ALL_ACTIONS"},
                    },
                    "Actions": [
                        {
                            "Name": "Build",
                            "ActionTypeId": action("Build", "CodeBuild"),
                            "Configuration": {"ProjectName": {"Ref": "Build"}},
                            "InputArtifacts": [{"Name": "Source"}],
                            "RunOrder": 1,
                        }
                    ],
                },
            ],
        ),
    }


def condition(result: str) -> dict[str, Any]:
    kind = {"Category": "Rule", "Owner": "AWS", "Provider": "VariableCheck", "Version": "1"}
    given = {"Variable": "#{variables.stage}", "Operator": "EQ", "Value": "blue"}
    rule = {"Name": "blue", "RuleTypeId": kind, "Configuration": given}
    return {"Conditions": [{"Result": result, "Rules": [rule]}]}


def action(category: str, provider: str) -> dict[str, str]:
    return {"Category": category, "Owner": "AWS", "Provider": provider, "Version": "1"}


def studio(name: str) -> dict[str, Any]:
    return {
        "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.1.0.0/16"),
        "Subnet": resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock="10.1.0.0/24"),
        "Group": resource(
            "AWS::EC2::SecurityGroup", GroupDescription="studio", VpcId={"Ref": "Vpc"}
        ),
        "Role": resource(
            "AWS::IAM::Role", AssumeRolePolicyDocument=trust("sagemaker.amazonaws.com")
        ),
        "Domain": resource(
            "AWS::SageMaker::Domain",
            DomainName=name,
            AuthMode="IAM",
            AppNetworkAccessType="VpcOnly",
            VpcId={"Ref": "Vpc"},
            SubnetIds=[{"Ref": "Subnet"}],
            DefaultUserSettings={
                "ExecutionRole": {"Fn::GetAtt": "Role.Arn"},
                "SecurityGroups": [{"Ref": "Group"}],
            },
        ),
        "Ana": resource(
            "AWS::SageMaker::UserProfile",
            DomainId={"Ref": "Domain"},
            UserProfileName="ana",
            UserSettings={"ExecutionRole": {"Fn::GetAtt": "Role.Arn"}},
        ),
        "Models": resource(
            "AWS::SageMaker::ModelPackageGroup",
            ModelPackageGroupName=name,
            ModelPackageGroupDescription="d",
            ModelPackageGroupPolicy=policy(
                {
                    "Sid": "read",
                    "Effect": "Allow",
                    "Principal": {"AWS": ROOT},
                    "Action": "sagemaker:DescribeModelPackageGroup",
                    "Resource": {
                        "Fn::Sub": "arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:"
                        "model-package-group/" + name
                    },
                }
            ),
        ),
    }
