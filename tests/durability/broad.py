"""Some calls of every service that the store keeps, in the order of a life: what a journal of them
brings back is compared in `test_snapshots`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

MANAGEMENT = "210987654321"
REGION = "eu-west-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
)
Known = dict[str, Any]
Call = Callable[..., Any]


class Life:
    """Makes calls in one account after the other, and keeps what later calls refer to."""

    def __init__(self, execute: Callable[..., dict[str, Any]], account: str) -> None:
        self._execute = execute
        self.account = account
        self.known: Known = {}

    def __call__(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        """Make a call; it must succeed."""
        return self._execute(self.account, REGION, service, operation, params)


def organization(call: Life) -> None:
    made = call("organizations", "CreateOrganization", FeatureSet="ALL")["Organization"]
    root = call("organizations", "ListRoots")["Roots"][0]["Id"]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        call("organizations", "EnablePolicyType", RootId=root, PolicyType=kind)
    unit = call("organizations", "CreateOrganizationalUnit", ParentId=root, Name="units")
    status = call("organizations", "CreateAccount", AccountName="m", Email="m@example.com")
    member = status["CreateAccountStatus"]["AccountId"]
    call(
        *("organizations", "MoveAccount"),
        AccountId=member,
        SourceParentId=root,
        DestinationParentId=unit["OrganizationalUnit"]["Id"],
    )
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    content = json.dumps({"Version": "2012-10-17", "Statement": statement})
    policy = call(
        *("organizations", "CreatePolicy"),
        Name="p",
        Description="d",
        Type="SERVICE_CONTROL_POLICY",
        Content=content,
    )["Policy"]["PolicySummary"]["Id"]
    call("organizations", "AttachPolicy", PolicyId=policy, TargetId=member)
    call("organizations", "TagResource", ResourceId=member, Tags=[{"Key": "a", "Value": "b"}])
    call.known |= {"organization": made["Id"], "member": member}


def identity(call: Life) -> None:
    call("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument=TRUST, Tags=_tags())
    call("iam", "PutRolePolicy", RoleName="r", PolicyName="i", PolicyDocument=_policy())
    made = call("iam", "CreatePolicy", PolicyName="m", PolicyDocument=_policy())["Policy"]["Arn"]
    call("iam", "CreatePolicyVersion", PolicyArn=made, PolicyDocument=_policy(), SetAsDefault=True)
    for arn in (made, "arn:aws:iam::aws:policy/ReadOnlyAccess"):
        call("iam", "AttachRolePolicy", RoleName="r", PolicyArn=arn)
    call("iam", "CreateUser", UserName="u")
    call("iam", "CreateAccessKey", UserName="u")
    call("iam", "CreateGroup", GroupName="g")
    call("iam", "AddUserToGroup", UserName="u", GroupName="g")
    call("iam", "CreateInstanceProfile", InstanceProfileName="ip")
    call("iam", "AddRoleToInstanceProfile", InstanceProfileName="ip", RoleName="r")
    call("iam", "CreateServiceLinkedRole", AWSServiceName="config.amazonaws.com")
    call(
        *("iam", "CreateOpenIDConnectProvider"),
        Url="https://issuer.example",
        ClientIDList=["c"],
        ThumbprintList=["0" * 40],
    )
    call("iam", "CreateAccountAlias", AccountAlias=f"alias-{call.account}")
    call("iam", "CreateVirtualMFADevice", VirtualMFADeviceName="mfa")


def keys(call: Life) -> None:
    key = call("kms", "CreateKey", Description="k", Tags=[{"TagKey": "a", "TagValue": "b"}])
    name = key["KeyMetadata"]["KeyId"]
    call("kms", "CreateAlias", AliasName="alias/k", TargetKeyId=name)
    call("kms", "EnableKeyRotation", KeyId=name)
    call("kms", "CreateGrant", KeyId=name, GranteePrincipal=_role(call), Operations=["Decrypt"])
    other = call("kms", "CreateKey")["KeyMetadata"]["KeyId"]
    call("kms", "ScheduleKeyDeletion", KeyId=other, PendingWindowInDays=7)
    call.known["key"] = name


def objects(call: Life) -> None:
    bucket = f"bucket-{call.account}"
    where = {"LocationConstraint": REGION}
    call("s3", "CreateBucket", Bucket=bucket, CreateBucketConfiguration=where)
    call(
        *("s3", "PutBucketVersioning"),
        Bucket=bucket,
        VersioningConfiguration={"Status": "Enabled"},
    )
    call("s3", "PutBucketTagging", Bucket=bucket, Tagging={"TagSet": _tags()})
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
    call("s3", "PutPublicAccessBlock", Bucket=bucket, PublicAccessBlockConfiguration=block)
    for body in (b"small", b"large" * 4000, b"large" * 4000):
        call("s3", "PutObject", Bucket=bucket, Key="k", Body=body, Metadata={"a": "b"})
    call("s3", "PutObjectTagging", Bucket=bucket, Key="k", Tagging={"TagSet": _tags()})
    call("s3", "CopyObject", Bucket=bucket, Key="c", CopySource=f"{bucket}/k")
    call("s3", "DeleteObject", Bucket=bucket, Key="k")
    for key, end in (("whole", "CompleteMultipartUpload"), ("left", ""), ("gone", "Abort")):
        _upload(call, bucket, key, end)
    setting = {"AccountId": call.account, "PublicAccessBlockConfiguration": block}
    call("s3control", "PutPublicAccessBlock", **setting)


def _upload(call: Life, bucket: str, key: str, end: str) -> None:
    upload = call("s3", "CreateMultipartUpload", Bucket=bucket, Key=key)["UploadId"]
    named = {"Bucket": bucket, "Key": key, "UploadId": upload}
    parts = [
        {
            "PartNumber": n,
            "ETag": call("s3", "UploadPart", **named, PartNumber=n, Body=body)["ETag"],
        }
        for n, body in ((1, b"x" * (5 << 20)), (2, b"y"))
    ]
    if end == "Abort":
        call("s3", "AbortMultipartUpload", **named)
    elif end:
        call("s3", end, **named, MultipartUpload={"Parts": parts})


def bodies(call: Life) -> dict[str, int]:
    """How long the objects are."""
    bucket = f"bucket-{call.account}"
    found = {key: call("s3", "GetObject", Bucket=bucket, Key=key) for key in ("k", "c", "whole")}
    return {key: len(answer["Body"].read()) for key, answer in found.items()}


def network(call: Life) -> None:
    vpc = call("ec2", "CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = call("ec2", "CreateSubnet", VpcId=vpc, CidrBlock="10.0.1.0/28")["Subnet"]["SubnetId"]
    group = call("ec2", "CreateSecurityGroup", VpcId=vpc, GroupName="sg", Description="d")
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    ranges = {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
    call(
        *("ec2", "AuthorizeSecurityGroupIngress"),
        GroupId=group["GroupId"],
        IpPermissions=[permission | ranges],
    )
    call("ec2", "CreateTags", Resources=[vpc], Tags=_tags())
    call(
        *("ec2", "CreateVpcEndpoint"),
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.sts",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
    )
    call("ec2", "CreateNetworkInterface", SubnetId=subnet)
    gate = call("ec2", "CreateInternetGateway")["InternetGateway"]["InternetGatewayId"]
    call("ec2", "AttachInternetGateway", InternetGatewayId=gate, VpcId=vpc)
    call("ec2", "CreateRouteTable", VpcId=vpc)
    address = call("ec2", "AllocateAddress", Domain="vpc")["AllocationId"]
    call("ec2", "CreateNatGateway", SubnetId=subnet, AllocationId=address)
    call.known["subnet"] = subnet


def more_network(call: Life) -> None:
    """Addresses go on where they stopped."""
    for _ in range(3):
        call("ec2", "CreateNetworkInterface", SubnetId=call.known["subnet"])


def messages(call: Life) -> None:
    queue = call("sqs", "CreateQueue", QueueName="q")["QueueUrl"]
    for body in ("one", "two", "three"):
        call("sqs", "SendMessage", QueueUrl=queue, MessageBody=body)
    received = call("sqs", "ReceiveMessage", QueueUrl=queue, MaxNumberOfMessages=2)["Messages"]
    call("sqs", "DeleteMessage", QueueUrl=queue, ReceiptHandle=received[0]["ReceiptHandle"])
    fifo = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    ordered = call("sqs", "CreateQueue", QueueName="q.fifo", Attributes=fifo)["QueueUrl"]
    call("sqs", "SendMessage", QueueUrl=ordered, MessageBody="a", MessageGroupId="g")
    topic = call("sns", "CreateTopic", Name="t", Tags=_tags())["TopicArn"]
    arn = f"arn:aws:sqs:{REGION}:{call.account}:q"
    call("sns", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arn)
    call("sns", "Publish", TopicArn=topic, Message="words")
    call("events", "CreateEventBus", Name="bus")
    call("events", "PutRule", Name="rule", EventPattern='{"source": ["a"]}')
    call("events", "PutTargets", Rule="rule", Targets=[{"Id": "1", "Arn": arn}])


def records(call: Life) -> None:
    for name, kind in (("/a/s", "String"), ("/a/secret", "SecureString")):
        call("ssm", "PutParameter", Name=name, Value="1", Type=kind, Tags=_tags())
        call("ssm", "PutParameter", Name=name, Value="2", Type=kind, Overwrite=True)
    call("ssm", "LabelParameterVersion", Name="/a/s", ParameterVersion=1, Labels=["first"])
    call("secretsmanager", "CreateSecret", Name="s", SecretString="x", Tags=_tags())
    call("secretsmanager", "PutSecretValue", SecretId="s", SecretString="y")
    call("logs", "CreateLogGroup", logGroupName="/g", tags={"a": "b"})
    call("logs", "CreateLogStream", logGroupName="/g", logStreamName="s")
    events = [{"timestamp": 1_700_000_000_000 + n, "message": f"line {n}"} for n in range(3)]
    call("logs", "PutLogEvents", logGroupName="/g", logStreamName="s", logEvents=events)
    call("glue", "CreateDatabase", DatabaseInput={"Name": "d"})
    columns = {"Columns": [{"Name": "c", "Type": "string"}]}
    table = {"Name": "t", "StorageDescriptor": columns}
    call("glue", "CreateTable", DatabaseName="d", TableInput=table)
    call("lakeformation", "RegisterResource", ResourceArn=f"arn:aws:s3:::bucket-{call.account}")
    call("athena", "CreateWorkGroup", Name="w", Description="d")
    call("cloudwatch", "PutMetricData", Namespace="n", MetricData=[{"MetricName": "m", "Value": 1}])
    call("resource-groups", "CreateGroup", Name="g", ResourceQuery=_query())


def books(call: Life) -> None:
    recorder = {"name": "default", "roleARN": _role(call)}
    call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)
    channel = {"name": "default", "s3BucketName": f"bucket-{call.account}"}
    call("config", "PutDeliveryChannel", DeliveryChannel=channel)
    call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    call("cloudtrail", "CreateTrail", Name="trail", S3BucketName=f"bucket-{call.account}")
    call("cloudtrail", "StartLogging", Name="trail")
    key = [{"AttributeName": "k", "AttributeType": "S"}]
    call(
        *("dynamodb", "CreateTable"),
        TableName="table",
        AttributeDefinitions=key,
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    call("dynamodb", "PutItem", TableName="table", Item={"k": {"S": "1"}, "v": {"N": "2"}})
    machine = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    call("stepfunctions", "CreateStateMachine", name="m", definition=machine, roleArn=_role(call))
    call("servicecatalog", "CreatePortfolio", DisplayName="p", ProviderName="x")
    call("ram", "CreateResourceShare", name="share")


LIFE: tuple[Callable[[Life], None], ...] = (
    *(identity, keys, objects, network, messages, records, books, more_network),
)


def later(call: Life) -> None:
    """What comes after a snapshot, and stands on what came before it."""
    more_network(call)
    call(
        "iam", "DetachRolePolicy", RoleName="r", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    call("iam", "UpdateRole", RoleName="r", Description="changed")
    queue = call("sqs", "GetQueueUrl", QueueName="q")["QueueUrl"]
    call("sqs", "SendMessage", QueueUrl=queue, MessageBody="four")
    bucket = f"bucket-{call.account}"
    call("s3", "PutObject", Bucket=bucket, Key="k", Body=b"again")
    left = call("s3", "ListMultipartUploads", Bucket=bucket)["Uploads"][0]
    named = {"Bucket": bucket, "Key": left["Key"], "UploadId": left["UploadId"]}
    part = call("s3", "UploadPart", **named, PartNumber=2, Body=b"end")["ETag"]
    parts = [{"PartNumber": 2, "ETag": part}]
    call("s3", "CompleteMultipartUpload", **named, MultipartUpload={"Parts": parts})
    events = [{"timestamp": 1_700_000_000_100, "message": "later"}]
    call("logs", "PutLogEvents", logGroupName="/g", logStreamName="s", logEvents=events)
    call("ssm", "PutParameter", Name="/a/s", Value="3", Type="String", Overwrite=True)
    call("kms", "CreateAlias", AliasName="alias/later", TargetKeyId=call.known["key"])


def _tags() -> list[Mapping[str, str]]:
    return [{"Key": "team", "Value": "churn"}]


def _policy() -> str:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _role(call: Life) -> str:
    return f"arn:aws:iam::{call.account}:role/r"


def _query() -> dict[str, str]:
    filters = {
        "ResourceTypeFilters": ["AWS::AllSupported"],
        "TagFilters": [{"Key": "team", "Values": ["a"]}],
    }
    return {"Type": "TAG_FILTERS_1_0", "Query": json.dumps(filters)}
