"""Trails that see an account, also its organization's, and what each of them records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.inventory.ask import Ask, Once

_S3_OBJECTS = "AWS::S3::Object"
_ALL_BUCKETS = ("arn:aws:s3", "arn:aws:s3:::")
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail: what CloudTrail describes of it, whether it logs, and its event selectors."""

    described: Mapping[str, Any]
    logging: bool
    selectors: Sequence[Mapping[str, Any]]
    advanced: Sequence[Mapping[str, Any]]

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.described["TrailARN"])

    @property
    def management(self) -> str:
        """Which management events it records: `All`, `ReadOnly`, `WriteOnly` or nothing."""
        kinds = {
            selector.get("ReadWriteType", "All")
            for selector in self.selectors
            if selector.get("IncludeManagementEvents", True)
        }
        kinds |= {_read_write(fields) for fields in map(_fields, self.advanced) if _manages(fields)}
        if "All" in kinds or {"ReadOnly", "WriteOnly"} <= kinds:
            return "All"
        return next(iter(kinds), _NOBODY)

    @property
    def complete(self) -> bool:
        """Whether it leaves out no service's management events."""
        left_out = any(s.get("ExcludeManagementEventSources") for s in self.selectors)
        return not left_out and not any(
            "NotEquals" in (fields.get("eventSource") or {})
            for fields in map(_fields, self.advanced)
            if _manages(fields)
        )

    @property
    def object_buckets(self) -> tuple[str, ...]:
        """The buckets whose objects' events it records; `*` for all."""
        return tuple(sorted({*self._classic_buckets(), *self._advanced_buckets()}))

    def _classic_buckets(self) -> Iterator[str]:
        for selector in self.selectors:
            for resource in selector.get("DataResources") or ():
                if resource.get("Type") == _S3_OBJECTS:
                    for value in resource.get("Values") or ():
                        yield "*" if value in _ALL_BUCKETS else _bucket(value)

    def _advanced_buckets(self) -> Iterator[str]:
        for fields in map(_fields, self.advanced):
            if _S3_OBJECTS in (fields.get("resources.type") or {}).get("Equals", ()):
                where = fields.get("resources.ARN")
                if where is None:
                    yield "*"
                else:
                    given = (*where.get("StartsWith", ()), *where.get("Equals", ()))
                    yield from (_bucket(value) for value in given)


def trails(ask: Ask) -> Iterator[Trail]:
    """Yield the trails that see an account in a region; raises Refused."""
    once = Once(ask)
    for found in once("cloudtrail", "DescribeTrails", includeShadowTrails=True)["trailList"]:
        arn = found["TrailARN"]
        status = once("cloudtrail", "GetTrailStatus", Name=arn)
        told = once("cloudtrail", "GetEventSelectors", TrailName=arn)
        yield Trail(
            found,
            bool(status.get("IsLogging")),
            told.get("EventSelectors") or (),
            told.get("AdvancedEventSelectors") or (),
        )


def _fields(selector: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["Field"]: one for one in selector.get("FieldSelectors") or ()}


def _manages(fields: Mapping[str, Mapping[str, Any]]) -> bool:
    return "Management" in (fields.get("eventCategory") or {}).get("Equals", ())


def _read_write(fields: Mapping[str, Mapping[str, Any]]) -> str:
    said = (fields.get("readOnly") or {}).get("Equals")
    return "All" if said is None else "ReadOnly" if "true" in said else "WriteOnly"


def _bucket(arn: str) -> str:
    return arn.rsplit(":", 1)[-1].split("/")[0]
