"""An account under guardrails, and who acts in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from guardrail_requests import Request

_LONGEST = 5_000
_LOADER = Loader()


class Account:
    """An account under the guardrails of a group, and an administrator of it."""

    def __init__(self, local_aws: Any, group: str, statements: Sequence[Any]) -> None:
        self.local_aws = local_aws
        self.account = local_aws.account(f"guardrails-{group}")
        _attach(local_aws, self.account, group, statements)
        self.key = self._key()
        self.clients: dict[tuple[str, str], Any] = {}
        self.roles: dict[str, str] = {}

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

    def client(self, service: str, role: str) -> Any:
        """A client of a role; `ROLE@NAME` is a session of that name."""
        if (role, service) not in self.clients:
            config = Config(retries={"max_attempts": 0}, parameter_validation=False)
            session = self._session(role)
            # Else each session reads the models of its services again, which are large.
            session._session.register_component("data_loader", _LOADER)
            self.clients[role, service] = self.local_aws.client(service, session, config=config)
        return self.clients[role, service]

    def _call(self, role: str, request: Request) -> Any:
        client = self.client(request.service, role)
        return getattr(client, xform_name(request.operation))

    def _session(self, role: str) -> Any:
        """A session of a role with every permission; one called `PATH/NAME` lies below the path."""
        iam = self.local_aws.client("iam", self.local_aws.administrator(self.account))
        user = f"arn:aws:iam::{self.local_aws.management_account}:user/bootstrap"
        trust = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
        role, _, person = role.partition("@")
        if role in self.roles:
            return self.local_aws.assume(self.roles[role], person or "test")
        path, _, name = role.rpartition("/")
        made = iam.create_role(
            Path=f"/{path}/" if path else "/",
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        iam.attach_role_policy(
            RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        )
        self.roles[role] = str(made["Role"]["Arn"])
        return self.local_aws.assume(self.roles[role], person or "test")


def _attach(local_aws: Any, account: str, group: str, statements: Sequence[Any]) -> None:
    """Pack statements into policies and put them on an OU over the account."""
    organizations = local_aws.client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    if not organizations.list_roots()["Roots"][0]["PolicyTypes"]:
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = organizations.create_organizational_unit(ParentId=root, Name=f"guardrails-{group}")
    unit_id = unit["OrganizationalUnit"]["Id"]
    for number, packed in enumerate(_packed(statements)):
        policy = organizations.create_policy(
            Name=f"{group}-{number}",
            Description="",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps(
                {"Version": "2012-10-17", "Statement": packed}, separators=(",", ":")
            ),
        )
        organizations.attach_policy(
            PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=unit_id
        )
    organizations.move_account(AccountId=account, SourceParentId=root, DestinationParentId=unit_id)


def _packed(statements: Sequence[Any]) -> Iterator[list[Any]]:
    pack: list[Any] = []
    for statement in statements:
        if pack and len(json.dumps([*pack, statement])) > _LONGEST:
            yield pack
            pack = []
        pack.append(statement)
    yield pack
