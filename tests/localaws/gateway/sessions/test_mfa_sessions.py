"""MFA: a device is enabled by its codes, and what a session made with one is good for.

Source: IAM User Guide, "Secure API access with MFA"; RFC 6238.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import boto3
import pytest
from refusals import refusal, refused
from statements import allow, trust


def _totp(seed: str, at: float) -> str:
    """RFC 6238, as an authenticator application has it."""
    key = base64.b32decode(seed)
    digest = hmac.new(key, (int(at) // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@pytest.fixture
def with_mfa(iam, user, unique):
    """Make a user with a device: its name, its session, the serial number and the seed."""

    def make(*may: dict[str, Any]) -> tuple[str, boto3.Session, str, str]:
        name, session = user(*may)
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique("device"))
        found = device["VirtualMFADevice"]
        seed = found["Base32StringSeed"].decode()
        now = time.time()
        known = {"UserName": name, "SerialNumber": found["SerialNumber"]}
        wrong = {"AuthenticationCode1": "000000", "AuthenticationCode2": "000000"}
        code = refusal(iam.enable_mfa_device, **known, **wrong)
        assert code == "InvalidAuthenticationCode"
        iam.enable_mfa_device(
            **known,
            AuthenticationCode1=_totp(seed, now - 60),
            AuthenticationCode2=_totp(seed, now - 30),
        )
        assert (
            refusal(
                iam.enable_mfa_device,
                **known,
                AuthenticationCode1=_totp(seed, now - 60),
                AuthenticationCode2=_totp(seed, now - 30),
            )
            == "EntityAlreadyExists"
        )
        return name, session, found["SerialNumber"], seed

    return make


def test_mfa_to_enter_a_role(local_aws, account, role, user, with_mfa):
    _, session, serial, seed = with_mfa(allow("sts:AssumeRole"))
    arn = role(
        trust({"AWS": f"arn:aws:iam::{account}:root"}, Bool={"aws:MultiFactorAuthPresent": "true"}),
        may=[
            allow(
                "ssm:DescribeParameters",
                Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            )
        ],
    )
    assume = local_aws.client("sts", session).assume_role
    known = {"RoleArn": arn, "RoleSessionName": "test"}
    assert refusal(assume, **known) == "AccessDenied"
    for wrong in ("000000", "12345678"[:6], "abcdef", "١٢٣٤٥٦"):
        code, message = refused(assume, **known, SerialNumber=serial, TokenCode=wrong)
        assert (code, "MultiFactorAuthentication failed" in message) == ("AccessDenied", True)
    now = _totp(seed, time.time())
    assert refusal(assume, **known, SerialNumber=serial + "x", TokenCode=now) == "AccessDenied"
    assert refusal(assume, **known, SerialNumber=serial) == "AccessDenied"
    answer = assume(**known, SerialNumber=serial, TokenCode=now)
    # A code is good once, and only for whose device it is of.
    assert refusal(assume, **known, SerialNumber=serial, TokenCode=now) == "AccessDenied"
    _, other = user(allow("sts:AssumeRole"))
    later = _totp(seed, time.time() + 30)
    theirs = local_aws.client("sts", other).assume_role
    assert refusal(theirs, **known, SerialNumber=serial, TokenCode=later) == "AccessDenied"
    # What a role does is not done with MFA, though it was entered with it.
    ssm = local_aws.client("ssm", local_aws.session_of(answer["Credentials"]))
    assert refusal(ssm.describe_parameters) == "AccessDeniedException"


def test_a_users_own_session_with_mfa_and_without(local_aws, with_mfa):
    strong = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    name, session, serial, seed = with_mfa(
        allow("ssm:DescribeParameters", Condition=strong), allow(["iam:ListRoles", "sts:*"])
    )
    sts = local_aws.client("sts", session)
    local_aws.client("iam", session).list_roles()
    assert refusal(local_aws.client("ssm", session).describe_parameters) == "AccessDeniedException"
    plain = local_aws.session_of(sts.get_session_token()["Credentials"])
    assert refusal(local_aws.client("ssm", plain).describe_parameters) == "AccessDeniedException"
    assert refusal(local_aws.client("iam", plain).list_roles) == "InvalidClientTokenId"
    own = local_aws.client("sts", plain)
    assert own.get_caller_identity()["Arn"].endswith(f":user/{name}")
    assert refusal(own.get_session_token) == "AccessDenied"
    assert refusal(own.get_federation_token, Name="someone") == "AccessDenied"
    assert refusal(own.get_access_key_info, AccessKeyId="A" * 20) == "AccessDenied"
    code = _totp(seed, time.time())
    answer = sts.get_session_token(SerialNumber=serial, TokenCode=code)
    sure = local_aws.session_of(answer["Credentials"])
    local_aws.client("ssm", sure).describe_parameters()
    local_aws.client("iam", sure).list_roles()
