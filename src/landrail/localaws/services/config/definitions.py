"""Rules put, described, deleted and evaluated on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from landrail.diagnostics import nearest
from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.config.evaluator import Asked, Evaluator
from landrail.localaws.services.config.pages import invalid, no_rule, page
from landrail.localaws.services.config.results import RESOURCE, Document, Results, moment, now
from landrail.localaws.services.config.rules import RULES
from landrail.localaws.services.config.tags import merged

_SHOWN = frozenset(
    {
        *("ConfigRuleName", "ConfigRuleArn", "ConfigRuleId", "Description", "Scope", "Source"),
        *("InputParameters", "MaximumExecutionFrequency", "ConfigRuleState", "EvaluationModes"),
    }
)


class Definitions:
    """The operations on rules themselves."""

    def __init__(self, results: Results, evaluator: Evaluator) -> None:
        """Keep rules in `results` and have them evaluated."""
        self._results = results
        self._evaluator = evaluator

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "PutConfigRule": self._put,
            "DescribeConfigRules": self._describe,
            "DeleteConfigRule": self._delete,
            "StartConfigRulesEvaluation": self._start,
            "DescribeConfigRuleEvaluationStatus": self._status,
        }

    def named(self, call: ApiCall) -> list[Document]:
        """Return the rules that `ConfigRuleNames` names, or all; raises ApiError."""
        names = call.params.get("ConfigRuleNames")
        if not names:
            return self._results.rules(call.account, call.region)
        found = [self._results.rule(call.account, call.region, name) for name in names]
        for name, rule in zip(names, found, strict=True):
            if rule is None:
                raise no_rule(name)
        return [rule for rule in found if rule is not None]

    def _put(self, call: ApiCall) -> Mapping[str, Any]:
        rule: Document = dict(call.params["ConfigRule"])
        _check(rule)
        place = (call.account, call.region)
        if not self._evaluator.has_recorder(*place):
            raise ApiError(
                "NoAvailableConfigurationRecorderException",
                "Configuration recorder is not available to put config rule.",
            )
        name = rule.get("ConfigRuleName") or _named_by(rule)
        if name is None:
            raise invalid("One or more identifiers needs to be provided: ConfigRuleName.")
        before = self._results.rule(*place, name)
        word = hashlib.sha256("/".join([*place, name]).encode()).hexdigest()[:6]
        stored = {
            **{k: v for k, v in rule.items() if k in _SHOWN},
            "ConfigRuleName": name,
            "ConfigRuleId": f"config-rule-{word}",
            "ConfigRuleArn": f"arn:aws:config:{call.region}:{call.account}:config-rule/"
            f"config-rule-{word}",
            "ConfigRuleState": "ACTIVE",
            "EvaluationModes": [{"Mode": "DETECTIVE"}],
            "_activated": before["_activated"] if before else now(),
            # A rule that is put again keeps its tags: only TagResource changes them.
            "_tags": before.get("_tags", {}) if before else merged({}, call.params.get("Tags", ())),
        }
        self._results.put_rule(*place, stored)
        self._evaluator.ask(Asked(*place, rule=name))
        return {}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        rules = [{k: v for k, v in rule.items() if k in _SHOWN} for rule in self.named(call)]
        return page(rules, call.params, "ConfigRules")

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        name = call.params["ConfigRuleName"]
        if self._results.rule(call.account, call.region, name) is None:
            raise no_rule(name)
        self._results.delete_rule(call.account, call.region, name)
        return {}

    def _start(self, call: ApiCall) -> Mapping[str, Any]:
        for rule in self.named(call):
            self._evaluator.ask(Asked(call.account, call.region, rule=rule["ConfigRuleName"]))
        return {}

    def _status(self, call: ApiCall) -> Mapping[str, Any]:
        statuses = [_status(rule) for rule in self.named(call)]
        return page(statuses, call.params, "ConfigRulesEvaluationStatus")


def _check(rule: Document) -> None:
    source = rule.get("Source") or {}
    identifier = source.get("SourceIdentifier", "")
    if source.get("Owner") != "AWS":
        raise invalid("The local AWS evaluates AWS's managed rules only (Source Owner AWS).")
    if identifier not in RULES:
        near = nearest(identifier, [name.lower() for name in RULES])
        hint = f" Did you mean {near.upper()}?" if near else ""
        raise invalid(
            f"The local AWS does not evaluate the rule {identifier}.{hint} "
            f"It has {', '.join(sorted(RULES))}."
        )
    scope = rule.get("Scope") or {}
    if scope.get("TagKey"):
        raise invalid("The local AWS does not support a rule's scope by tag.")
    types = scope.get("ComplianceResourceTypes")
    if types and RESOURCE not in types:
        raise invalid(f"{identifier} evaluates {RESOURCE}, which is not in the rule's scope.")
    try:
        parameters = json.loads(rule.get("InputParameters") or "{}")
    except ValueError as error:
        raise invalid(f"InputParameters is not JSON: {error}") from error
    if not isinstance(parameters, dict):
        raise invalid("InputParameters is not a JSON object.")


def _named_by(rule: Document) -> str | None:
    arn = rule.get("ConfigRuleArn") or rule.get("ConfigRuleId")
    return str(arn) if arn else None


def _status(rule: Document) -> Document:
    times = {
        "FirstActivatedTime": rule.get("_activated"),
        "LastSuccessfulInvocationTime": rule.get("_invoked"),
        "LastSuccessfulEvaluationTime": rule.get("_evaluated"),
        "LastFailedEvaluationTime": rule.get("_failed"),
    }
    code, message = rule.get("_error") or (None, None)
    return {
        "ConfigRuleName": rule["ConfigRuleName"],
        "ConfigRuleArn": rule["ConfigRuleArn"],
        "ConfigRuleId": rule["ConfigRuleId"],
        "FirstEvaluationStarted": rule.get("_invoked") is not None,
        **{name: moment(time) for name, time in times.items() if time is not None},
        **({"LastErrorCode": code, "LastErrorMessage": message} if code else {}),
    }
