"""No operation of the platform's services without an action that AWS publishes, or a listed gap."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from request_samples import ACCOUNT, REGION, SESSION, Lookup, sample

from landrail.localaws.gateway.requests import Unresolved, resolve
from landrail.localaws.gateway.requests.tables import RULES
from landrail.policy.reference.actions import find_action

GAPS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "gaps.yaml").read_text())


@pytest.mark.parametrize("service", sorted(GAPS))
def test_every_operation_resolves_or_is_a_listed_gap(service: str) -> None:
    rules = RULES.get(service)
    prefix = rules.prefix if rules else service
    unresolved = []
    for operation in SESSION.get_service_model(service).operation_names:
        params = sample(service, operation, prefix)
        try:
            found = resolve(service, operation, params, ACCOUNT, REGION, Lookup())
        except Unresolved:
            unresolved.append(operation)
            continue
        assert found, operation
        for authorization in found:
            owner, _, name = authorization.action.partition(":")
            assert find_action(owner, name), (operation, authorization.action)
            assert authorization.account.isdigit(), (operation, authorization)
    assert sorted(unresolved) == GAPS[service]


@pytest.mark.parametrize(
    "operation", ["CreateTrainingJob", "DeleteEndpoint", "CreateModel", "InvokeEndpoint"]
)
def test_nothing_resolves_without_its_parameters(operation: str) -> None:
    service = "sagemaker-runtime" if operation == "InvokeEndpoint" else "sagemaker"
    resources = []
    try:
        resources = [a.resource for a in resolve(service, operation, {}, ACCOUNT, REGION, Lookup())]
    except Unresolved:
        return
    assert all(r.endswith("*") for r in resources), resources


def test_unknown_operations_and_services_are_refused() -> None:
    for service, operation in (
        ("s3", "Nothing"),
        ("nothing", "ListBuckets"),
        ("s3", "listbuckets"),
    ):
        with pytest.raises(Unresolved) as raised:
            resolve(service, operation, {}, ACCOUNT, REGION, Lookup())
        assert "gap of Landrail" in raised.value.message
