"""Guardrails outside SageMaker through the gate: real calls of an administrator of an account, each
denied by the guardrail that it is about, and its twin let past."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from guarded import Account

from landrail.guardrails import Facts, guardrails
from landrail.resources import Token, substitute

CALLS = yaml.safe_load((Path(__file__).parent / "calls.yaml").read_text(encoding="utf-8"))
FACTS = Facts("acme-ml", "eu-west-1")
_CONFIG = Config(retries={"max_attempts": 0}, parameter_validation=False)


@dataclass
class World:
    """An account under the guardrails of the calls, its administrator, and what is there."""

    account: Account
    names: dict[str, str]

    def error(self, call: str, params: dict[str, Any], region: str | None = None) -> str:
        """Return what a call is told: empty where it succeeds."""
        service, _, operation = call.partition(":")
        text = json.dumps(params)
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        try:
            getattr(self._client(service, region), xform_name(operation))(**json.loads(text))
        except ClientError as error:
            said = error.response["Error"]
            return f"{said.get('Code')}: {said.get('Message')}"
        return ""

    def _client(self, service: str, region: str | None) -> Any:
        if region is None and service != "s3control":
            return self.account.client(service, "administrator")
        session, aws = self.account._session("administrator"), self.account.local_aws
        if region is not None:
            return aws.client(service, session, region_name=region, config=_CONFIG)
        # The account is in the host name, so the client takes the server for its proxy.
        proxied = _CONFIG.merge(Config(proxies={"http": aws.endpoint}))
        return session.client(service, use_ssl=False, config=proxied)


@pytest.fixture(scope="module")
def world(local_aws: Any) -> World:
    local_aws.account("guarding")
    organizations = local_aws.client("organizations")
    identity = organizations.describe_organization()["Organization"]["Id"]
    chosen = [guardrails()[name] for name in dict.fromkeys(c["guardrail"] for c in CALLS)]
    known = {Token("organization", ""): identity}
    services = substitute([dict(s) for g in chosen for s in g.statements(FACTS)], known)
    resources = substitute([dict(s) for g in chosen for s in g.resource_statements(FACTS)], known)
    account = Account(local_aws, "elsewhere", services)
    _under_resource_policy(organizations, account.account, resources)
    role = account.client("iam", "administrator").get_role(RoleName="administrator")
    names = {
        "account": account.account,
        "bucket": f"guarded-{account.account}",
        "key": account.key,
        "role": str(role["Role"]["Arn"]),
    }
    s3 = account.client("s3", "administrator")
    s3.create_bucket(
        Bucket=names["bucket"], CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_object(Bucket=names["bucket"], Key="there", Body=b"x")
    return World(account, names)


def _under_resource_policy(organizations: Any, account: str, statements: list[Any]) -> None:
    root = organizations.list_roots()["Roots"][0]
    kind = "RESOURCE_CONTROL_POLICY"
    if kind not in {one["Type"] for one in root["PolicyTypes"]}:
        organizations.enable_policy_type(RootId=root["Id"], PolicyType=kind)
    content = json.dumps({"Version": "2012-10-17", "Statement": statements})
    made = organizations.create_policy(Name="elsewhere", Description="", Type=kind, Content=content)
    policy = made["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=account)


@pytest.mark.parametrize("case", CALLS, ids=lambda c: f"{c['guardrail']}-{c['call']}")
def test_a_call_is_denied_by_its_guardrail_and_its_twin_is_not(
    case: dict[str, Any], world: World
) -> None:
    said = world.error(case["call"], case["denied"], case.get("region"))
    assert _refused(said), said
    twin = world.error(case.get("twin", case["call"]), case["allowed"])
    assert not twin.startswith(_DENIED), twin


_DENIED = ("AccessDenied", "UnauthorizedOperation")


def _refused(said: str) -> bool:
    """Say whether a guardrail denied a call; a public list may meet the bucket's own block first,
    which new buckets have."""
    by = "control policy" in said or "block public access" in said
    return said.startswith(_DENIED) and by
