"""The `List` operations: filters by name, status and time, order, and pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.services.sagemaker.validation import invalid

_PAGE = 10
_TIMES = {
    "CreationTimeAfter": ("CreationTime", 1),
    "CreationTimeBefore": ("CreationTime", -1),
    "LastModifiedTimeAfter": ("LastModifiedTime", 1),
    "LastModifiedTimeBefore": ("LastModifiedTime", -1),
}


def page(
    documents: Iterable[Document],
    params: Mapping[str, Any],
    *,
    name: str,
    answer: str,
    status: str | None = None,
    order: str = "Descending",
    size: int = _PAGE,
    keep: Callable[[Document], bool] | None = None,
) -> dict[str, Any]:
    """Return one page as `{answer: [...], NextToken}`; `name` and `status` are members of the
    documents, `order` and `size` what the operation does where it is not told."""
    found = [d for d in documents if _wanted(d, params, name, status) and (not keep or keep(d))]
    sort_by = params.get("SortBy", "CreationTime")
    members = {"Name": name, "Status": status or name}
    member = members.get(sort_by, sort_by)
    found.sort(
        key=lambda d: (d.get(member) or 0 if "Time" in member else str(d.get(member)), d[name]),
        reverse=params.get("SortOrder", order) == "Descending",
    )
    start = _offset(params.get("NextToken"))
    end = start + int(params.get("MaxResults", size))
    result: dict[str, Any] = {answer: found[start:end]}
    if end < len(found):
        result["NextToken"] = base64.urlsafe_b64encode(f"page {end}".encode()).decode()
    return result


def _wanted(document: Document, params: Mapping[str, Any], name: str, status: str | None) -> bool:
    if params.get("NameContains", "").lower() not in document[name].lower():
        return False
    if "StatusEquals" in params and document.get(status or "") != params["StatusEquals"]:
        return False
    for parameter, (member, sign) in _TIMES.items():
        limit = params.get(parameter)
        if limit is not None and sign * (document.get(member, 0) - _seconds(limit)) <= 0:
            return False
    return True


def _seconds(value: Any) -> float:
    return value.timestamp() if isinstance(value, datetime) else float(value)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        word, _, number = base64.urlsafe_b64decode(token).decode().partition(" ")
        if word == "page":
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise invalid("The pagination token is not valid.")
