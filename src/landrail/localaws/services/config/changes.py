"""Which tables a completed call may have changed, where, and whose row.

A call of a service concerns all tables that name the service. Where it names a resource that is
recorded, and makes no new one, only that one is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from landrail.inventory import Table
from landrail.inventory.catalogue import tables
from landrail.localaws.api import ApiCall
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.backlog import Backlog
from landrail.localaws.services.config.recorders import CHANGING, Recorders
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Results
from landrail.localaws.services.config.sources import kinds, tables_of

_EVERYWHERE = ("iam", "s3", "s3control")
"""Services that are called in one region and change what is seen in another."""
_OBJECTS = ("Object", "Part", "MultipartUpload", "SelectObjectContent")
_MAKING = re.compile(
    r"(Create|Copy|Import|Run|Restore|Register|Request|Allocate|Start|Publish|Upload)"
)
_DATA = {
    "logs": re.compile(r"PutLogEvents|CreateLogStream|DeleteLogStream|StartQuery|StopQuery"),
    "sns": re.compile(r"Publish"),
    "sqs": re.compile(r"(Send|Delete|Receive|Change)Message"),
    "sagemaker": re.compile(r"BatchPutMetrics|PutRecord"),
    "ecr": re.compile(r"(Put|Initiate|Upload|Complete|BatchDelete).*(Image|Layer)"),
    "lambda": re.compile(r"Invoke"),
    "kms": re.compile(r"Encrypt|Decrypt|ReEncrypt|Generate|Sign|CreateGrant|RetireGrant"),
    "codebuild": re.compile(r"(Start|Stop|Retry)Build"),
    "codepipeline": re.compile(
        r"(Start|Stop)Pipeline|(Retry|Rollback|Override)Stage|Put(Approval|Job)|(Poll|Acknowledge)"
    ),
    "codeartifact": re.compile(r".*Package"),
}
"""Calls that change data, not the configuration of anything."""


class Changes:
    """Puts what may have changed on the backlog."""

    def __init__(
        self, results: Results, records: Records, recorders: Recorders, backlog: Backlog
    ) -> None:
        """Look where there are recorders, or rules."""
        self._results, self._records = results, records
        self._recorders, self._backlog = recorders, backlog

    def heard(self, call: ApiCall) -> None:
        """Take a call that succeeded."""
        if call.service == "config" and call.operation in CHANGING:
            self._recorder((call.account, call.region))
        if _is_data(call):
            return
        for table in _of_service().get(call.service, ()):
            for place in self._places(call):
                self._changed(place, table, call)

    def _recorder(self, place: Place) -> None:
        """Read everything anew: a recorder that is switched on has seen nothing of before."""
        self._recorders.forget(place)
        self._records.forget_reading(place)
        for rule in self._results.rules(*place):
            for table in tables_of(rule):
                self._backlog.changed(place, table)

    def _places(self, call: ApiCall) -> Iterator[Place]:
        for place in self._recorders.places():
            here = place[1] == call.region or call.service in _EVERYWHERE
            if place[0] == call.account and here:
                yield place

    def _changed(self, place: Place, table: Table, call: ApiCall) -> None:
        named = self._named(place, table, call)
        for resource_id in named:
            self._backlog.changed(place, table.name, resource_id)
        if not named:
            self._backlog.changed(place, table.name)

    def _named(self, place: Place, table: Table, call: ApiCall) -> list[str]:
        if table.one is None:
            return []
        if call.service == "s3" and table.resource_type == "AWS::S3::Bucket":
            return [str(call.params["Bucket"])] if call.params.get("Bucket") else []
        if _MAKING.match(call.operation):
            return []
        said = set(_texts(call.params))
        return [
            item["resourceId"]
            for kind in kinds(table)
            for item in self._records.all_of(place, kind)
            if said & {item["resourceId"], item["resourceName"], item["arn"]}
        ]


@cache
def _of_service() -> Mapping[str, tuple[Table, ...]]:
    found: dict[str, tuple[Table, ...]] = {}
    for table in tables().values():
        for service in table.services:
            found[service] = (*found.get(service, ()), table)
    return found


def _is_data(call: ApiCall) -> bool:
    if call.service == "s3":
        configured = "ObjectLockConfiguration" in call.operation
        return not configured and any(word in call.operation for word in _OBJECTS)
    data = _DATA.get(call.service)
    return data is not None and data.match(call.operation) is not None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
