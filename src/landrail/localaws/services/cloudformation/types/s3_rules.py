"""Lifecycle rules of buckets: the template's spelling and the API's, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.services.cloudformation.types.kind import picked
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    TEXT,
    obj,
    some,
)

LIFECYCLE = obj(
    "Rules",
    Rules=some(
        obj(
            "Status",
            AbortIncompleteMultipartUpload=obj("DaysAfterInitiation", DaysAfterInitiation=INTEGER),
            ExpirationInDays=INTEGER,
            ExpiredObjectDeleteMarker=BOOLEAN,
            Id=TEXT,
            NoncurrentVersionExpiration=obj(
                "NoncurrentDays", NoncurrentDays=INTEGER, NewerNoncurrentVersions=INTEGER
            ),
            Prefix=TEXT,
            Status=TEXT,
            Transitions=some(obj("StorageClass", StorageClass=TEXT, TransitionInDays=INTEGER)),
        )
    ),
)


def to_lifecycle(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the API's configuration of a `LifecycleConfiguration` property."""
    return {"Rules": [_to_rule(rule, index) for index, rule in enumerate(wanted["Rules"])]}


def _to_rule(rule: Mapping[str, Any], index: int) -> dict[str, Any]:
    expiration = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = rule["ExpirationInDays"]
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = rule["ExpiredObjectDeleteMarker"]
    transitions = [
        {"StorageClass": t["StorageClass"], "Days": t.get("TransitionInDays", 0)}
        for t in rule.get("Transitions", [])
    ]
    return {
        "ID": rule.get("Id", f"rule-{index + 1}"),
        "Filter": {"Prefix": rule.get("Prefix", "")},
        **({"Expiration": expiration} if expiration else {}),
        **({"Transitions": transitions} if transitions else {}),
        **picked(rule, "Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"),
    }


def from_lifecycle(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the `LifecycleConfiguration` property of the API's rules."""
    return {"Rules": [_from_rule(rule) for rule in rules]}


def _from_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    expiration = rule.get("Expiration", {})
    shown: dict[str, Any] = {
        "Id": rule.get("ID"),
        "Prefix": rule.get("Filter", {}).get("Prefix", rule.get("Prefix", "")),
        "ExpirationInDays": expiration.get("Days"),
        "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker"),
        "Transitions": [
            {"StorageClass": t["StorageClass"], "TransitionInDays": t.get("Days")}
            for t in rule.get("Transitions", [])
        ],
        **picked(rule, "Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"),
    }
    return {name: value for name, value in shown.items() if value not in (None, [])}
