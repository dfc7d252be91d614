"""Recorders: what they record and how often. The store keeps them; what it would lose, the
recording mode, is kept here and told with them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.inventory import Row
from landrail.inventory.described import capitalized
from landrail.inventory.recorded import RECORDER
from landrail.inventory.unnamed import UNNAMED
from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.config.asking import SERVICE, Place
from landrail.localaws.store.tables import Tables

CONTINUOUS, DAILY = "CONTINUOUS", "DAILY"
_GLOBAL = ("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::Policy")
_ALWAYS = ("AWS::Config::ResourceCompliance", "AWS::Config::ConformancePackCompliance")
_EXCLUDING = "EXCLUSION_BY_RESOURCE_TYPES"
_NAMED = ("PutConfigurationRecorder", "DeleteConfigurationRecorder")
_SWITCHED = ("StartConfigurationRecorder", "StopConfigurationRecorder")
CHANGING = (*_NAMED, *_SWITCHED)
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is recorded in an account and region: whether the recorder is on, its group and mode,
    the role that it delivers by, and its name."""

    on: bool
    group: Mapping[str, Any] = field(default_factory=dict)
    mode: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    name: str = ""

    def row(self, place: Place) -> Row:
        """Return the recorder as a resource, which it records itself as."""
        account, region = place
        return {
            "account_id": account,
            "region": region,
            "resource_type": RECORDER,
            "resource_id": self.name,
            "resource_name": self.name,
            "arn": f"arn:aws:config:{region}:{account}:configuration-recorder/{self.name}",
            "configuration": {
                "Name": self.name,
                "RoleARN": self.role,
                "RecordingGroup": capitalized(self.group),
                "RecordingMode": capitalized(self.mode),
                "Recording": self.on,
            },
        }

    def frequency(self, resource_type: str) -> str | None:
        """Return how often a type is recorded, None where it is not."""
        if not self.on or not self._covers(resource_type):
            return None
        if resource_type in UNNAMED:
            return CONTINUOUS
        for override in self.mode.get("recordingModeOverrides") or ():
            if resource_type in override["resourceTypes"]:
                return str(override["recordingFrequency"])
        return str(self.mode.get("recordingFrequency") or CONTINUOUS)

    def _covers(self, resource_type: str) -> bool:
        group = self.group
        if (group.get("recordingStrategy") or {}).get("useOnly") == _EXCLUDING:
            left_out = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or ()
            return resource_type not in left_out
        if group.get("allSupported"):
            return resource_type not in _GLOBAL or bool(group.get("includeGlobalResourceTypes"))
        return resource_type in (group.get("resourceTypes") or ())


OFF = Recording(on=False)


class Recorders:
    """The operations on recorders, and what is recorded where."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        """Keep modes, and where recorders are, in the table `config.recorders`."""
        self._platform = platform
        self._kept = tables.table("config.recorders")
        self._known: dict[Place, Recording] = {}
        self._changes: Counter[Place] = Counter()
        self._lock = threading.Lock()

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "PutConfigurationRecorder": self._put,
            "DeleteConfigurationRecorder": self._delete,
            "DescribeConfigurationRecorders": self._describe,
            **dict.fromkeys(_SWITCHED, self._switch),
        }

    def places(self) -> Iterator[Place]:
        """Yield where recorders are."""
        for key, _ in self._kept.scan():
            yield key[0], key[1]

    def has_one(self, place: Place) -> bool:
        """Say whether there is a recorder at all."""
        return self._kept.get(*place) is not None

    def of(self, place: Place) -> Recording:
        """Return what is recorded in a place; raises ApiError."""
        if not self.has_one(place):
            return OFF
        with self._lock:
            known, changes = self._known.get(place), self._changes[place]
        if known is None:
            known = self._read(place)
            with self._lock:
                # What was changed while it was read is not kept: it may be of before.
                if self._changes[place] == changes:
                    self._known[place] = known
        return known

    def forget(self, place: Place) -> None:
        """Read anew what is recorded there: a recorder was changed."""
        with self._lock:
            self._changes[place] += 1
            self._known.pop(place, None)

    def _read(self, place: Place) -> Recording:
        told = self._ask(place, "DescribeConfigurationRecorderStatus")
        statuses = told.get("ConfigurationRecordersStatus") or ()
        on = {status["name"] for status in statuses if status.get("recording")}
        told = self._ask(place, "DescribeConfigurationRecorders")
        for recorder in told.get("ConfigurationRecorders") or ():
            return Recording(
                recorder["name"] in on,
                recorder.get("recordingGroup") or {},
                recorder.get("recordingMode") or {},
                recorder.get("roleARN", ""),
                recorder["name"],
            )
        return OFF

    def _ask(self, place: Place, operation: str) -> dict[str, Any]:
        account, region = place
        return self._platform.call(SERVICE, "config", operation, {}, region=region, account=account)

    def _put(self, call: ApiCall) -> Mapping[str, Any]:
        recorder = call.params["ConfigurationRecorder"]
        mode = recorder.get("recordingMode") or {"recordingFrequency": CONTINUOUS}
        _check(mode)
        answer = self._platform.perform(call)
        self._kept.put(call.account, call.region, value={"mode": mode})
        self.forget((call.account, call.region))
        return answer

    def _switch(self, call: ApiCall) -> Mapping[str, Any]:
        """Switch it; known at once, so that whoever asks next finds the account recorded."""
        answer = self._platform.perform(call)
        self.forget((call.account, call.region))
        return answer

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        answer = self._platform.perform(call)
        self._kept.delete(call.account, call.region)
        self.forget((call.account, call.region))
        return answer

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        answer = self._platform.perform(call)
        kept = self._kept.get(call.account, call.region) or {}
        mode = kept.get("mode") or {"recordingFrequency": CONTINUOUS}
        place = f"arn:aws:config:{call.region}:{call.account}"
        recorders = [
            {
                **recorder,
                "arn": f"{place}:configuration-recorder/{recorder['name']}",
                "recordingMode": mode,
                "recordingScope": "PAID",
            }
            for recorder in answer.get("ConfigurationRecorders") or ()
        ]
        return {**answer, "ConfigurationRecorders": recorders}


def _check(mode: Document) -> None:
    """Raise ApiError for a mode that AWS does not take."""
    overrides = mode.get("recordingModeOverrides") or ()
    for one in (mode, *overrides):
        if one["recordingFrequency"] not in (CONTINUOUS, DAILY):
            raise _wrong(
                f"Value '{one['recordingFrequency']}' at "
                "'configurationRecorder.recordingMode.recordingFrequency' failed to satisfy "
                f"constraint: Member must satisfy enum value set: [{CONTINUOUS}, {DAILY}]"
            )
    if len(overrides) > 1:
        raise _wrong(
            "Value at 'configurationRecorder.recordingMode.recordingModeOverrides' failed to "
            "satisfy constraint: Member must have length less than or equal to 1"
        )
    named = [name for one in overrides for name in one["resourceTypes"]]
    always = [name for name in named if name in _ALWAYS]
    if always:
        raise _wrong(f"The recording frequency of {', '.join(always)} cannot be set.")


def _wrong(message: str) -> ApiError:
    return ApiError("ValidationException", f"1 validation error detected: {message}")
