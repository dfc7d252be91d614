"""Connections as records; the host that one leads to is a git remote that the user has chosen.

A connection is PENDING until `connections.json` of the state folder names a remote for it, as on
AWS until a person has signed in at the host. An ARN that stands in that file and is of no
connection here is told as one of the account that asks: so a definition can name the connection
that it uses on AWS. Hosts, repository links and sync configurations are not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.runtimes.remotes import RemoteError, Remotes
from landrail.localaws.store import Tables
from landrail.localaws.store.checking import checked

Record = dict[str, Any]
_MOST_TAGS = 50
_INVALID = "InvalidInputException"


class CodeConnections(Answering):
    """The connections of all accounts, under one of the service's two names."""

    owned = True

    def __init__(self, platform: Platform, tables: Tables, name: str) -> None:
        self.name = name
        self._table = tables.table("codeconnections.connections")
        self._remotes = Remotes(platform.state)
        self.doors: Mapping[str, Door] = {}
        found: Mapping[str, Operation] = {
            "CreateConnection": self.create,
            "GetConnection": self.get,
            "ListConnections": self.list_all,
            "DeleteConnection": self.delete,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }
        self.operations: Mapping[str, Operation] = {
            operation: checked(one, _INVALID) for operation, one in found.items()
        }

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a connection."""
        if call.params.get("HostArn"):
            raise _invalid("HostArn is not supported by the local AWS: ProviderType")
        if not call.params.get("ProviderType"):
            raise _invalid("Either ProviderType or HostArn must be given")
        name = str(call.params["ConnectionName"])
        if any(one["name"] == name for one in self._of(call)):
            message = f"A connection with the name {name} already exists"
            raise ApiError("ResourceAlreadyExistsException", message)
        arn = f"arn:aws:{self.name}:{call.region}:{call.account}:connection/{uuid.uuid4()}"
        record: Record = {
            "arn": arn,
            "name": name,
            "provider": call.params["ProviderType"],
            "account": call.account,
            "tags": {one["Key"]: one["Value"] for one in call.params.get("Tags") or []},
        }
        self._save(record)
        return {"ConnectionArn": arn, "Tags": _tags(record)}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe a connection."""
        return {"Connection": self._shape(self._need(call, "ConnectionArn"))}

    def list_all(self, call: ApiCall) -> Mapping[str, Any]:
        """List the connections of an account and region."""
        wanted = call.params.get("ProviderTypeFilter")
        if call.params.get("HostArnFilter"):
            return {"Connections": []}
        found = [one for one in self._of(call) if wanted in (None, one["provider"])]
        token = str(call.params.get("NextToken") or "0")
        if not token.isdigit():
            raise _invalid("NextToken is not one that was given")
        end = int(token) + (int(call.params.get("MaxResults") or 0) or 100)
        answer: Record = {"Connections": [self._shape(one) for one in found[int(token) : end]]}
        return {**answer, "NextToken": str(end)} if end < len(found) else answer

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a connection."""
        record = self._need(call, "ConnectionArn")
        _, region, account, place = _parts(record["arn"])
        self._table.delete(account, region, place)
        return {}

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Set tags."""
        record = self._need(call, "ResourceArn")
        given = {one["Key"]: one["Value"] for one in call.params["Tags"]}
        tags = {**record["tags"], **given}
        if len(tags) > _MOST_TAGS:
            raise ApiError("LimitExceededException", f"More than {_MOST_TAGS} tags")
        self._save({**record, "tags": tags})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove tags."""
        record, gone = self._need(call, "ResourceArn"), set(call.params["TagKeys"])
        kept = {key: value for key, value in record["tags"].items() if key not in gone}
        self._save({**record, "tags": kept})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """List tags."""
        return {"Tags": _tags(self._need(call, "ResourceArn"))}

    def _of(self, call: ApiCall) -> list[Record]:
        found = [record for _, record in self._table.scan(call.account, call.region)]
        return sorted(found, key=lambda one: str(one["name"]))

    def _need(self, call: ApiCall, member: str) -> Record:
        arn = str(call.params[member])
        _, region, account, place = _parts(arn)
        record: Record | None = self._table.get(account, region, place) if place else None
        if record is not None and record["arn"] == arn and account == call.account:
            return record
        if call.operation == "GetConnection" and arn in self._settings():
            return {"arn": arn, "name": place[-32:], "provider": None, "account": call.account}
        raise ApiError("ResourceNotFoundException", f"The connection {arn} was not found")

    def _settings(self) -> Mapping[str, str]:
        try:
            return self._remotes.settings()
        except RemoteError as error:
            raise ApiError("ResourceUnavailableException", str(error)) from error

    def _save(self, record: Record) -> None:
        _, region, account, place = _parts(record["arn"])
        self._table.put(account, region, place, value=record)

    def _shape(self, record: Record) -> Record:
        try:
            known = self._remotes.base(record["arn"], record["name"]) is not None
        except RemoteError as error:
            raise ApiError("ResourceUnavailableException", str(error)) from error
        shape = {
            "ConnectionName": record["name"],
            "ConnectionArn": record["arn"],
            "ProviderType": record["provider"],
            "OwnerAccountId": record["account"],
            "ConnectionStatus": "AVAILABLE" if known else "PENDING",
        }
        return {name: value for name, value in shape.items() if value is not None}


def _parts(arn: str) -> tuple[str, str, str, str]:
    """Return service, region, account and the connection's own part of an ARN."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("connection/"):
        return "", "", "", ""
    return parts[2], parts[3], parts[4], parts[5].removeprefix("connection/")


def _tags(record: Record) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (record.get("tags") or {}).items()]


def _invalid(message: str) -> ApiError:
    return ApiError(_INVALID, message)
