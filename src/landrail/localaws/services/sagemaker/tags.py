"""Tags of any SageMaker resource, by its ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

_MOST = 50


class Tags:
    """The tags kept, and the operations on them."""

    def __init__(self, tables: Tables) -> None:
        """Keep them in the table `sagemaker.tags`."""
        self._table = tables.table("sagemaker.tags")

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {"AddTags": self._add, "ListTags": self._list, "DeleteTags": self._delete}

    def of(self, arn: str) -> dict[str, str]:
        """Return the tags of a resource."""
        return dict(self._table.get(arn) or {})

    def put(self, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
        """Add tags to a resource; raises ApiError for one that AWS reserves."""
        added = {tag["Key"]: tag["Value"] for tag in tags}
        if any(key.lower().startswith("aws:") for key in added):
            raise invalid("Tag keys that start with `aws:` are reserved.")
        if not added:
            return
        merged = self.of(arn) | added
        if len(merged) > _MOST:
            raise invalid(f"A resource has at most {_MOST} tags.")
        self._table.put(arn, value=merged)

    def forget(self, arn: str) -> None:
        """Drop the tags of a resource that is gone."""
        self._table.delete(arn)

    def _add(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        self.put(call.params["ResourceArn"], call.params["Tags"])
        return {"Tags": _listed(self.of(call.params["ResourceArn"]))}

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return {"Tags": _listed(self.of(call.params["ResourceArn"]))}

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        arn = call.params["ResourceArn"]
        left = {k: v for k, v in self.of(arn).items() if k not in call.params["TagKeys"]}
        self._table.put(arn, value=left)
        return {}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
