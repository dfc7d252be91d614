"""Every guardrail of SageMaker that holds a condition key, through the gate: for every action that
the published data says carries the key, denied when the condition is not met, denied when the
field is left out (where leaving it out is not safe), allowed when it is met.

All guardrails of a group are in force together and the request that is allowed meets them all; a
request that breaks one differs from it in one parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from guardrail_requests import NOTHING, SETTINGS, Request, least, place, right, wrong

from landrail.guardrails import Facts, Guardrail, must
from landrail.guardrails.all import guardrails
from landrail.guardrails.holding import Holding, parts_of

_OPTIONS = {
    "instance-types": ("ml.m5.*", "ml.t3.*"),
    "sagemaker-max-runtime": ("3600",),
    "sagemaker-max-keep-alive": ("600",),
    "sagemaker-allowed-subnets": ("subnet-11111111",),
    "sagemaker-allowed-security-groups": ("sg-11111111",),
    "sagemaker-studio-images": (
        "arn:aws:sagemaker:*:111122223333:image/approved",
        "arn:aws:sagemaker:*:111122223333:image-version/approved/*",
    ),
    "sagemaker-lifecycle-configs": (
        "arn:aws:sagemaker:*:*:notebook-instance-lifecycle-config/approved",
        "arn:aws:sagemaker:*:111122223333:studio-lifecycle-config/approved",
    ),
}
FACTS = Facts(
    "acme-ml", "eu-west-1", "data-science", {name: {"root": v} for name, v in _OPTIONS.items()}
)
HOLDING = {
    one.id: one
    for one in guardrails().values()
    if any(p.service == "sagemaker" for p in parts_of(one.service_control))
}
GROUPS = {"recommended": True, "chosen": False}
_LONGEST = 5_000


@dataclass(frozen=True)
class Trying:
    """One action under one key of a guardrail."""

    guardrail: Guardrail
    part: Holding
    action: str

    @property
    def name(self) -> str:
        return f"{self.guardrail.id}-{self.part.key.rpartition(':')[2]}-{self.action}"


TRYINGS = [
    Trying(guardrail, part, action)
    for guardrail in HOLDING.values()
    for part in parts_of(guardrail.service_control)
    for action in part.held
]


class Account:
    """An account under the guardrails of a group, and an administrator of it."""

    def __init__(self, local_aws: Any, group: str) -> None:
        self.local_aws = local_aws
        self.account = local_aws.account(f"guardrails-{group}")
        _attach(local_aws, self.account, group)
        self.key = self._key()
        self.clients: dict[tuple[str, str], Any] = {}

    def _key(self) -> str:
        session = self.local_aws.administrator(self.account)
        made = self.local_aws.client("kms", session).create_key()
        return str(made["KeyMetadata"]["Arn"])

    def allows(self, request: Request, role: str = "administrator") -> bool:
        """Whether the gate lets a request pass; what the service then says is its own affair."""
        said = self._error(role, request)
        denied = said.get("Code", "").startswith("AccessDenied")
        assert not denied or "service control policy" in said["Message"], said
        return not denied

    def _error(self, role: str, request: Request) -> dict[str, str]:
        try:
            self._call(role, request)(**request.sent(self.key))
        except ClientError as error:
            return dict(error.response["Error"])
        return {}

    def _call(self, role: str, request: Request) -> Any:
        if (role, request.service) not in self.clients:
            config = Config(retries={"max_attempts": 0}, parameter_validation=False)
            session = self._session(role)
            client = self.local_aws.client(request.service, session, config=config)
            self.clients[role, request.service] = client
        client = self.clients[role, request.service]
        names = {
            operation: method for method, operation in client.meta.method_to_api_mapping.items()
        }
        return getattr(client, names[request.operation])

    def _session(self, role: str) -> Any:
        iam = self.local_aws.client("iam", self.local_aws.administrator(self.account))
        user = f"arn:aws:iam::{self.local_aws.management_account}:user/bootstrap"
        trust = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
        made = iam.create_role(
            Path="/landrail/" if role != "administrator" else "/",
            RoleName=role,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        iam.attach_role_policy(
            RoleName=role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        )
        return self.local_aws.assume(made["Role"]["Arn"])


def _attach(local_aws: Any, account: str, group: str) -> None:
    """Pack the statements of a group into policies and put them on an OU over the account."""
    organizations = local_aws.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    if not organizations.list_roots()["Roots"][0]["PolicyTypes"]:
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name=f"guardrails-{group}")
    unit_id = unit["OrganizationalUnit"]["Id"]
    for number, statements in enumerate(_packed(group)):
        policy = organizations.create_policy(
            Name=f"{group}-{number}",
            Description="",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps(
                {"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")
            ),
        )
        organizations.attach_policy(
            PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=unit_id
        )
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit_id)


def _packed(group: str) -> Iterator[list[Any]]:
    pack: list[Any] = []
    for one in HOLDING.values():
        for statement in one.statements(FACTS) if one.recommended == GROUPS[group] else ():
            if pack and len(json.dumps([*pack, statement])) > _LONGEST:
                yield pack
                pack = []
            pack.append(statement)
    yield pack


@pytest.fixture(scope="session")
def accounts(local_aws: Any) -> dict[str, Account]:
    return {group: Account(local_aws, group) for group in GROUPS}


def compliant(action: str) -> Request:
    """A request that meets whatever guardrail there is for its action."""
    request = least(action)
    for trying in TRYINGS:
        if trying.action == action:
            path = place(request, trying.part.key)
            value = right(trying.part.key, path) if path else NOTHING
            request = request.having(path, value) if path and value is not NOTHING else request
    return request


def test_every_held_key_has_a_right_and_a_wrong_value() -> None:
    held = {trying.part.key for trying in TRYINGS}
    assert held == set(SETTINGS)


@pytest.mark.parametrize("action", sorted({t.action for t in TRYINGS}))
def test_what_meets_every_condition_passes(accounts: dict[str, Account], action: str) -> None:
    for account in accounts.values():
        assert account.allows(compliant(action))


@pytest.mark.parametrize("trying", TRYINGS, ids=lambda t: t.name)
def test_what_breaks_a_condition_is_denied(accounts: dict[str, Account], trying: Trying) -> None:
    account = accounts["recommended" if trying.guardrail.recommended else "chosen"]
    condition = trying.part.must(FACTS)
    request = compliant(trying.action)
    path = place(request, trying.part.key)
    assert condition is not None
    assert path is not None
    without = request.without(path)
    if without is not None and (condition.asked or without[1]):
        assert account.allows(without[0]) is not condition.asked
    for value in wrong(trying.part.key, path, any_value=condition.says == must.given().says):
        assert not account.allows(request.having(path, value)), value
