"""The conditions of a stage: which results and rules each kind may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.definition.action_checks import check_configuration
from landrail.localaws.services.codepipeline.definition.data_flow import (
    Made,
    check_references,
)
from landrail.localaws.services.codepipeline.definition.providers import RULES, SKIPPING
from landrail.localaws.services.codepipeline.definition.wrong import Wrong, stage, twice
from landrail.localaws.services.codepipeline.rules import windows
from landrail.localaws.services.codepipeline.rules.variable import OPERATORS

Declaration = Mapping[str, Any]
_RESULTS = {
    "beforeEntry": ("FAIL", "SKIP"),
    "onSuccess": ("ROLLBACK", "FAIL"),
    "onFailure": ("ROLLBACK", "FAIL"),
}
_ON_FAILURE = ("ROLLBACK", "RETRY", "FAIL")


def check_conditions(
    pipeline: Declaration, declared: Declaration, first: bool, made: Made
) -> Iterator[Wrong]:
    """Yield what is wrong in the conditions of a stage; `made` is what is there before it."""
    inside = made
    for one in declared["actions"]:
        inside = inside.after([one])
    for kind, results in _RESULTS.items():
        wanted = declared.get(kind) or {}
        where = f"Stage {declared['name']}, {kind}"
        for condition in wanted.get("conditions") or []:
            known = made if kind == "beforeEntry" else inside
            yield from _condition(condition, where, results, declared["name"], known)
        told = [wanted.get("result"), *(one.get("result") for one in wanted.get("conditions", ()))]
        if "ROLLBACK" in told and first:
            yield stage(f"{where}: a source stage cannot be rolled back")
        if "ROLLBACK" in told and pipeline.get("executionMode") == "PARALLEL":
            yield stage(f"{where}: ROLLBACK is not available in PARALLEL mode")
    yield from _failure(declared.get("onFailure") or {}, f"Stage {declared['name']}, onFailure")


def _failure(wanted: Declaration, where: str) -> Iterator[Wrong]:
    result = wanted.get("result")
    if result is not None and result not in _ON_FAILURE:
        yield stage(f"{where}: result {result} is not one of {', '.join(_ON_FAILURE)}")
    if wanted.get("retryConfiguration") and result != "RETRY":
        yield stage(f"{where}: retryConfiguration needs the result RETRY")


def _condition(
    condition: Declaration, where: str, results: tuple[str, ...], name: str, made: Made
) -> Iterator[Wrong]:
    result = condition.get("result")
    if result is not None and result not in results:
        yield stage(f"{where}: result {result} is not one of {', '.join(results)}")
    rules = condition.get("rules") or []
    if not rules:
        yield stage(f"{where}: a condition must have at least one rule")
    for again in twice([str(one["name"]) for one in rules]):
        yield stage(f"{where}: rule names must be unique. {again} has been used more than once.")
    for rule in rules:
        yield from _rule(rule, where, name, made)
        provider = rule["ruleTypeId"]["provider"]
        if result == "SKIP" and provider not in SKIPPING:
            told = f"result SKIP needs the rules {', '.join(SKIPPING)}, not {provider}"
            yield stage(f"{where}: {told}")


def _rule(rule: Declaration, where: str, name: str, made: Made) -> Iterator[Wrong]:
    kind = rule["ruleTypeId"]
    provider = RULES.get(kind["provider"])
    if provider is None:
        known = ", ".join(RULES)
        told = f"rules of {kind['provider']} are not supported by the local AWS: {known}"
        yield stage(f"{where}, rule {rule['name']}: {told}")
        return
    if rule.get("commands"):
        yield stage(f"{where}, rule {rule['name']}: commands are not supported by the local AWS")
    for one in rule.get("inputArtifacts") or []:
        if one["name"] not in made.artifacts:
            told = f"input artifact {one['name']} is not made before"
            yield stage(f"{where}, rule {rule['name']}: {told}")
    yield from check_configuration(rule, provider, "Rule", "rule", stage)
    yield from check_references(rule, name, made, "RuleName")
    given = rule.get("configuration") or {}
    operator = given.get("Operator")
    if operator is not None and operator not in OPERATORS:
        told = f"Operator {operator} is not one of {', '.join(OPERATORS)}"
        yield stage(f"{where}, rule {rule['name']}: {told}")
    if kind["provider"] == "DeploymentWindow" and "Cron" in given:
        why = windows.wrong(given["Cron"], given.get("TimeZone"))
        if why:
            yield stage(f"{where}, rule {rule['name']}: {why}")
