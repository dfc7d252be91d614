"""Repository records: settings, tags, policies; and the settings of the registry itself."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.ecr.images import Images
from landrail.localaws.store import Tables

NAME = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")
MUTABILITY = ("MUTABLE", "IMMUTABLE")
Record = dict[str, Any]


class Repositories:
    """The repositories of all accounts and the operations on their records."""

    def __init__(self, tables: Tables, images: Images) -> None:
        self._table = tables.table("ecr.repositories")
        self._images = images

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateRepository": self.create,
            "DescribeRepositories": self.describe,
            "DeleteRepository": self.delete,
            "PutImageTagMutability": self.put_mutability,
            "PutImageScanningConfiguration": self.put_scanning,
            "SetRepositoryPolicy": self.set_policy,
            "GetRepositoryPolicy": self.get_policy,
            "DeleteRepositoryPolicy": self.delete_policy,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }

    def find(self, account: str, region: str, name: str) -> Record | None:
        """Return a repository's record, or None."""
        record: Record | None = self._table.get(account, region, name)
        return record

    def need(self, account: str, region: str, name: str) -> Record:
        """Return a repository's record; raises RepositoryNotFoundException."""
        record = self.find(account, region, name)
        if record is None:
            raise ApiError(
                "RepositoryNotFoundException",
                f"The repository with name '{name}' does not exist in the registry with id "
                f"'{account}'",
            )
        return record

    def asked(self, call: ApiCall) -> Record:
        """Return the record a call names, in the registry it names."""
        return self.need(registry(call), call.region, str(call.params["repositoryName"]))

    def keep(self, record: Record) -> None:
        """Write a record."""
        self._table.put(record["account"], record["region"], record["name"], value=record)

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a repository."""
        name, account = str(call.params["repositoryName"]), registry(call)
        if not NAME.fullmatch(name) or not 2 <= len(name) <= 256:
            raise ApiError(
                "InvalidParameterException",
                f"Invalid parameter at 'repositoryName': {name!r} must satisfy '{NAME.pattern}'",
            )
        if self.find(account, call.region, name):
            raise ApiError(
                "RepositoryAlreadyExistsException",
                f"The repository with name '{name}' already exists in the registry with id "
                f"'{account}'",
            )
        if call.params.get("imageTagMutabilityExclusionFilters"):
            raise ApiError(
                "InvalidParameterException",
                "imageTagMutabilityExclusionFilters are not supported by the local AWS",
            )
        record: Record = {
            "name": name,
            "account": account,
            "region": call.region,
            "arn": f"arn:aws:ecr:{call.region}:{account}:repository/{name}",
            "created": time.time(),
            "mutability": _mutability(call.params.get("imageTagMutability") or "MUTABLE"),
            "scan": bool((call.params.get("imageScanningConfiguration") or {}).get("scanOnPush")),
            "encryption": call.params.get("encryptionConfiguration")
            or {"encryptionType": "AES256"},
            "tags": {one["Key"]: one["Value"] for one in call.params.get("tags") or []},
            "policy": None,
            "lifecycle": None,
        }
        self.keep(record)
        return {"repository": shown(record)}

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe the named repositories, or all."""
        account, names = registry(call), call.params.get("repositoryNames")
        if names:
            records = [self.need(account, call.region, str(name)) for name in names]
        else:
            records = [record for _, record in self._table.scan(account, call.region)]
        page, more = paged(call, [shown(record) for record in records])
        return {"repositories": page, **more}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a repository; one with images only by force."""
        record = self.asked(call)
        if self._images.count(record) and not call.params.get("force"):
            raise ApiError(
                "RepositoryNotEmptyException",
                f"The repository with name '{record['name']}' in registry with id "
                f"'{record['account']}' cannot be deleted because it still contains images",
            )
        self._images.drop(record)
        self._table.delete(record["account"], record["region"], record["name"])
        return {"repository": shown(record)}

    def put_mutability(self, call: ApiCall) -> Mapping[str, Any]:
        """Choose whether a tag may be moved."""
        record = {
            **self.asked(call),
            "mutability": _mutability(str(call.params["imageTagMutability"])),
        }
        self.keep(record)
        return {**_names(record), "imageTagMutability": record["mutability"]}

    def put_scanning(self, call: ApiCall) -> Mapping[str, Any]:
        """Choose whether images are to be scanned on push (the local AWS scans none)."""
        wanted = bool(call.params["imageScanningConfiguration"].get("scanOnPush"))
        record = {**self.asked(call), "scan": wanted}
        self.keep(record)
        return {**_names(record), "imageScanningConfiguration": {"scanOnPush": wanted}}

    def set_policy(self, call: ApiCall) -> Mapping[str, Any]:
        """Set the repository's resource policy."""
        text = str(call.params["policyText"])
        json_object(text, "PolicyText")
        record = {**self.asked(call), "policy": text}
        self.keep(record)
        return {**_names(record), "policyText": text}

    def get_policy(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the repository's resource policy."""
        record = self.asked(call)
        return {**_names(record), "policyText": _policy(record)}

    def delete_policy(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove the repository's resource policy."""
        record = self.asked(call)
        text = _policy(record)
        self.keep({**record, "policy": None})
        return {**_names(record), "policyText": text}

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Set tags on a repository."""
        record = self._by_arn(call)
        given = {one["Key"]: one["Value"] for one in call.params["tags"]}
        self.keep({**record, "tags": {**record["tags"], **given}})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove tags from a repository."""
        record, gone = self._by_arn(call), set(call.params["tagKeys"])
        kept = {key: value for key, value in record["tags"].items() if key not in gone}
        self.keep({**record, "tags": kept})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """List the tags of a repository."""
        tags = self._by_arn(call)["tags"]
        return {"tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _by_arn(self, call: ApiCall) -> Record:
        arn = str(call.params["resourceArn"])
        parts = arn.split(":", 5)
        if len(parts) != 6 or not parts[5].startswith("repository/"):
            raise ApiError("InvalidParameterException", f"Invalid parameter: {arn} is no ARN here")
        return self.need(parts[4], parts[3], parts[5].removeprefix("repository/"))


def registry(call: ApiCall) -> str:
    """Return the registry a call speaks of: the one it names, or its own."""
    return str(call.params.get("registryId") or call.account)


def paged(call: ApiCall, items: list[Any]) -> tuple[list[Any], dict[str, str]]:
    """Return a page of a list, and the token of the next one."""
    start = int(call.params.get("nextToken") or 0)
    size = int(call.params.get("maxResults") or 1000)
    more = {"nextToken": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], more


def json_object(text: str, what: str) -> dict[str, Any]:
    """Return a JSON object; raises InvalidParameterException."""
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise ApiError(
            "InvalidParameterException", f"Invalid parameter at '{what}': not JSON: {wrong}"
        ) from wrong
    if not isinstance(found, dict):
        raise ApiError("InvalidParameterException", f"Invalid parameter at '{what}': not an object")
    return found


def shown(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `Repository`."""
    host = f"{record['account']}.dkr.ecr.{record['region']}.amazonaws.com"
    return {
        "repositoryArn": record["arn"],
        "registryId": record["account"],
        "repositoryName": record["name"],
        "repositoryUri": f"{host}/{record['name']}",
        "createdAt": datetime.fromtimestamp(record["created"], UTC),
        "imageTagMutability": record["mutability"],
        "imageScanningConfiguration": {"scanOnPush": record["scan"]},
        "encryptionConfiguration": record["encryption"],
    }


def _names(record: Record) -> dict[str, str]:
    return {"registryId": record["account"], "repositoryName": record["name"]}


def _policy(record: Record) -> str:
    if record["policy"] is None:
        raise ApiError(
            "RepositoryPolicyNotFoundException",
            f"Repository policy does not exist for the repository with name '{record['name']}' in "
            f"the registry with id '{record['account']}'",
        )
    return str(record["policy"])


def _mutability(value: str) -> str:
    if value not in MUTABILITY:
        raise ApiError(
            "InvalidParameterException",
            f"imageTagMutability {value} is not supported here: {', '.join(MUTABILITY)}",
        )
    return value
