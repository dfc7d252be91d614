"""Every supported type, made, checked for drift, changed and deleted against the running server."""

from __future__ import annotations

import json
from typing import Any

import pytest


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(service: Any) -> dict[str, Any]:
    principal = {"Service": service}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


ROOT = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}
EVERYTHING = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
KEY_POLICY = policy(
    {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def storage(name: str) -> dict[str, Any]:
    tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Key": resource(
            "AWS::KMS::Key",
            Description="for tests",
            EnableKeyRotation=True,
            KeyPolicy=KEY_POLICY,
            PendingWindowInDays=7,
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "Alias": resource("AWS::KMS::Alias", AliasName=f"alias/{name}", TargetKeyId={"Ref": "Key"}),
        # It fills with the access logs of the other bucket, as on AWS.
        "Logging": {"DeletionPolicy": "Retain", **resource("AWS::S3::Bucket")},
        "LoggingPolicy": resource(
            "AWS::S3::BucketPolicy",
            Bucket={"Ref": "Logging"},
            PolicyDocument=policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "logging.s3.amazonaws.com"},
                    "Action": "s3:PutObject",
                    "Resource": {"Fn::Sub": "${Logging.Arn}/*"},
                }
            ),
        ),
        "Bucket": {
            "DependsOn": "LoggingPolicy",
            **resource(
                "AWS::S3::Bucket",
                BucketName=name,
                BucketEncryption={
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": {"Fn::GetAtt": "Key.Arn"},
                            },
                        }
                    ]
                },
                VersioningConfiguration={"Status": "Enabled"},
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                LifecycleConfiguration={
                    "Rules": [
                        {
                            "Id": "old",
                            "Status": "Enabled",
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        },
                        {"Id": "tmp", "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": 3},
                    ]
                },
                LoggingConfiguration={
                    "DestinationBucketName": {"Ref": "Logging"},
                    "LogFilePrefix": "x/",
                },
                NotificationConfiguration={
                    "EventBridgeConfiguration": {"EventBridgeEnabled": True}
                },
                ObjectLockEnabled=True,
                ObjectLockConfiguration={
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
                },
                Tags=[{"Key": "team", "Value": "x"}],
            ),
        },
        "Policy": resource(
            "AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument=policy(tls)
        ),
    }


def identity(name: str) -> dict[str, Any]:
    return {
        "Role": resource(
            "AWS::IAM::Role",
            RoleName=name,
            Path="/landrail/",
            Description="d",
            MaxSessionDuration=7200,
            AssumeRolePolicyDocument=trust("sagemaker.amazonaws.com"),
            ManagedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            PermissionsBoundary={"Ref": "Managed"},
            Policies=[{"PolicyName": "own", "PolicyDocument": EVERYTHING}],
            Tags=[{"Key": "k", "Value": "v"}],
        ),
        "Managed": resource(
            "AWS::IAM::ManagedPolicy",
            ManagedPolicyName=name,
            Path="/landrail/",
            PolicyDocument=EVERYTHING,
        ),
        "Generated": resource(
            "AWS::IAM::ManagedPolicy", PolicyDocument=EVERYTHING, Roles=[{"Ref": "Role"}]
        ),
        "Inline": resource(
            "AWS::IAM::Policy",
            PolicyName="inline",
            PolicyDocument=EVERYTHING,
            Roles=[{"Ref": "Role"}],
        ),
        "OfRole": resource(
            "AWS::IAM::RolePolicy",
            PolicyName="of-role",
            PolicyDocument=EVERYTHING,
            RoleName={"Ref": "Role"},
        ),
        "Issuer": resource(
            "AWS::IAM::OIDCProvider",
            Url=f"https://{name}.example.com",
            ClientIdList=["landrail"],
            ThumbprintList=["a" * 40],
        ),
        "Linked": resource(
            "AWS::IAM::ServiceLinkedRole",
            AWSServiceName="autoscaling.amazonaws.com",
            CustomSuffix=name,
        ),
    }


def network(name: str) -> dict[str, Any]:
    vpc = {"Ref": "Vpc"}
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    return {
        "Vpc": resource(
            "AWS::EC2::VPC",
            CidrBlock="10.0.0.0/16",
            EnableDnsHostnames=True,
            EnableDnsSupport=True,
            Tags=[{"Key": "Name", "Value": name}],
        ),
        "Subnet": resource(
            "AWS::EC2::Subnet",
            VpcId=vpc,
            CidrBlock={"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": "Vpc.CidrBlock"}, 2, 8]}]},
            AvailabilityZone={"Fn::Select": [0, {"Fn::GetAZs": ""}]},
        ),
        "Routes": resource("AWS::EC2::RouteTable", VpcId=vpc),
        "Association": resource(
            "AWS::EC2::SubnetRouteTableAssociation",
            RouteTableId={"Ref": "Routes"},
            SubnetId={"Ref": "Subnet"},
        ),
        "Group": resource(
            "AWS::EC2::SecurityGroup",
            GroupDescription="endpoints",
            VpcId=vpc,
            SecurityGroupIngress=[{**https, "CidrIp": "10.0.0.0/16", "Description": "vpc"}],
            SecurityGroupEgress=[{"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}],
        ),
        "In": resource(
            "AWS::EC2::SecurityGroupIngress",
            GroupId={"Fn::GetAtt": "Group.GroupId"},
            SourceSecurityGroupId={"Fn::GetAtt": "Group.GroupId"},
            IpProtocol="tcp",
            FromPort=8443,
            ToPort=8443,
        ),
        "Out": resource(
            "AWS::EC2::SecurityGroupEgress",
            GroupId={"Fn::GetAtt": "Group.GroupId"},
            CidrIp="10.0.0.0/16",
            **https,
        ),
        "Gateway": resource(
            "AWS::EC2::VPCEndpoint",
            VpcId=vpc,
            ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"},
            VpcEndpointType="Gateway",
            RouteTableIds=[{"Ref": "Routes"}],
            PolicyDocument=policy(
                {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
            ),
        ),
        "Interface": resource(
            "AWS::EC2::VPCEndpoint",
            VpcId=vpc,
            ServiceName={"Fn::Sub": "com.amazonaws.${AWS::Region}.sts"},
            VpcEndpointType="Interface",
            PrivateDnsEnabled=True,
            SubnetIds=[{"Ref": "Subnet"}],
            SecurityGroupIds=[{"Ref": "Group"}],
        ),
        "FlowRole": resource(
            "AWS::IAM::Role",
            AssumeRolePolicyDocument=trust("vpc-flow-logs.amazonaws.com"),
        ),
        "FlowGroup": resource("AWS::Logs::LogGroup"),
        "Flow": resource(
            "AWS::EC2::FlowLog",
            ResourceType="VPC",
            ResourceId=vpc,
            TrafficType="ALL",
            LogGroupName={"Ref": "FlowGroup"},
            DeliverLogsPermissionArn={"Fn::GetAtt": "FlowRole.Arn"},
        ),
    }


def messages(name: str) -> dict[str, Any]:
    return {
        "Parameter": resource(
            "AWS::SSM::Parameter",
            Name=f"/landrail/{name}",
            Type="String",
            Value="one",
            Description="d",
            Tags={"a": "b"},
        ),
        "Logs": resource(
            "AWS::Logs::LogGroup",
            LogGroupName=f"/landrail/{name}",
            RetentionInDays=30,
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        "Topic": resource("AWS::SNS::Topic", TopicName=name, DisplayName="alarms"),
        "TopicPolicy": resource(
            "AWS::SNS::TopicPolicy",
            Topics=[{"Ref": "Topic"}],
            PolicyDocument=policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": {"Ref": "Topic"},
                }
            ),
        ),
        "Rule": resource(
            "AWS::Events::Rule",
            Name=name,
            Description="pushes",
            EventPattern={"source": ["aws.codecommit"], "detail": {"event": ["referenceUpdated"]}},
            State="ENABLED",
            Targets=[{"Id": "topic", "Arn": {"Ref": "Topic"}}],
        ),
        "Bus": resource("AWS::Events::EventBus", Name=name),
        "BusRule": resource(
            "AWS::Events::Rule",
            EventBusName={"Ref": "Bus"},
            EventPattern={"source": ["x"]},
            Targets=[{"Id": "topic", "Arn": {"Ref": "Topic"}}],
        ),
        "BusPolicy": resource(
            "AWS::Events::EventBusPolicy",
            EventBusName={"Ref": "Bus"},
            StatementId="own",
            Statement={
                "Effect": "Allow",
                "Principal": {"AWS": ROOT},
                "Action": "events:PutEvents",
                "Resource": {"Fn::GetAtt": "Bus.Arn"},
            },
        ),
    }


def catalog(name: str) -> dict[str, Any]:
    flat = name.replace("-", "_")
    return {
        "Database": resource(
            "AWS::Glue::Database",
            CatalogId={"Ref": "AWS::AccountId"},
            DatabaseInput={"Name": flat, "Description": "d"},
        ),
        "Table": resource(
            "AWS::Glue::Table",
            CatalogId={"Ref": "AWS::AccountId"},
            DatabaseName={"Ref": "Database"},
            TableInput={
                "Name": "flights",
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"classification": "csv"},
                "StorageDescriptor": {
                    "Location": "s3://x/y/",
                    "Columns": [{"Name": "day", "Type": "int"}],
                    "SerdeInfo": {"SerializationLibrary": "lazy"},
                },
            },
        ),
    }


def governance(name: str) -> dict[str, Any]:
    services = {"Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"]}
    write = {
        "Effect": "Allow",
        "Principal": services,
        "Action": ["s3:PutObject", "s3:GetBucketAcl", "s3:ListBucket"],
        "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}],
    }
    return {
        "Bucket": resource("AWS::S3::Bucket"),
        "Policy": resource(
            "AWS::S3::BucketPolicy", Bucket={"Ref": "Bucket"}, PolicyDocument=policy(write)
        ),
        "Trail": {
            "DependsOn": "Policy",
            **resource(
                "AWS::CloudTrail::Trail",
                TrailName=name,
                S3BucketName={"Ref": "Bucket"},
                IsLogging=True,
                IsMultiRegionTrail=True,
                IncludeGlobalServiceEvents=True,
                EnableLogFileValidation=True,
                EventSelectors=[
                    {
                        "ReadWriteType": "All",
                        "IncludeManagementEvents": True,
                        "DataResources": [
                            {
                                "Type": "AWS::S3::Object",
                                "Values": [{"Fn::Sub": "${Bucket.Arn}/"}],
                            }
                        ],
                    }
                ],
                Tags=[{"Key": "a", "Value": "b"}],
            ),
        },
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=trust("config.amazonaws.com")),
        "Recorder": resource(
            "AWS::Config::ConfigurationRecorder",
            Name="default",
            RoleARN={"Fn::GetAtt": "Role.Arn"},
            RecordingGroup={"AllSupported": True, "IncludeGlobalResourceTypes": True},
        ),
        "Channel": {
            "DependsOn": "Policy",
            **resource(
                "AWS::Config::DeliveryChannel", Name="default", S3BucketName={"Ref": "Bucket"}
            ),
        },
        "Rule": {
            "DependsOn": "Recorder",
            **resource(
                "AWS::Config::ConfigRule",
                ConfigRuleName=name,
                Source={"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"},
                Scope={"ComplianceResourceTypes": ["AWS::S3::Bucket"]},
            ),
        },
        "Authorization": resource(
            "AWS::Config::AggregationAuthorization",
            AuthorizedAccountId="123456789012",
            AuthorizedAwsRegion="eu-west-1",
        ),
        "Aggregator": resource(
            "AWS::Config::ConfigurationAggregator",
            ConfigurationAggregatorName=name,
            AccountAggregationSources=[
                {"AccountIds": [{"Ref": "AWS::AccountId"}], "AllAwsRegions": True}
            ],
        ),
    }


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
        ),
        "Pipeline": resource(
            "AWS::CodePipeline::Pipeline",
            Name=name,
            PipelineType="V2",
            ExecutionMode="QUEUED",
            RoleArn={"Fn::GetAtt": "Role.Arn"},
            ArtifactStore={"Type": "S3", "Location": {"Ref": "Bucket"}},
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
                        }
                    ],
                },
                {
                    "Name": "Build",
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


FAMILIES = [
    storage,
    identity,
    network,
    messages,
    catalog,
    governance,
    images,
    code,
    studio,
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_a_family_of_types_is_made_reads_back_in_sync_and_goes(stacks, unique, family):
    name = unique(family.__name__[:4])
    resources = family(name)
    tags = [{"Key": "owner", "Value": "platform"}]
    stack = stacks.create(name, json.dumps({"Resources": resources}), Tags=tags)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stacks.failures(stack["StackId"])
    cloudformation = stacks.cloudformation
    detection = cloudformation.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    found = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert found["DetectionStatus"] == "DETECTION_COMPLETE", found
    drifts = cloudformation.describe_stack_resource_drifts(StackName=name)["StackResourceDrifts"]
    strayed = {
        d["LogicalResourceId"]: d.get("PropertyDifferences", d["StackResourceDriftStatus"])
        for d in drifts
        if d["StackResourceDriftStatus"] != "IN_SYNC"
    }
    assert strayed == {}
    assert len(drifts) == len(resources)
    gone = stacks.delete(name)
    assert gone["StackStatus"] == "DELETE_COMPLETE", stacks.failures(stack["StackId"])
