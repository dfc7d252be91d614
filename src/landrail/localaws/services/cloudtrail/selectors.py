"""Which events a trail's selectors ask for: basic and advanced ones.

Source: CloudTrail API Reference, `EventSelector`, `AdvancedEventSelector` and `DataResource`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from landrail.localaws.trail import data_type

Entry = Mapping[str, Any]
_BROAD = ("arn:aws:s3", "arn:aws:lambda", "arn:aws:dynamodb")


def selected(entry: Entry, basic: Sequence[Entry], advanced: Sequence[Entry]) -> bool:
    """Say whether a trail with these selectors gets an event; without any, it gets management
    events alone."""
    if basic:
        return any(_basic(entry, selector) for selector in basic)
    if advanced:
        return any(_advanced(entry, selector) for selector in advanced)
    return data_type(entry) is None


def _basic(entry: Entry, selector: Entry) -> bool:
    wanted = selector.get("ReadWriteType", "All")
    if wanted != "All" and entry["readOnly"] != (wanted == "ReadOnly"):
        return False
    kind = data_type(entry)
    if kind is None:
        left_out = selector.get("ExcludeManagementEventSources") or ()
        included = selector.get("IncludeManagementEvents", True)
        return bool(included) and entry["eventSource"] not in left_out
    arns = _arns(entry)
    return any(
        resource.get("Type") == kind
        and any(_below(arn, str(v)) for v in resource.get("Values") or () for arn in arns)
        for resource in selector.get("DataResources") or ()
    )


def _below(arn: str, value: str) -> bool:
    return value.rstrip(":") in _BROAD or arn.startswith(value)


def _arns(entry: Entry) -> list[str]:
    """The ARNs of the resources; a bucket whose objects are listed counts as their prefix."""
    found = [str(resource["ARN"]) for resource in entry.get("resources", ())]
    return [f"{a}/" if a.startswith("arn:aws:s3:::") and "/" not in a else a for a in found]


def _advanced(entry: Entry, selector: Entry) -> bool:
    return all(_field(entry, field) for field in selector.get("FieldSelectors") or ())


def _field(entry: Entry, field: Entry) -> bool:
    reader = _FIELDS.get(str(field["Field"]))
    if reader is None:
        return False
    values = reader(entry)
    return all(
        test(values, tuple(str(v) for v in field[name]))
        for name, test in _TESTS.items()
        if field.get(name)
    )


_FIELDS: Mapping[str, Callable[[Entry], list[str]]] = {
    "eventCategory": lambda e: ["Management" if data_type(e) is None else "Data"],
    "eventName": lambda e: [str(e["eventName"])],
    "eventSource": lambda e: [str(e["eventSource"])],
    "eventType": lambda e: [str(e["eventType"])],
    "readOnly": lambda e: ["true" if e["readOnly"] else "false"],
    "resources.type": lambda e: [data_type(e) or ""],
    "resources.ARN": _arns,
    "userIdentity.arn": lambda e: [str(e["userIdentity"].get("arn") or "")],
    "sessionCredentialFromConsole": lambda _: ["false"],
}
_TESTS: Mapping[str, Callable[[list[str], tuple[str, ...]], bool]] = {
    "Equals": lambda found, given: any(f in given for f in found),
    "NotEquals": lambda found, given: not any(f in given for f in found),
    "StartsWith": lambda found, given: any(f.startswith(given) for f in found),
    "NotStartsWith": lambda found, given: not any(f.startswith(given) for f in found),
    "EndsWith": lambda found, given: any(f.endswith(given) for f in found),
    "NotEndsWith": lambda found, given: not any(f.endswith(given) for f in found),
}
