"""Users, roles, policies and keys, good and bad."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Callable
from typing import Any

from inventory_place import STRANGER, Made, Place, allow, either, neighbour, policy


def _user(place: Place, name: str) -> str:
    place.client("iam").create_user(UserName=name)
    return name


def _console_user(place: Place, name: str, mfa: bool) -> str:
    iam = place.client("iam")
    _user(place, name)
    iam.create_login_profile(UserName=name, Password="long Enough 4 all of it!")
    if mfa:
        serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        codes = _codes(serial["Base32StringSeed"])
        iam.enable_mfa_device(
            UserName=name,
            SerialNumber=serial["SerialNumber"],
            AuthenticationCode1=codes[0],
            AuthenticationCode2=codes[1],
        )
    return name


def _codes(seed: bytes) -> tuple[str, str]:
    """Two codes of a device that follow each other, as RFC 6238 makes them."""
    secret = base64.b32decode(seed)

    def code(counter: int) -> str:
        digest = hmac.new(secret, struct.pack(">Q", counter), hashlib.sha1).digest()
        at = digest[-1] & 15
        number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"

    now = int(time.time()) // 30
    return code(now - 1), code(now)


def _user_with_policy(place: Place, name: str) -> str:
    _user(place, name)
    text = policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    place.client("iam").put_user_policy(UserName=name, PolicyName="own", PolicyDocument=text)
    return name


def _user_with_key(place: Place, name: str) -> str:
    _user(place, name)
    place.client("iam").create_access_key(UserName=name)
    return name


def _policy(*actions: str, resource: str = "*") -> Callable[[Place, str], str]:
    def make(place: Place, name: str) -> str:
        text = policy({"Effect": "Allow", "Action": list(actions), "Resource": resource})
        place.client("iam").create_policy(PolicyName=name, PolicyDocument=text)
        return name

    return make


def _role(who: Any, **condition: Any) -> Callable[[Place, str], str]:
    def make(place: Place, name: str) -> str:
        trusted = who(place) if callable(who) else who
        statement = allow("sts:AssumeRole", trusted, None, **condition)
        place.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy(statement))
        return name

    return make


def _administrator(place: Place, name: str) -> str:
    _role({"Service": "ec2.amazonaws.com"})(place, name)
    place.client("iam").attach_role_policy(
        RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    return name


def _key(place: Place, name: str, who: Any = None, rotates: bool = True) -> str:
    kms = place.client("kms")
    more = [allow("kms:Decrypt", who)] if who else []
    own = allow("kms:*", {"AWS": f"arn:aws:iam::{place.account}:root"})
    made = kms.create_key(Policy=policy(own, *more), Description=name)["KeyMetadata"]["KeyId"]
    if rotates:
        kms.enable_key_rotation(KeyId=made)
    return str(made)


def _key_going(place: Place, name: str) -> str:
    made = _key(place, name)
    place.client("kms").schedule_key_deletion(KeyId=made, PendingWindowInDays=7)
    return made


def _key_for_all_of_ours(place: Place, name: str) -> str:
    kms = place.client("kms")
    own = allow("kms:*", {"AWS": f"arn:aws:iam::{place.account}:root"})
    condition = {"StringEquals": {"aws:PrincipalOrgID": place.organization}}
    ours = allow("kms:Decrypt", "*", Condition=condition)
    made = kms.create_key(Policy=json.dumps({"Version": "2012-10-17", "Statement": [own, ours]}))
    return str(made["KeyMetadata"]["KeyId"])


MADE = (
    either(
        _console_user,
        table="iam_users",
        rules=("mfa-enabled-for-iam-console-access", "iam-user-mfa-enabled"),
    ),
    Made(
        table="iam_users",
        rules=("iam-user-no-policies-check",),
        wrong=_user_with_policy,
        right=_user,
    ),
    Made(
        table="iam_users",
        rules=("iam-user-access-key-exists",),
        wrong=_user_with_key,
        right=_user,
    ),
    Made(
        table="iam_users",
        rules=("access-keys-rotated",),
        parameters={"maxAccessKeyAge": "-1"},
        wrong=_user_with_key,
        right=_user,
    ),
    Made(
        table="iam_policies",
        rules=(
            "iam-policy-no-statements-with-admin-access",
            "iam-policy-no-statements-with-full-access",
            "iam-policy-passes-any-role",
        ),
        wrong=_policy("*"),
        right=_policy("s3:Get*", "iam:GetRole"),
    ),
    Made(
        table="iam_policies",
        rules=("iam-policy-no-statements-with-full-access",),
        wrong=_policy("s3:*", resource="arn:aws:s3:::b"),
        right=_policy("s3:*Object", "iam:PassRole", resource="arn:aws:iam::111122223333:role/r"),
    ),
    Made(
        table="iam_roles",
        rules=("iam-role-open-outside",),
        wrong=_role(STRANGER),
        right=_role(neighbour),
    ),
    Made(
        table="iam_roles",
        rules=("iam-role-administrator", "iam-role-widest-policy"),
        wrong=_administrator,
        right=_role({"Service": "ec2.amazonaws.com"}),
    ),
    Made(
        table="kms_keys",
        alone=True,
        rules=("kms-key-open-outside",),
        wrong=lambda place, name: _key(place, name, STRANGER),
        right=lambda place, name: _key(place, name, neighbour(place)),
    ),
    Made(
        table="kms_keys",
        alone=True,
        rules=("kms-key-policy-no-public-access", "kms-key-open-outside"),
        wrong=lambda place, name: _key(place, name, "*"),
        right=_key_for_all_of_ours,
    ),
    Made(
        table="kms_keys",
        alone=True,
        rules=("cmk-backing-key-rotation-enabled",),
        wrong=lambda place, name: _key(place, name, rotates=False),
        right=_key,
    ),
    Made(
        table="kms_keys",
        alone=True,
        rules=("kms-cmk-not-scheduled-for-deletion",),
        wrong=_key_going,
        right=_key,
    ),
)
