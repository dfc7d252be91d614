"""Access points page by page, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 1000


def listed(found: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page; a token is the name after which the next one begins."""
    size = min(int(params.get("MaxResults") or _MOST), _MOST)
    after = str(params.get("NextToken") or "")
    left = [point for point in found if point["Name"] > after]
    page = left[:size]
    more = {"NextToken": page[-1]["Name"]} if len(left) > size and page else {}
    return {"AccessPointList": page, **more}
