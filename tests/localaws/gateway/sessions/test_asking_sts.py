"""What users, federated users and roles may ask of STS, and what they never may.

Source: IAM User Guide, "Compare AWS STS credentials".
"""

from __future__ import annotations

from botocore import UNSIGNED
from botocore.config import Config
from refusals import refusal, refused
from session_calls import UNCHECKED, inside
from statements import allow, document, trust


def test_federated_users(local_aws, user):
    _, session = user(allow(["ssm:*", "iam:*", "sts:*"]))
    unchecked = local_aws.client("sts", session, config=UNCHECKED)
    sts = local_aws.client("sts", session)
    bare = local_aws.session_of(sts.get_federation_token(Name="ana")["Credentials"])
    assert refusal(local_aws.client("ssm", bare).describe_parameters) == "AccessDeniedException"
    policy = document(allow(["ssm:*", "iam:*", "s3:*", "sts:*"]))
    answer = sts.get_federation_token(Name="ana", Policy=policy)
    assert answer["FederatedUser"]["Arn"].endswith(":federated-user/ana")
    fed = local_aws.session_of(answer["Credentials"])
    local_aws.client("ssm", fed).describe_parameters()
    assert refusal(local_aws.client("s3", fed).list_buckets) == "AccessDenied"
    assert refusal(local_aws.client("iam", fed).list_roles) == "InvalidClientTokenId"
    own = local_aws.client("sts", fed)
    assert own.get_caller_identity()["Arn"].endswith(":federated-user/ana")
    for call in (own.get_session_token, own.get_federation_token, own.assume_role):
        params = {} if call == own.get_session_token else {"Name": "ben"}
        if call == own.assume_role:
            params = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "test"}
        assert refusal(call, **params) == "AccessDenied"
    for wrong in ("a", "a b", "x" * 33):
        assert refusal(unchecked.get_federation_token, Name=wrong) == "ValidationError"
    for seconds in (899, 129601):
        long = {"Name": "ana", "DurationSeconds": seconds}
        assert refusal(unchecked.get_federation_token, **long) == "ValidationError"
    assert local_aws.client("iam", session).list_roles()["Roles"]


def test_what_roles_cannot_ask_for(local_aws, admin, account):
    sts = local_aws.client("sts", admin)
    assert refusal(sts.get_session_token) == "AccessDenied"
    assert refusal(sts.get_federation_token, Name="someone") == "AccessDenied"
    missing = f"arn:aws:iam::{account}:role/nobody-here"
    code, message = refused(sts.assume_role, RoleArn=missing, RoleSessionName="test")
    assert code == "AccessDenied"
    assert f"is not authorized to perform: sts:AssumeRole on resource: {missing}" in message
    saml = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    code, message = refused(
        saml.assume_role_with_saml,
        RoleArn=missing,
        PrincipalArn=f"arn:aws:iam::{account}:saml-provider/x",
        SAMLAssertion="abcd",
    )
    assert code == "UnsupportedOperation"
    assert "SAML" in message


def test_access_keys_are_told_by_account(local_aws, account, user):
    _, session = user(allow("sts:GetAccessKeyInfo"))
    sts = local_aws.client("sts", session)
    own = session.get_credentials().access_key
    assert sts.get_access_key_info(AccessKeyId=own)["Account"] == account
    assert refusal(sts.get_access_key_info, AccessKeyId="AKIA" + "Z" * 16) == "ValidationError"


def test_everybody_may_ask_who_they_are(local_aws, admin, account, role):
    denied = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    arn = role(trust({"AWS": f"arn:aws:iam::{account}:root"}), may=[denied])
    session = inside(local_aws, admin, arn, Policy=document(denied))
    found = local_aws.client("sts", session).get_caller_identity()
    assert found["Account"] == account
    assert found["UserId"].startswith("AROA")
    assert found["UserId"].endswith(":test")
    assert refusal(local_aws.client("iam", session).list_roles) == "AccessDenied"
