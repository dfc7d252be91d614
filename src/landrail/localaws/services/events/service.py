"""The Events service: PutEvents and TestEventPattern, and the delivery behind them.

Delivery runs in one thread, in the order in which events came, so that PutEvents answers at once.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Completed, Door, Operation, Platform
from landrail.localaws.services.events import trail
from landrail.localaws.services.events.pattern import InvalidPattern, matches, parse
from landrail.localaws.services.events.rules import Bus, Rule, Rules
from landrail.localaws.services.events.schedule import Schedules, check
from landrail.localaws.services.events.shaping import payload
from landrail.localaws.services.events.targets import Delivery, deliver, role
from landrail.localaws.store import Tables

_log = logging.getLogger(__name__)
_QUIET = ("PutEvents", "TestEventPattern")
Job = tuple[Bus, Mapping[str, Any], str]
"""An event on a bus, and the rule that it is for alone where its schedule made it."""


class Events(Answering):
    """Takes events, matches them, hands them to targets."""

    name = "events"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._rules = Rules(platform)
        self._schedules = Schedules(tables, self._due)
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.operations: Mapping[str, Operation] = {
            "PutEvents": self.put_events,
            "PutRule": self.put_rule,
            "TestEventPattern": self.test_pattern,
        }

    def put_events(self, call: ApiCall) -> Mapping[str, Any]:
        """Take up to ten events; each is answered with its id or with what is wrong with it."""
        entries = list(call.params["Entries"])
        if not 1 <= len(entries) <= 10:
            raise ApiError(
                "ValidationException",
                "1 validation error detected: Value at 'entries' failed to satisfy constraint: "
                "Member must have length less than or equal to 10",
            )
        answers = [self._take(call, one) for one in entries]
        return {
            "FailedEntryCount": sum("ErrorCode" in one for one in answers),
            "Entries": answers,
        }

    def put_rule(self, call: ApiCall) -> Mapping[str, Any]:
        """Let the store keep a rule whose schedule, if it has one, can be read."""
        if call.params.get("ScheduleExpression"):
            check(str(call.params["ScheduleExpression"]))
        return self._platform.perform(call)

    def test_pattern(self, call: ApiCall) -> Mapping[str, Any]:
        """Say whether an event matches a pattern."""
        try:
            pattern = parse(str(call.params["EventPattern"]))
        except InvalidPattern as wrong:
            raise ApiError(
                "InvalidEventPatternException", f"Event pattern is not valid. Reason: {wrong}"
            ) from wrong
        try:
            event = json.loads(call.params["Event"])
        except ValueError as wrong:
            raise ApiError("ValidationException", "Parameter Event is not valid.") from wrong
        return {"Result": matches(pattern, event)}

    def completed(self, event: Completed) -> None:
        """Publish recorded calls, and read rules again after they changed."""
        call = event.call
        if call.service == "events":
            if call.operation == "PutEvents":
                self._publish_entries(call, event.result)
            if call.operation in _QUIET:
                return
            self._rules.forget(call.account)
            self._schedules.completed(event)
        if (call.service, call.operation) == ("cloudwatch", "PutMetricData"):
            # An event of data, which AWS does not tell; endpoints put metrics each second.
            return
        bus = Bus(call.account, call.region, "default")
        self._publish(bus, _envelope(trail.entry(call), call.account, call.region))

    def start(self) -> None:
        """Begin to deliver."""
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()
        self._schedules.start()

    def stop(self) -> None:
        """Deliver what was taken, and end."""
        self._schedules.stop()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _take(self, call: ApiCall, entry: Mapping[str, Any]) -> dict[str, str]:
        for name in ("Source", "DetailType", "Detail"):
            if not entry.get(name):
                return _wrong("InvalidArgument", f"Parameter {name} is not valid. Reason: missing.")
        if str(entry["Source"]).startswith("aws.") and call.caller.kind != "service":
            return _wrong("NotAuthorizedForSourceException", "Not authorized for the source.")
        try:
            detail = json.loads(entry["Detail"])
        except ValueError:
            detail = None
        if not isinstance(detail, dict):
            return _wrong("MalformedDetail", "Detail is malformed.")
        return {"EventId": str(uuid.uuid4())}

    def _publish_entries(self, call: ApiCall, answered: Mapping[str, Any]) -> None:
        """Publish what a call put. Not before it is told as completed: whatever completed earlier,
        such as a rule's target, has been told by then, so the event meets the rules as they are."""
        for entry, answer in zip(call.params["Entries"], answered["Entries"], strict=True):
            if "EventId" not in answer:
                continue
            bus = _bus(str(entry.get("EventBusName") or "default"), call.account, call.region)
            event = _envelope(entry, call.account, call.region, str(answer["EventId"]))
            self._publish(bus, event)

    def _publish(self, bus: Bus, event: Mapping[str, Any]) -> None:
        self._queue.put((bus, event, ""))

    def _due(self, account: str, region: str, name: str) -> None:
        """Publish the event of a rule whose time has come."""
        arn = f"arn:aws:events:{region}:{account}:rule/{name}"
        entry = {
            "Source": "aws.events",
            "DetailType": "Scheduled Event",
            "Resources": [arn],
            "Detail": "{}",
        }
        event = _envelope(entry, account, region)
        self._queue.put((Bus(account, region, "default"), event, name))

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            bus, event, scheduled = job
            try:
                if scheduled:
                    arn, targets = str(event["resources"][0]), self._rules.targets(bus, scheduled)
                    matching = [Rule(arn, {}, tuple(targets))]
                else:
                    rules = self._rules.of(bus)
                    matching = [rule for rule in rules if matches(rule.pattern, event)]
            except ApiError as error:
                _log.error("no rules of bus %s of %s: %s", bus.name, bus.account, error)
                continue
            for rule in matching:
                for target in rule.targets:
                    self._deliver(rule.arn, target, event)

    def _deliver(self, rule_arn: str, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        try:
            text = payload(target, event, rule_arn)
            delivery = Delivery(target, rule_arn, event, text)
            if delivery.arn[2] == "events":
                self._forward(delivery)
            else:
                deliver(self._platform, delivery)
        except (ApiError, LookupError, TypeError, ValueError) as error:
            # An ARN or an input can be anything; the next target gets its event all the same.
            _log.error("rule %s, target %s: %s", rule_arn, target["Arn"], error)

    def _forward(self, delivery: Delivery) -> None:
        """Hand the event to another bus as it is; the target's role must be allowed to."""
        arn = delivery.arn
        bus = _bus(str(delivery.target["Arn"]), arn[4], arn[3])
        self._platform.authorize(
            role(self._platform, delivery),
            "events:PutEvents",
            str(delivery.target["Arn"]),
            account=bus.account,
            region=bus.region,
        )
        self._publish(bus, delivery.event)


def _envelope(
    entry: Mapping[str, Any], account: str, region: str, event_id: str | None = None
) -> dict[str, Any]:
    given = entry.get("Time")
    moment = given if isinstance(given, datetime) else datetime.fromtimestamp(time.time(), UTC)
    return {
        "version": "0",
        "id": event_id or str(uuid.uuid4()),
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": account,
        "time": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": list(entry.get("Resources") or []),
        "detail": json.loads(entry["Detail"]),
    }


def _bus(name: str, account: str, region: str) -> Bus:
    parts = name.split(":")
    if len(parts) == 6:
        return Bus(parts[4], parts[3], parts[5].removeprefix("event-bus/"))
    return Bus(account, region, name)


def _wrong(code: str, message: str) -> dict[str, str]:
    return {"ErrorCode": code, "ErrorMessage": message}
