"""What goes along with entering a role: for how long, by which name, with which policies.

Source: API AssumeRole; IAM User Guide, "Compare AWS STS credentials".
"""

from __future__ import annotations

import base64
import hashlib
import time

import pytest
from refusals import refusal, refused
from session_calls import ALL, UNCHECKED, inside
from statements import allow, document, trust


def test_durations(local_aws, admin, account, role):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    arn = role(trust(root), may=[allow("sts:AssumeRole")], MaxSessionDuration=43200)
    short = role(trust(root))
    own = local_aws.bootstrap
    elsewhere = role(trust({"AWS": local_aws.management_account}), MaxSessionDuration=43200)
    assume = local_aws.client("sts", own, config=UNCHECKED).assume_role
    known = {"RoleSessionName": "test"}
    answer = assume(RoleArn=elsewhere, **known, DurationSeconds=43200)
    left = answer["Credentials"]["Expiration"].timestamp() - time.time()
    assert 43100 < left <= 43200
    for seconds in (899, 43201):
        wrong = {"RoleArn": elsewhere, **known, "DurationSeconds": seconds}
        assert refusal(assume, **wrong) == "ValidationError"
    chained = local_aws.client("sts", admin).assume_role
    assert chained(RoleArn=arn, **known, DurationSeconds=3600)["Credentials"]
    code, message = refused(chained, RoleArn=arn, **known, DurationSeconds=3601)
    assert code == "ValidationError"
    assert "role chaining" in message
    assert chained(RoleArn=short, **known, DurationSeconds=900)["Credentials"]


@pytest.mark.parametrize("name", ["a", "a b", "x" * 65, "ana/x", "ünal", "a:b", ""])
def test_names_of_sessions(local_aws, admin, account, role, name):
    arn = role(trust({"AWS": f"arn:aws:iam::{account}:root"}))
    client = local_aws.client("sts", admin, config=UNCHECKED)
    assert refusal(client.assume_role, RoleArn=arn, RoleSessionName=name) == "ValidationError"
    assert client.assume_role(RoleArn=arn, RoleSessionName="ana+x=y,z.@-_1")["Credentials"]


def test_external_ids(local_aws, admin, account, role):
    arn = role(
        trust({"AWS": f"arn:aws:iam::{account}:root"}, StringEquals={"sts:ExternalId": "a:b/c-1"})
    )
    assume = local_aws.client("sts", admin).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert assume(**known, ExternalId="a:b/c-1")["Credentials"]
    assert refusal(assume, **known, ExternalId="other") == "AccessDenied"
    assert refusal(assume, **known) == "AccessDenied"


def test_session_policies(local_aws, iam, admin, account, role, unique):
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    arn = role(trust(root), may=[allow("*")])
    made = iam.create_policy(
        PolicyName=unique("only"), PolicyDocument=document(allow("iam:ListRoles"))
    )["Policy"]["Arn"]
    by_arn = inside(local_aws, admin, arn, PolicyArns=[{"arn": made}])
    local_aws.client("iam", by_arn).list_roles()
    assert refusal(local_aws.client("iam", by_arn).list_users) == "AccessDenied"
    both = inside(
        local_aws, admin, arn, PolicyArns=[{"arn": made}], Policy=document(allow("iam:ListUsers"))
    )
    local_aws.client("iam", both).list_users()
    local_aws.client("iam", both).list_roles()
    assert refusal(local_aws.client("iam", both).list_groups) == "AccessDenied"
    assume = local_aws.client("sts", admin).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert refusal(assume, **known, PolicyArns=[{"arn": made + "x"}]) == "ValidationError"
    assert refusal(assume, **known, PolicyArns=[{"arn": made}] * 11) == "ValidationError"
    assert refusal(assume, **known, Policy="{") == "MalformedPolicyDocument"
    assert refusal(assume, **known, Policy="[]") == "MalformedPolicyDocument"
    principal = {**allow("*"), "Principal": "*"}
    assert refusal(assume, **known, Policy=document(principal)) == "MalformedPolicyDocument"
    noise = hashlib.sha512(b"x").hexdigest() + hashlib.sha512(b"y").hexdigest()
    tags = [
        {
            "Key": f"k{i}",
            "Value": base64.b64encode(hashlib.sha512(str(i).encode()).digest()).decode()[:80],
        }
        for i in range(50)
    ]
    trusted = role(trust(root, ALL), may=[allow("*")])
    large = {"RoleArn": trusted, "RoleSessionName": "test", "Tags": tags}
    code = refusal(assume, **large, Policy=document(allow(f"s3:{noise}")))
    assert code == "PackedPolicyTooLarge"


def test_what_names_no_role_and_what_is_not_there(local_aws, admin, account):
    sts = local_aws.client("sts", admin)
    for arn in (
        "arn:aws:iam::123456789012:user/ana",
        "arn:aws:sts::123456789012:assumed-role/x/y",
        "arn:aws:iam::1:role/xxxxxxxxxxx",
        "role/nothing-of-the-kind",
        f"arn:aws:iam::{account}:role/",
    ):
        code, message = refused(sts.assume_role, RoleArn=arn, RoleSessionName="test")
        assert (code, message) == ("ValidationError", f"{arn} is invalid")
    root = {
        "TargetPrincipal": account,
        "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"},
    }
    bootstrap = local_aws.client("sts")
    for call, params in (
        (bootstrap.assume_root, root),
        (bootstrap.decode_authorization_message, {"EncodedMessage": "x"}),
    ):
        code, message = refused(call, **params)
        assert code == "UnsupportedOperation"
        assert "does not have sts:" in message
