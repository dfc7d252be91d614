"""Rules put, described, deleted and evaluated on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.backlog import Backlog
from landrail.localaws.services.config.checks import check
from landrail.localaws.services.config.pages import invalid, no_rule, page
from landrail.localaws.services.config.recorders import Recorders
from landrail.localaws.services.config.results import Document, Results, moment, now
from landrail.localaws.services.config.sources import is_policy, tables_of, triggers
from landrail.localaws.services.config.tags import merged

_SHOWN = frozenset(
    {
        *("ConfigRuleName", "ConfigRuleArn", "ConfigRuleId", "Description", "Scope", "Source"),
        *("InputParameters", "MaximumExecutionFrequency", "ConfigRuleState", "EvaluationModes"),
    }
)
_MOST_STARTED = 25


class Definitions:
    """The operations on rules themselves."""

    def __init__(self, results: Results, recorders: Recorders, backlog: Backlog) -> None:
        """Keep rules in `results` and have them evaluated by way of `backlog`."""
        self._results = results
        self._recorders = recorders
        self._backlog = backlog

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "PutConfigRule": self._put,
            "DescribeConfigRules": self._describe,
            "GetCustomRulePolicy": self._policy,
            "DeleteConfigRule": self._delete,
            "DeleteEvaluationResults": self._forget,
            "StartConfigRulesEvaluation": self._start,
            "DescribeConfigRuleEvaluationStatus": self._status,
        }

    def named(self, call: ApiCall) -> list[Document]:
        """Return the rules that `ConfigRuleNames` names, or all; raises ApiError."""
        names = call.params.get("ConfigRuleNames")
        if not names:
            return self._results.rules(call.account, call.region)
        return [self.one(call, name) for name in names]

    def one(self, call: ApiCall, name: str) -> Document:
        """Return the rule of a name; raises ApiError."""
        rule = self._results.rule(call.account, call.region, name)
        if rule is None:
            raise no_rule(name)
        return rule

    def evaluate(self, place: Place, rule: Document) -> None:
        """Have a rule evaluated over all that it is about."""
        for table in tables_of(rule):
            self._backlog.asked(place, table, rule["ConfigRuleName"])

    def _put(self, call: ApiCall) -> Mapping[str, Any]:
        rule: Document = dict(call.params["ConfigRule"])
        check(rule)
        place = (call.account, call.region)
        if "change" in triggers(rule) and not self._recorders.has_one(place):
            raise ApiError(
                "NoAvailableConfigurationRecorderException",
                "Configuration recorder is not available to put config rule.",
            )
        before = self._before(call, rule)
        name = before["ConfigRuleName"] if before else rule.get("ConfigRuleName")
        if name is None:
            raise invalid("One or more identifiers needs to be provided: ConfigRuleName.")
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
        if before is not None and _asks(before) != _asks(stored):
            self._results.forget_all(place, name)
        self._results.put_rule(*place, stored)
        self.evaluate(place, stored)
        return {}

    def _before(self, call: ApiCall, rule: Document) -> Document | None:
        """Return the rule that is put again, by its name, id or ARN; raises ApiError."""
        name = rule.get("ConfigRuleName")
        if name is not None:
            return self._results.rule(call.account, call.region, name)
        for member in ("ConfigRuleArn", "ConfigRuleId"):
            if rule.get(member) is not None:
                for known in self._results.rules(call.account, call.region):
                    if known[member] == rule[member]:
                        return known
                raise no_rule(rule[member])
        return None

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        return page([_shown(rule) for rule in self.named(call)], call.params, "ConfigRules")

    def _policy(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self.one(call, call.params.get("ConfigRuleName") or "")
        if not is_policy(rule):
            raise invalid(f"{rule['ConfigRuleName']} is not a custom policy rule.")
        return {"PolicyText": rule["Source"]["CustomPolicyDetails"]["PolicyText"]}

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self.one(call, call.params["ConfigRuleName"])
        self._results.delete_rule(call.account, call.region, rule["ConfigRuleName"])
        return {}

    def _forget(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self.one(call, call.params["ConfigRuleName"])
        self._results.forget_all((call.account, call.region), rule["ConfigRuleName"])
        return {}

    def _start(self, call: ApiCall) -> Mapping[str, Any]:
        names = call.params.get("ConfigRuleNames") or ()
        if len(names) > _MOST_STARTED:
            raise invalid(f"At most {_MOST_STARTED} rules are started at once.")
        for rule in self.named(call):
            self.evaluate((call.account, call.region), rule)
        return {}

    def _status(self, call: ApiCall) -> Mapping[str, Any]:
        statuses = [_status(rule) for rule in self.named(call)]
        return page(statuses, call.params, "ConfigRulesEvaluationStatus")


def _shown(rule: Document) -> Document:
    """Return a rule as it is described: a policy's text has an operation of its own."""
    shown = {name: given for name, given in rule.items() if name in _SHOWN}
    if is_policy(rule):
        details = {**rule["Source"]["CustomPolicyDetails"], "PolicyText": ""}
        shown["Source"] = {**rule["Source"], "CustomPolicyDetails": details}
    return shown


def _asks(rule: Document) -> list[Any]:
    return [rule.get(member) for member in ("Source", "InputParameters", "Scope")]


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
