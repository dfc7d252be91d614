"""Sessions: entered by trust, within STS's limits; people with a token, services as themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from refusals import refusal

ISSUER = "identity.landrail.local"


@pytest.fixture(scope="module")
def account(local_aws):
    return local_aws.account("sessions")


@pytest.fixture(scope="module")
def iam(local_aws, account):
    return local_aws.client("iam", local_aws.administrator(account))


def _trust(principal: dict[str, str], action: Any = "sts:AssumeRole", **condition: Any) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        statement["Condition"] = condition["condition"]
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _role(iam: Any, name: str, trust: str, **more: Any) -> str:
    return str(
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)["Role"]["Arn"]
    )


def test_a_role_that_does_not_exist_is_refused(local_aws, account):
    sts = local_aws.client("sts")
    role = f"arn:aws:iam::{account}:role/nobody"
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="test") == "AccessDenied"


def test_the_external_id_is_asked_for(local_aws, iam, unique):
    trust = _trust(
        {"AWS": local_aws.management_account},
        condition={"StringEquals": {"sts:ExternalId": "agreed"}},
    )
    role = _role(iam, unique("external"), trust)
    sts = local_aws.client("sts")
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="test") == "AccessDenied"
    wrong = {"RoleArn": role, "RoleSessionName": "test", "ExternalId": "guessed"}
    assert refusal(sts.assume_role, **wrong) == "AccessDenied"
    answer = sts.assume_role(RoleArn=role, RoleSessionName="test", ExternalId="agreed")
    assert answer["AssumedRoleUser"]["Arn"].endswith("/test")


def test_durations_and_names_have_limits(local_aws, iam, unique):
    trust = _trust({"AWS": local_aws.management_account})
    role = _role(iam, unique("short"), trust, MaxSessionDuration=7200)
    sts = local_aws.client("sts")
    known = {"RoleArn": role, "RoleSessionName": "test"}
    assert refusal(sts.assume_role, **known, DurationSeconds=7201) == "ValidationError"
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="a b") == "ValidationError"
    first = sts.assume_role(**known, DurationSeconds=7200)
    session = local_aws.session_of(first["Credentials"])
    assert refusal(local_aws.client("sts", session).get_session_token) == "AccessDenied"


def test_the_path_of_a_role_is_not_in_the_session(local_aws, iam, unique):
    name = unique("pathed")
    role = _role(iam, name, _trust({"AWS": local_aws.management_account}), Path="/landrail/")
    session = local_aws.assume(role, "me")
    arn = local_aws.client("sts", session).get_caller_identity()["Arn"]
    assert arn.endswith(f":assumed-role/{name}/me")


def test_a_session_policy_limits(local_aws, iam, account, unique):
    name = unique("limited")
    role = _role(iam, name, _trust({"AWS": local_aws.management_account}))
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    only = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}],
    }
    limited = local_aws.assume(role, Policy=json.dumps(only))
    local_aws.client("ssm", limited).describe_parameters()
    assert refusal(local_aws.client("iam", limited).list_roles) == "AccessDenied"
    local_aws.client("iam", local_aws.assume(role)).list_roles()


def test_a_session_ends_with_its_role(local_aws, iam, unique):
    name = unique("gone")
    trust = _trust({"AWS": local_aws.management_account})
    role = _role(iam, name, trust)
    policy = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    old = local_aws.client("ssm", local_aws.assume(role))
    old.describe_parameters()
    iam.detach_role_policy(RoleName=name, PolicyArn=policy)
    iam.delete_role(RoleName=name)
    assert refusal(old.describe_parameters) == "UnrecognizedClientException"
    _role(iam, name, trust)
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    assert refusal(old.describe_parameters) == "UnrecognizedClientException"
    local_aws.client("ssm", local_aws.assume(role)).describe_parameters()


@pytest.fixture(scope="module")
def people(local_aws, iam):
    """A role that `ana` enters with a token, and with MFA another one."""
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["landrail"], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    action = "sts:AssumeRoleWithWebIdentity"
    who = {"StringEquals": {f"{ISSUER}:sub": "ana", f"{ISSUER}:aud": "landrail"}}
    mfa = {**who, "ForAnyValue:StringEquals": {f"{ISSUER}:amr": "mfa"}}
    return (
        _role(iam, "people", _trust({"Federated": provider}, action, condition=who)),
        _role(iam, "people-mfa", _trust({"Federated": provider}, action, condition=mfa)),
    )


def test_people_sign_in_with_a_token(local_aws, account, people):
    sts = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    enter = sts.assume_role_with_web_identity
    plain, strict = people
    known = {"RoleSessionName": "ana"}
    token = local_aws.token("ana")
    answer = enter(RoleArn=plain, WebIdentityToken=token, **known)
    assert answer["SubjectFromWebIdentityToken"] == "ana"
    session = local_aws.session_of(answer["Credentials"])
    arn = local_aws.client("sts", session).get_caller_identity()["Arn"]
    assert arn == f"arn:aws:sts::{account}:assumed-role/people/ana"
    stranger = local_aws.token("ben")
    assert refusal(enter, RoleArn=plain, WebIdentityToken=stranger, **known) == "AccessDenied"
    assert refusal(enter, RoleArn=strict, WebIdentityToken=token, **known) == "AccessDenied"
    strong = local_aws.token("ana", "mfa")
    enter(RoleArn=strict, WebIdentityToken=strong, **known)
    forged = token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)
    assert refusal(enter, RoleArn=plain, WebIdentityToken=forged, **known) == "InvalidIdentityToken"


def test_a_token_is_of_no_use_where_the_issuer_is_not_known(local_aws):
    elsewhere = local_aws.account("no-provider")
    trust = _trust(
        {"Federated": f"arn:aws:iam::{elsewhere}:oidc-provider/{ISSUER}"},
        "sts:AssumeRoleWithWebIdentity",
    )
    role = local_aws.role(elsewhere, "people", trust=json.loads(trust))
    sts = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    code = refusal(
        sts.assume_role_with_web_identity,
        RoleArn=role,
        RoleSessionName="ana",
        WebIdentityToken=local_aws.token("ana"),
    )
    assert code == "InvalidIdentityToken"


def test_secrets_are_not_in_the_trail_nor_in_the_log(local_aws, people):
    sts = local_aws.client("sts", config=Config(signature_version=UNSIGNED))
    token = local_aws.token("ana")
    keys = sts.assume_role_with_web_identity(
        RoleArn=people[0], RoleSessionName="ana", WebIdentityToken=token
    )["Credentials"]
    text = (local_aws.state / "trail.jsonl").read_text()
    text += (local_aws.state / "server.log").read_text()
    for secret in (keys["SecretAccessKey"], keys["SessionToken"], token, local_aws.secret):
        assert secret not in text
