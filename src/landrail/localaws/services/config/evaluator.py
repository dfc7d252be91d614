"""Evaluates rules in a thread of its own: on change, when asked, and only while recording.

What it reads it reads as the Config service's own role, through the gateway; where that may not
read, the rule's evaluation status says so and no finding is made.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.config.facts import SERVICE, Bucket, Gone
from landrail.localaws.services.config.results import (
    COMPLIANT,
    NON_COMPLIANT,
    RESOURCE,
    Document,
    Results,
    moment,
    now,
    result,
)
from landrail.localaws.services.config.rules import RULES

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to evaluate: one bucket or all of them, by one rule or all of them."""

    account: str
    region: str
    bucket: str | None = None
    rule: str | None = None


class Evaluator:
    """The queue of evaluations and the thread that works it off."""

    def __init__(self, platform: Platform, results: Results) -> None:
        """Findings go to `results`, changes of them to Events."""
        self._platform = platform
        self._results = results
        self._queue: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._waiting: set[Asked] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="config", daemon=True)

    def start(self) -> None:
        """Begin to evaluate."""
        self._thread.start()

    def stop(self) -> None:
        """Evaluate what is queued and end."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join(timeout=10)

    def ask(self, asked: Asked) -> None:
        """Queue an evaluation; one that waits already will see what has changed since, too."""
        with self._lock:
            if asked in self._waiting:
                return
            self._waiting.add(asked)
        self._queue.put(asked)

    def recording(self, account: str, region: str) -> bool:
        """Say whether a recorder of the account records buckets; raises ApiError."""
        answer = self._config(account, region, "DescribeConfigurationRecorderStatus")
        on = {
            status["name"]
            for status in answer.get("ConfigurationRecordersStatus") or ()
            if status.get("recording")
        }
        if not on:
            return False
        recorders = self._config(account, region, "DescribeConfigurationRecorders")
        return any(
            recorder["name"] in on and _covers(recorder.get("recordingGroup") or {})
            for recorder in recorders.get("ConfigurationRecorders") or ()
        )

    def has_recorder(self, account: str, region: str) -> bool:
        """Say whether the account has a recorder at all; raises ApiError."""
        answer = self._config(account, region, "DescribeConfigurationRecorders")
        return bool(answer.get("ConfigurationRecorders"))

    def _config(self, account: str, region: str, operation: str) -> dict[str, Any]:
        return self._platform.call(SERVICE, "config", operation, {}, region=region, account=account)

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            with self._lock:
                self._waiting.discard(asked)
            try:
                self._evaluate(asked)
            except ApiError as error:
                _log.warning("Config could not evaluate %s: %s", asked, error)

    def _evaluate(self, asked: Asked) -> None:
        rules = [
            rule
            for rule in self._results.rules(asked.account, asked.region)
            if asked.rule in (None, rule["ConfigRuleName"])
        ]
        if not rules or not self.recording(asked.account, asked.region):
            return
        buckets = list(self._buckets(asked))
        for rule in rules:
            self._by_rule(asked, rule, buckets)

    def _by_rule(self, asked: Asked, rule: Document, buckets: list[Bucket]) -> None:
        name, time = rule["ConfigRuleName"], now()
        noted: dict[str, Any] = {"_invoked": time}
        try:
            for bucket in buckets:
                self._one(asked, rule, bucket)
            if asked.bucket is None:
                self._drop_missing(asked, name, {bucket.name for bucket in buckets})
            noted |= {"_evaluated": now(), "_error": None}
        except ApiError as error:
            noted |= {"_failed": now(), "_error": [error.code, error.message]}
        self._results.note(asked.account, asked.region, name, **noted)

    def _buckets(self, asked: Asked) -> Iterator[Bucket]:
        names = [asked.bucket] if asked.bucket else self._names(asked)
        for name in names:
            yield Bucket(self._platform, asked.account, asked.region, name)

    def _names(self, asked: Asked) -> list[str]:
        answer = self._platform.call(
            SERVICE, "s3", "ListBuckets", {}, region=asked.region, account=asked.account
        )
        return [bucket["Name"] for bucket in answer.get("Buckets") or ()]

    def _one(self, asked: Asked, rule: Document, bucket: Bucket) -> None:
        name = rule["ConfigRuleName"]
        wanted = (rule.get("Scope") or {}).get("ComplianceResourceId")
        if wanted not in (None, bucket.name):
            return
        time = now()
        parameters = json.loads(rule.get("InputParameters") or "{}")
        try:
            if bucket.region != asked.region:
                return
            wrong = RULES[rule["Source"]["SourceIdentifier"]](bucket, parameters)
        except Gone:
            self._results.forget(asked.account, asked.region, name, bucket.name)
            return
        finding: Document = {
            "rule": name,
            "resource": bucket.name,
            "compliance": NON_COMPLIANT if wrong else COMPLIANT,
            "annotation": wrong,
            "ordered": time,
            "recorded": now(),
        }
        before = self._results.record(asked.account, asked.region, name, finding)
        if before is None or before["compliance"] != finding["compliance"]:
            self._tell(asked, rule, finding, before)

    def _drop_missing(self, asked: Asked, name: str, there: set[str]) -> None:
        for finding in self._results.findings(asked.account, asked.region, name):
            if finding["resource"] not in there:
                self._results.forget(asked.account, asked.region, name, finding["resource"])

    def _tell(
        self, asked: Asked, rule: Document, finding: Document, before: Document | None
    ) -> None:
        detail = {
            "resourceId": finding["resource"],
            "resourceType": RESOURCE,
            "awsRegion": asked.region,
            "awsAccountId": asked.account,
            "configRuleName": rule["ConfigRuleName"],
            "configRuleARN": rule["ConfigRuleArn"],
            "recordVersion": "1.0",
            "messageType": "ComplianceChangeNotification",
            "notificationCreationTime": _text(finding["recorded"]),
            "newEvaluationResult": _detail(finding),
            **({"oldEvaluationResult": _detail(before)} if before else {}),
        }
        entry = {
            "Source": "aws.config",
            "DetailType": "Config Rules Compliance Change",
            "Resources": [f"arn:aws:s3:::{finding['resource']}"],
            "Detail": json.dumps(detail),
        }
        # A finding stands whether or not somebody could be told of it.
        with suppress(ApiError):
            self._platform.call(
                SERVICE,
                "events",
                "PutEvents",
                {"Entries": [entry]},
                region=asked.region,
                account=asked.account,
            )


def _covers(group: Document) -> bool:
    strategy = (group.get("recordingStrategy") or {}).get("useOnly")
    if strategy == "EXCLUSION_BY_RESOURCE_TYPES":
        excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or ()
        return RESOURCE not in excluded
    return bool(group.get("allSupported")) or RESOURCE in (group.get("resourceTypes") or ())


def _detail(finding: Document) -> Document:
    shown = result(finding)
    qualifier = shown["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
    return {
        "evaluationResultIdentifier": {
            "evaluationResultQualifier": {
                name[0].lower() + name[1:]: value for name, value in qualifier.items()
            },
            "orderingTimestamp": _text(finding["ordered"]),
        },
        "complianceType": finding["compliance"],
        "resultRecordedTime": _text(finding["recorded"]),
        "configRuleInvokedTime": _text(finding["ordered"]),
        "annotation": finding.get("annotation"),
    }


def _text(seconds: float) -> str:
    return moment(seconds).isoformat().replace("+00:00", "Z")
