"""The types of actions and rules that there are, told as AWS tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codepipeline.definition.providers import (
    PROVIDERS,
    RULES,
    Provider,
)
from landrail.localaws.services.codepipeline.pages import page


def operations() -> dict[str, Operation]:
    """Return the operations on types."""
    return {"ListActionTypes": list_actions, "ListRuleTypes": list_rules}


def list_actions(call: ApiCall) -> Mapping[str, Any]:
    """List the types of actions; all of them are AWS's."""
    owner, region = call.params.get("actionOwnerFilter"), call.params.get("regionFilter")
    _here(region, call)
    kinds = [] if owner not in (None, "AWS") else [_action(*one) for one in PROVIDERS.items()]
    return page(call, kinds, "actionTypes")


def list_rules(call: ApiCall) -> Mapping[str, Any]:
    """List the types of rules."""
    _here(call.params.get("regionFilter"), call)
    return page(call, [_rule(*one) for one in RULES.items()], "ruleTypes")


def _here(region: str | None, call: ApiCall) -> None:
    if region not in (None, call.region):
        raise ApiError("ValidationException", "the local AWS tells the types of one region")


def _action(kind: tuple[str, str], provider: Provider) -> dict[str, Any]:
    identity = {"category": kind[0], "owner": "AWS", "provider": kind[1], "version": "1"}
    return {
        "id": identity,
        "settings": {},
        "actionConfigurationProperties": _properties(provider),
        "inputArtifactDetails": _counts(provider.inputs),
        "outputArtifactDetails": _counts(provider.outputs),
    }


def _rule(name: str, provider: Provider) -> dict[str, Any]:
    return {
        "id": {"category": "Rule", "owner": "AWS", "provider": name, "version": "1"},
        "settings": {},
        "ruleConfigurationProperties": _properties(provider),
        "inputArtifactDetails": _counts(provider.inputs),
    }


def _properties(provider: Provider) -> list[dict[str, Any]]:
    names = sorted(provider.required | provider.optional)
    return [
        {"name": one, "required": one in provider.required, "key": True, "secret": False}
        for one in names
    ]


def _counts(limits: tuple[int, int]) -> dict[str, int]:
    return {"minimumCount": limits[0], "maximumCount": limits[1]}
