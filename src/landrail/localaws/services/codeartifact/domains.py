"""Domains: the roof over repositories, with a policy for other accounts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codeartifact.policies import Policies
from landrail.localaws.store import Tables

NAME = re.compile(r"[a-z][a-z0-9\-]{0,48}[a-z0-9]")
Record = dict[str, Any]


class Domains:
    """The domains of all accounts."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("codeartifact.domains")
        self._repositories = tables.table("codeartifact.repositories")
        self._policies = Policies(self.need, self.keep)

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateDomain": self.create,
            "DescribeDomain": self.describe,
            "DeleteDomain": self.delete,
            "ListDomains": self.list,
            "PutDomainPermissionsPolicy": self._policies.put,
            "GetDomainPermissionsPolicy": self._policies.get,
            "DeleteDomainPermissionsPolicy": self._policies.delete,
        }

    def find(self, owner: str, region: str, name: str) -> Record | None:
        """Return a domain's record, or None."""
        record: Record | None = self._table.get(owner, region, name)
        return record

    def need(self, call: ApiCall) -> Record:
        """Return the record a call names; raises ResourceNotFoundException."""
        name = str(call.params["domain"])
        record = self.find(owner(call), call.region, name)
        if record is None:
            raise ApiError(
                "ResourceNotFoundException",
                f"Domain not found. Domain '{name}' owned by account '{owner(call)}' does not "
                "exist.",
                404,
            )
        return record

    def keep(self, record: Record) -> None:
        """Write a record."""
        self._table.put(record["owner"], record["region"], record["name"], value=record)

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a domain."""
        name = str(call.params["domain"])
        if not NAME.fullmatch(name):
            raise ApiError("ValidationException", f"The domain name {name!r} is not valid")
        if self.find(call.account, call.region, name):
            raise ApiError(
                "ConflictException",
                f"Domain conflict. Domain '{name}' owned by account '{call.account}' already "
                "exists.",
                409,
            )
        key = call.params.get("encryptionKey")
        record: Record = {
            "name": name,
            "owner": call.account,
            "region": call.region,
            "arn": f"arn:aws:codeartifact:{call.region}:{call.account}:domain/{name}",
            "created": time.time(),
            "key": key or f"arn:aws:kms:{call.region}:{call.account}:alias/aws/codeartifact",
            "tags": {one["key"]: one["value"] for one in call.params.get("tags") or []},
            "policy": None,
            "revision": None,
        }
        self.keep(record)
        return {"domain": self._shown(record)}

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe a domain."""
        return {"domain": self._shown(self.need(call))}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a domain without repositories; one that is not there is no error."""
        name = str(call.params["domain"])
        record = self.find(owner(call), call.region, name)
        if record is None:
            return {}
        if self._count(record):
            raise ApiError(
                "ConflictException",
                f"Domain conflict. Domain '{name}' still has repositories.",
                409,
            )
        self._table.delete(record["owner"], record["region"], name)
        return {"domain": self._shown({**record, "deleted": True})}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the domains of the account and region."""
        names = ("name", "owner", "arn", "status", "createdTime", "encryptionKey")
        shapes = [self._shown(record) for _, record in self._table.scan(call.account, call.region)]
        return {"domains": [{name: one[name] for name in names} for one in shapes]}

    def _count(self, record: Record) -> int:
        where = (record["owner"], record["region"], record["name"])
        return sum(1 for _ in self._repositories.scan(*where))

    def _shown(self, record: Record) -> dict[str, Any]:
        return {
            "name": record["name"],
            "owner": record["owner"],
            "arn": record["arn"],
            "status": "Deleted" if record.get("deleted") else "Active",
            "createdTime": datetime.fromtimestamp(record["created"], UTC),
            "encryptionKey": record["key"],
            "repositoryCount": self._count(record),
        }


def owner(call: ApiCall) -> str:
    """Return the account that owns the domain a call names."""
    return str(call.params.get("domainOwner") or call.account)
