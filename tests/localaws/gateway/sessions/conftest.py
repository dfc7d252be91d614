"""An account whose users and roles the tests of sessions make."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from statements import document


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("carried")


@pytest.fixture(scope="module")
def admin(local_aws, account):
    return local_aws.administrator(account)


@pytest.fixture(scope="module")
def iam(local_aws, admin):
    return local_aws.client("iam", admin)


@pytest.fixture
def role(iam, account, unique):
    """Make a role: who may enter it, and what it may do."""

    def make(*trust: dict[str, Any], may: Any = (), **more: Any) -> str:
        name = unique("role")
        found = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*trust), **more)[
            "Role"
        ]["Arn"]
        if may:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*may))
        return str(found)

    return make


@pytest.fixture
def user(local_aws, iam, unique):
    """Make a user with a key and a policy."""

    def make(*may: dict[str, Any], **more: Any) -> tuple[str, boto3.Session]:
        name = unique("user")
        iam.create_user(UserName=name, **more)
        if may:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*may))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        made = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="eu-west-1")
        return name, made

    return make
