"""Accounts, as Config sees them in a region: whether everything is recorded, and delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask
from landrail.inventory.table import Column, Row, Table

_ALL = "ALL_SUPPORTED_RESOURCE_TYPES"


def _collect(ask: Ask) -> Iterator[Row]:
    recorders = ask("config", "DescribeConfigurationRecorders").get("ConfigurationRecorders") or ()
    statuses = ask("config", "DescribeConfigurationRecorderStatus").get(
        "ConfigurationRecordersStatus"
    )
    channels = ask("config", "DescribeDeliveryChannels").get("DeliveryChannels") or ()
    running = {status["name"] for status in statuses or () if status.get("recording")}
    on = [recorder for recorder in recorders if recorder["name"] in running]
    yield {
        **account_row(ask),
        "recorder": bool(recorders),
        "recording": bool(on),
        "all_types": any(map(_records_all, recorders)),
        "global_types": any(map(_records_global, recorders)),
        "delivery": bool(channels),
        "configuration": {"recorders": [dict(recorder) for recorder in recorders]},
    }


def _records_all(recorder: Mapping[str, Any]) -> bool:
    group = recorder.get("recordingGroup") or {}
    only = (group.get("recordingStrategy") or {}).get("useOnly")
    return bool(group.get("allSupported")) or only == _ALL


def _records_global(recorder: Mapping[str, Any]) -> bool:
    group = recorder.get("recordingGroup") or {}
    return bool(group.get("includeGlobalResourceTypes"))


TABLE = Table(
    name="accounts_config",
    resource_type="AWS::::Account",
    services=("config",),
    columns=(
        Column("recorder", "boolean", "whether it has a recorder"),
        Column("recording", "boolean", "whether that is on"),
        Column("all_types", "boolean", "whether the recorder is to record all types of resources"),
        Column("global_types", "boolean", "whether the recorder is to record IAM's too"),
        Column("delivery", "boolean", "whether it delivers what is recorded"),
    ),
    collect=_collect,
    reads=(
        "config:DescribeConfigurationRecorderStatus",
        "config:DescribeConfigurationRecorders",
        "config:DescribeDeliveryChannels",
    ),
)
