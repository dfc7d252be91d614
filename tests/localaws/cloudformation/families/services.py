"""Messages, catalogs and what governs an account."""

from __future__ import annotations

from typing import Any

from .writing import ROOT, policy, resource, trust


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
                # A trail that logs fills its bucket, which then cannot be deleted.
                IsLogging=False,
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
            RecordingMode={
                "RecordingFrequency": "DAILY",
                "RecordingModeOverrides": [
                    {
                        "Description": "at once",
                        "RecordingFrequency": "CONTINUOUS",
                        "ResourceTypes": ["AWS::S3::Bucket", "AWS::KMS::Key"],
                    }
                ],
            },
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
        "Policies": {
            "DependsOn": "Recorder",
            **resource(
                "AWS::Config::ConfigRule",
                ConfigRuleName=f"{name}-policy",
                Source={
                    "Owner": "CUSTOM_POLICY",
                    "CustomPolicyDetails": {
                        "EnableDebugLogDelivery": False,
                        "PolicyRuntime": "guard-2.x.x",
                        "PolicyText": "rule named { resourceName exists }",
                    },
                    "SourceDetails": [
                        {
                            "EventSource": "aws.config",
                            "MessageType": "ConfigurationItemChangeNotification",
                        }
                    ],
                },
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
