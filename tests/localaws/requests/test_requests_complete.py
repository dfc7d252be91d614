"""No operation of the platform's services without an action that AWS publishes, or a listed gap."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from request_samples import ACCOUNT, REGION, SESSION, Lookup, sample

from landrail.localaws.gateway.requests import Authorization, Unresolved, resolve
from landrail.localaws.gateway.requests.arns import format_expression
from landrail.localaws.gateway.requests.tables import RULES
from landrail.policy.reference.actions import find_action

_HERE = Path(__file__).parent
GAPS: dict[str, list[str]] = yaml.safe_load((_HERE / "gaps.yaml").read_text())
ANY: dict[str, list[str]] = yaml.safe_load((_HERE / "any.yaml").read_text())
_USER = f"arn:aws:iam::{ACCOUNT}:user/ana"
# ARNs that AWS's own services authorize and the published formats do not show.
_UNPUBLISHED = {
    # The group is authorized with its packages where it is another account's.
    ("sagemaker:CreateModelPackage", "model-package-group/"),
    ("sagemaker:ListModelPackages", "model-package-group/"),
    # Kinds that are tagged when they are made, and missing in the list of AddTags.
    ("sagemaker:AddTags", "inference-experiment/"),
    ("sagemaker:AddTags", "training-session/"),
    ("sagemaker:AddTags", "workforce/"),
    # The sessions of GetFederationToken are tagged, too.
    ("sts:TagSession", "federated-user/"),
    # AWS's denials of DescribeLogGroups name `log-group::log-stream:`.
    ("logs:DescribeLogGroups", "log-group:"),
}


@lru_cache
def _resolved(service: str) -> tuple[dict[str, tuple[Authorization, ...]], list[str]]:
    rules = RULES.get(service)
    prefix = rules.prefix if rules else service
    found: dict[str, tuple[Authorization, ...]] = {}
    unresolved = []
    for operation in SESSION.get_service_model(service).operation_names:
        params = sample(service, operation, prefix)
        try:
            found[operation] = resolve(
                service, operation, params, ACCOUNT, REGION, Lookup(), caller_arn=_USER
            )
        except Unresolved:
            unresolved.append(operation)
    return found, sorted(unresolved)


@pytest.mark.parametrize("service", sorted(GAPS))
def test_every_operation_resolves_or_is_a_listed_gap(service: str) -> None:
    found, unresolved = _resolved(service)
    for operation, authorizations in found.items():
        assert authorizations, operation
        for authorization in authorizations:
            owner, _, name = authorization.action.partition(":")
            assert find_action(owner, name), (operation, authorization.action)
            assert authorization.account.isdigit(), (operation, authorization)
    assert unresolved == GAPS[service]


@pytest.mark.parametrize("service", sorted(GAPS))
def test_every_resource_is_of_a_published_format(service: str) -> None:
    wrong = []
    for operation, authorizations in _resolved(service)[0].items():
        for authorization in authorizations:
            if not _published(authorization):
                wrong.append((operation, authorization.action, authorization.resource))
    assert wrong == []


def _published(needed: Authorization) -> bool:
    owner, _, name = needed.action.partition(":")
    action = find_action(owner, name)
    assert action is not None
    if not action.resources:
        formats = needed.resource == "*"
    elif needed.resource == "*":
        formats = not any(kind.required for kind in action.resources)
    else:
        formats = any(format_expression(k.arn).fullmatch(needed.resource) for k in action.resources)
    last = needed.resource.split(":", 5)[-1]
    return formats or any(
        needed.action == known and last.startswith(begin) for known, begin in _UNPUBLISHED
    )


@pytest.mark.parametrize("service", sorted(GAPS))
def test_what_is_named_is_authorized_by_its_name(service: str) -> None:
    """With all parameters given, a resource is `*` only where it is made by the call, or listed."""
    vague = set()
    for operation, authorizations in _resolved(service)[0].items():
        for authorization in authorizations:
            owner, _, name = authorization.action.partition(":")
            action = find_action(owner, name)
            assert action is not None
            if action.resources and "*" in authorization.resource:
                vague.add(operation)
    assert sorted(vague) == ANY[service]


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
