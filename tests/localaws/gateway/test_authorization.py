"""Every call is decided: denials in each protocol with their twins, and what the trail says."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
EVENT = re.compile(r"\[explain: (e-[0-9a-f]{12})\]")


def _refused(call: Any, *args: Any, **params: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    return caught.value.response


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("decided")


@pytest.fixture(scope="module")
def powerless(local_aws, account):
    """A session of a role that may do nothing."""
    return local_aws.assume(local_aws.role(account, "powerless"))


@pytest.fixture(scope="module")
def powerful(local_aws, account):
    return local_aws.assume(local_aws.role(account, "powerful", ALLOW_ALL))


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "status"),
    [
        ("iam", "list_roles", {}, "AccessDenied", 403),
        ("ssm", "describe_parameters", {}, "AccessDeniedException", 400),
        ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", 403),
        ("s3", "list_buckets", {}, "AccessDenied", 403),
        ("s3control", "get_public_access_block", {"AccountId": "X"}, "AccessDenied", 403),
        ("kms", "list_keys", {}, "AccessDeniedException", 400),
        ("sns", "list_topics", {}, "AccessDenied", 403),
        ("sqs", "list_queues", {}, "AccessDeniedException", 400),
        ("logs", "describe_log_groups", {}, "AccessDeniedException", 400),
        ("glue", "get_databases", {}, "AccessDeniedException", 400),
    ],
)
def test_a_role_without_policies_may_nothing_and_its_twin_may(
    local_aws, powerless, powerful, account, service, operation, params, code, status
):
    params = dict.fromkeys(params, account)
    arguments = {"endpoint_url": local_aws.endpoint}
    if service == "s3control":
        # The account is in the host name, so the client takes the server for its proxy.
        arguments = {"config": Config(proxies={"http": local_aws.endpoint}), "use_ssl": False}
    denied = _refused(getattr(powerless.client(service, **arguments), operation), **params)
    assert denied["Error"]["Code"] == code
    assert denied["ResponseMetadata"]["HTTPStatusCode"] == status
    message = denied["Error"]["Message"]
    assert f"arn:aws:sts::{account}:assumed-role/powerless/test" in message
    assert "is not authorized to perform" in message
    assert EVENT.search(message)
    twin = powerful.client(service, **arguments)
    if service == "s3control":
        code = _refused(getattr(twin, operation), **params)["Error"]["Code"]
        assert code == "NoSuchPublicAccessBlockConfiguration"
    else:
        getattr(twin, operation)(**params)


def test_a_denial_can_be_looked_up(local_aws, powerless, account):
    ssm = local_aws.client("ssm", powerless)
    denied = _refused(ssm.put_parameter, Name="/x", Value="hidden-value", Type="SecureString")
    found = EVENT.search(denied["Error"]["Message"])
    assert found is not None
    entry = local_aws.event(found[1])
    assert entry["eventName"] == "PutParameter"
    assert entry["errorCode"] == "AccessDeniedException"
    assert entry["userIdentity"]["arn"].endswith(":assumed-role/powerless/test")
    assert entry["resources"] == [{"ARN": f"arn:aws:ssm:eu-west-1:{account}:parameter/x"}]
    assert entry["landrail"]["action"] == "ssm:PutParameter"
    assert entry["landrail"]["layers"]
    assert "hidden-value" not in json.dumps(entry)


def test_an_scp_binds_an_administrator_and_spares_the_twin(local_aws, powerful, account):
    organizations = local_aws.client("organizations")
    root = organizations.list_roots()["Roots"][0]
    with contextlib.suppress(organizations.exceptions.PolicyTypeAlreadyEnabledException):
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
    content = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "NoParameters",
                "Effect": "Deny",
                "Action": "ssm:PutParameter",
                "Resource": "*",
            }
        ],
    }
    policy = organizations.create_policy(
        Content=json.dumps(content),
        Description="",
        Name="no-parameters",
        Type="SERVICE_CONTROL_POLICY",
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=account)
    ssm = local_aws.client("ssm", powerful)
    parameter = {"Name": "/scp", "Value": "v", "Type": "String"}
    try:
        denied = _refused(ssm.put_parameter, **parameter)
        assert denied["Error"]["Code"] == "AccessDeniedException"
        assert "service control policy" in denied["Error"]["Message"]
        entry = local_aws.event(EVENT.search(denied["Error"]["Message"])[1])
        assert entry["landrail"]["policy"] == "no-parameters"
        assert entry["landrail"]["sid"] == "NoParameters"
        ssm.describe_parameters()
    finally:
        organizations.detach_policy(PolicyId=policy, TargetId=account)
    ssm.put_parameter(**parameter)


def test_a_bucket_of_another_account_opens_by_its_policy_alone_never(
    local_aws, powerful, account, unique
):
    other = local_aws.administrator(local_aws.account("decided-owner"))
    s3 = local_aws.client("s3", other)
    bucket = unique("shared")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    foreign = local_aws.client("s3", powerful)
    assert _refused(foreign.get_object, Bucket=bucket, Key="k")["Error"]["Code"] == "AccessDenied"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:role/powerful"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    assert foreign.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


def test_a_bucket_policy_with_a_condition_is_not_half_read(local_aws, powerful, unique):
    s3 = local_aws.client("s3", powerful)
    bucket = unique("tls")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]})
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_what_the_local_aws_does_not_know_is_denied_and_says_so(local_aws):
    denied = _refused(local_aws.client("frauddetector").get_detectors)
    assert denied["ResponseMetadata"]["HTTPStatusCode"] in (400, 501)
    denied = _refused(local_aws.client("sts").decode_authorization_message, EncodedMessage="x" * 20)
    assert "local AWS" in denied["Error"]["Message"]


def test_events_are_found_by_lookup(local_aws, powerful, account):
    local_aws.client("ssm", powerful).put_parameter(Name="/seen", Value="v", Type="String")
    events = local_aws.client("cloudtrail", powerful).lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "PutParameter"}]
    )["Events"]
    assert events[0]["Username"] == "test"
    assert events[0]["EventSource"] == "ssm.amazonaws.com"
    assert json.loads(events[0]["CloudTrailEvent"])["recipientAccountId"] == account
