"""`landrail as PERSON@ACCOUNT --permission-set NAME`: in by Identity Center, not by the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from acme_platform import FILE

from landrail.diagnostics import Failure, Mistakes
from landrail.operations import local
from landrail.operations.enter import enter

ACCOUNT = "retail-uat"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file of a platform of which one account stands, with ana assigned to it."""
    folder = tmp_path_factory.mktemp("assigned")
    path = folder / "landrail.yaml"
    path.write_text(FILE)
    server = local.start(folder / ".landrail")

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="eu-west-1",
            endpoint_url=server.endpoint,
            aws_access_key_id=server.access_key_id,
            aws_secret_access_key=server.secret_access_key,
        )

    organizations, center = client("organizations"), client("sso-admin")
    organizations.create_organization(FeatureSet="ALL")
    status = organizations.create_account(AccountName=ACCOUNT, Email=f"aws+{ACCOUNT}@acme.example")[
        "CreateAccountStatus"
    ]
    instance = center.list_instances()["Instances"][0]
    user = client("identitystore").create_user(
        IdentityStoreId=instance["IdentityStoreId"],
        UserName="ana",
        DisplayName="ana",
        Name={"GivenName": "ana", "FamilyName": "a"},
    )["UserId"]
    known = {"InstanceArn": instance["InstanceArn"]}
    made = center.create_permission_set(**known, Name="Readers")["PermissionSet"]
    center.create_account_assignment(
        **known,
        PermissionSetArn=made["PermissionSetArn"],
        TargetId=status["AccountId"],
        TargetType="AWS_ACCOUNT",
        PrincipalType="USER",
        PrincipalId=user,
    )
    yield path
    local.stop(folder / ".landrail")


def _who(environment: dict[str, str]) -> str:
    client = boto3.client(
        "sts",
        region_name="eu-west-1",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=environment["AWS_SESSION_TOKEN"],
    )
    return str(client.get_caller_identity()["Arn"])


def test_by_the_permission_set_and_by_the_role(file):
    entered = enter(file, f"ana@{ACCOUNT}", permission_set="Readers")
    arn = _who(entered.child())
    assert ":assumed-role/AWSReservedSSO_Readers_" in arn
    assert arn.endswith("/ana")
    role = entered.session.entry.way.role
    assert entered.session.role_arn.endswith(
        f":role/aws-reserved/sso.amazonaws.com/eu-west-1/{role}"
    )
    assert _who(enter(file, f"ana/{role}@{ACCOUNT}").child()) == arn
    assert _who(enter(file, f"ana/AWSReservedSSO_Readers@{ACCOUNT}").child()) == arn


def test_who_has_none_is_told_so(file):
    with pytest.raises(Failure) as caught:
        enter(file, f"ben@{ACCOUNT}", permission_set="Readers")
    assert caught.value.summary == "ben has no permission set `Readers` in retail-uat"
    assert "create-account-assignment" in str(caught.value.remedy)
    with pytest.raises(Failure) as caught:
        enter(file, f"ana@{ACCOUNT}", permission_set="READER")
    assert caught.value.remedy == "did you mean `Readers`? those of ana there: Readers"
    with pytest.raises(Mistakes):
        enter(file, "ana@nowhere", permission_set="Readers")
    with pytest.raises(Mistakes):
        enter(file, f"ana/operator@{ACCOUNT}", permission_set="Readers")
