"""The `List` operations: filters by name, status and time, order, and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from landrail.localaws.paging import place, token
from landrail.localaws.services.sagemaker.records import Document

_PAGE = 10
_WRONG = ("ValidationException", "The pagination token is not valid.")
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
    start = place(params.get("NextToken"), *_WRONG, of=answer)
    end = start + int(params.get("MaxResults", size))
    after = token(end, len(found), of=answer)
    return {answer: found[start:end]} | ({"NextToken": after} if after else {})


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
