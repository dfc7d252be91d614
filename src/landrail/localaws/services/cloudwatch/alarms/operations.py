"""The operations that change alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.cloudwatch.alarms import rule
from landrail.localaws.services.cloudwatch.alarms.book import Book, Key, Record
from landrail.localaws.services.cloudwatch.alarms.definition import (
    composite_settings,
    metric_settings,
)
from landrail.localaws.services.cloudwatch.alarms.family import child_of, children
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.alarms.tags import given
from landrail.localaws.services.cloudwatch.alarms.telling import configuration, publish
from landrail.localaws.services.cloudwatch.alarms.watching import Watch
from landrail.localaws.services.cloudwatch.errors import absent, checked, invalid, only

_KINDS = {"MetricAlarm": "metric", "CompositeAlarm": "composite"}
_SETS = frozenset({"AlarmName", "StateValue", "StateReason", "StateReasonData"})


class Changing:
    """Makes, changes and deletes alarms."""

    def __init__(self, platform: Platform, book: Book, watch: Watch, history: History) -> None:
        self._platform = platform
        self._book = book
        self._watch = watch
        self._history = history

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        found: dict[str, Operation] = {
            "PutMetricAlarm": self._put_metric,
            "PutCompositeAlarm": self._put_composite,
            "DeleteAlarms": self._delete,
            "SetAlarmState": self._set_state,
            "EnableAlarmActions": lambda call: self._enable(call, True),
            "DisableAlarmActions": lambda call: self._enable(call, False),
        }
        return {name: checked(operation) for name, operation in found.items()}

    def _put_metric(self, call: ApiCall) -> Mapping[str, Any]:
        return self._put(call, "MetricAlarm", metric_settings(call))

    def _put_composite(self, call: ApiCall) -> Mapping[str, Any]:
        settings = composite_settings(call)
        key = key_of(call, str(settings["AlarmName"]))
        self._check_rule(key, str(settings["AlarmRule"]))
        return self._put(call, "CompositeAlarm", settings)

    def _put(self, call: ApiCall, kind: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        key = key_of(call, str(settings["AlarmName"]))
        old = self._book.get(key)
        if old is not None and old["kind"] != kind:
            raise invalid(
                f"There is already a {_KINDS[old['kind']]} alarm with the name {key.name}."
            )
        new = self._book.configure(key, kind, settings, given(call.params.get("Tags")))
        self._watch.configured(key)
        self._configured(key, "created" if new else "updated")
        return {}

    def _check_rule(self, key: Key, text: str) -> None:
        names = list(rule.alarms(rule.parse(text)))
        lacking = [name for name in names if self._book.get(child_of(key, name)) is None]
        lacking = [name for name in lacking if child_of(key, name) != key]
        if lacking:
            raise invalid(
                f"Could not save the composite alarm as alarms [{', '.join(lacking)}] in the alarm "
                "rule do not exist."
            )
        if key in self._below(key, names):
            raise invalid(
                "Could not save the composite alarm as it would depend on itself through its rule."
            )

    def _below(self, key: Key, names: list[str]) -> set[Key]:
        """All alarms that a rule depends on, through other rules too."""
        found: set[Key] = set()
        left = [child_of(key, name) for name in names]
        while left:
            child = left.pop()
            if child in found:
                continue
            found.add(child)
            record = self._book.get(child)
            if record is not None and child != key:
                left += children(child, record)
        return found

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Names without an alarm are passed over, as long as one has one."""
        named = [key_of(call, name) for name in dict.fromkeys(call.params["AlarmNames"])]
        found = {key: record for key in named if (record := self._book.get(key)) is not None}
        if not found:
            gone = ", ".join(key.name for key in named)
            raise absent(f"There are no alarms with the names {gone}.")
        if sum(record["kind"] == "CompositeAlarm" for record in found.values()) > 1:
            raise invalid("Only one composite alarm can be deleted in a call.")
        keys = list(found)
        self._check_parents(call, keys)
        for key in keys:
            self._configured(key, "deleted")
            self._book.delete(key)
        return {}

    def _check_parents(self, call: ApiCall, keys: list[Key]) -> None:
        """No alarm goes that a composite alarm which stays depends on."""
        needed = {
            child
            for key, record in self._book.all(call.account, call.region)
            if key not in keys
            for child in children(key, record)
        }
        held = [key.name for key in keys if key in needed]
        if held:
            raise invalid(
                f"Cannot delete {','.join(held)} as there are composite alarm(s) depending on "
                f"{'it' if len(held) == 1 else 'them'}."
            )

    def _set_state(self, call: ApiCall) -> Mapping[str, Any]:
        only(call, _SETS)
        key = key_of(call, str(call.params["AlarmName"]))
        if self._book.get(key) is None:
            raise absent(f"There is no alarm with the name {key.name}.")
        data = str(call.params.get("StateReasonData") or "")
        if data and not _is_json(data):
            raise ApiError("InvalidFormat", "StateReasonData was not syntactically valid JSON.")
        self._watch.postpone(key)
        reason = str(call.params["StateReason"])
        self._book.enter(key, call.params["StateValue"], reason, data, by_hand=True)
        return {}

    def _enable(self, call: ApiCall, on: bool) -> Mapping[str, Any]:
        """Turn actions on or off; names without an alarm are passed over, as on AWS."""
        for name in call.params["AlarmNames"]:
            key = key_of(call, name)
            if self._book.get(key) is not None:
                self._book.amend(key, lambda record: _acting(record, on))
                self._configured(key, "updated")
        return {}

    def _configured(self, key: Key, what: str) -> None:
        record = self._book.get(key)
        if record is None:
            return
        operation = what.removesuffix("d")
        data = {"type": operation.capitalize(), f"{what}Alarm": configuration(record)}
        summary = f'Alarm "{key.name}" {what}'
        self._history.add(key.account, key.region, record, "ConfigurationUpdate", summary, data)
        detail = {
            "alarmName": key.name,
            "operation": operation,
            "configuration": {**configuration(record), "alarmName": key.name},
            "state": {"value": record["state"]["value"]},
        }
        publish(self._platform, key, "CloudWatch Alarm Configuration Change", detail)


def key_of(call: ApiCall, name: str) -> Key:
    """Return which alarm a name means in a call."""
    return Key(call.account, call.region, name)


def _acting(record: Record, on: bool) -> Record:
    return {**record, "settings": {**record["settings"], "ActionsEnabled": on}}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
