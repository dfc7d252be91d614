"""What an account stands on: storage, identities, networks."""

from __future__ import annotations

from typing import Any

from .writing import EVERYTHING, KEY_POLICY, policy, resource, trust


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
