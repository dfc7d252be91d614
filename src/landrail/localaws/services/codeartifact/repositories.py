"""Repositories of a domain: upstreams, policy, endpoint, tags."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codeartifact.domains import Domains
from landrail.localaws.services.codeartifact.policies import Policies
from landrail.localaws.store import Tables

PREFIX = "/codeartifact/"
Record = dict[str, Any]


class Repositories:
    """The repositories of all domains."""

    def __init__(self, endpoint: str, tables: Tables, domains: Domains) -> None:
        self._endpoint = endpoint
        self._table = tables.table("codeartifact.repositories")
        self._packages = tables.table("codeartifact.packages")
        self._domains = domains
        self._policies = Policies(self.need, self.keep)

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateRepository": self.create,
            "DescribeRepository": self.describe,
            "UpdateRepository": self.update,
            "DeleteRepository": self.delete,
            "ListRepositories": self.list,
            "ListRepositoriesInDomain": self.list_in_domain,
            "GetRepositoryEndpoint": self.endpoint,
            "PutRepositoryPermissionsPolicy": self._policies.put,
            "GetRepositoryPermissionsPolicy": self._policies.get,
            "DeleteRepositoryPermissionsPolicy": self._policies.delete,
            "TagResource": self.tag,
            "UntagResource": self.untag,
            "ListTagsForResource": self.tags,
        }

    def find(self, account: str, region: str, domain: str, name: str) -> Record | None:
        """Return a repository's record, or None."""
        record: Record | None = self._table.get(account, region, domain, name)
        return record

    def need(self, call: ApiCall) -> Record:
        """Return the record a call names; raises ResourceNotFoundException."""
        domain, name = self._domains.need(call), str(call.params["repository"])
        record = self.find(domain["owner"], call.region, domain["name"], name)
        if record is None:
            raise ApiError(
                "ResourceNotFoundException",
                f"Repository not found. Repository '{name}' in domain '{domain['name']}' does not "
                "exist.",
                404,
            )
        return record

    def keep(self, record: Record) -> None:
        """Write a record."""
        self._table.put(
            record["owner"], record["region"], record["domain"], record["name"], value=record
        )

    def chain(self, record: Record) -> Iterator[Record]:
        """Yield a repository and those it stands on, nearest first, each once."""
        waiting, seen = [record], set()
        while waiting:
            one = waiting.pop(0)
            if one["name"] in seen:
                continue
            seen.add(one["name"])
            yield one
            for name in one["upstreams"]:
                found = self.find(one["owner"], one["region"], one["domain"], name)
                if found is not None:
                    waiting.append(found)

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a repository."""
        domain, name = self._domains.need(call), str(call.params["repository"])
        if self.find(domain["owner"], call.region, domain["name"], name):
            raise ApiError(
                "ConflictException",
                f"Repository conflict. Repository '{name}' in domain '{domain['name']}' already "
                "exists.",
                409,
            )
        where = f"{call.region}:{domain['owner']}"
        record: Record = {
            "name": name,
            "domain": domain["name"],
            "owner": domain["owner"],
            "administrator": call.account,
            "region": call.region,
            "arn": f"arn:aws:codeartifact:{where}:repository/{domain['name']}/{name}",
            "description": call.params.get("description"),
            "upstreams": self._upstreams(call, domain),
            "created": time.time(),
            "tags": {one["key"]: one["value"] for one in call.params.get("tags") or []},
            "policy": None,
            "revision": None,
        }
        self.keep(record)
        return {"repository": shown(record)}

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe a repository."""
        return {"repository": shown(self.need(call))}

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Change description or upstreams."""
        record = dict(self.need(call))
        if "description" in call.params:
            record["description"] = call.params["description"]
        if "upstreams" in call.params:
            record["upstreams"] = self._upstreams(call, self._domains.need(call))
        self.keep(record)
        return {"repository": shown(record)}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a repository with its packages."""
        record = self.need(call)
        where = (record["owner"], record["region"], record["domain"], record["name"])
        for key, _ in list(self._packages.scan(*where)):
            self._packages.delete(*key)
        self._table.delete(*where)
        return {"repository": shown(record)}

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the repositories of the account and region."""
        return self._listed(call, (call.account, call.region))

    def list_in_domain(self, call: ApiCall) -> Mapping[str, Any]:
        """List the repositories of a domain."""
        domain = self._domains.need(call)
        return self._listed(call, (domain["owner"], domain["region"], domain["name"]))

    def endpoint(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the URL that package tools use."""
        record, kind = self.need(call), str(call.params["format"])
        if kind != "pypi":
            raise ApiError(
                "ValidationException", f"format {kind} is not supported by the local AWS: pypi"
            )
        place = f"{record['domain']}-{record['owner']}/{record['region']}"
        base = f"{call.endpoint or self._endpoint}{PREFIX}"
        return {"repositoryEndpoint": f"{base}{place}/pypi/{record['name']}/"}

    def tag(self, call: ApiCall) -> Mapping[str, Any]:
        """Set tags on a domain or repository."""
        record, keep = self._by_arn(call)
        given = {one["key"]: one["value"] for one in call.params["tags"]}
        keep({**record, "tags": {**record["tags"], **given}})
        return {}

    def untag(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove tags from a domain or repository."""
        (record, keep), gone = self._by_arn(call), set(call.params["tagKeys"])
        keep({**record, "tags": {k: v for k, v in record["tags"].items() if k not in gone}})
        return {}

    def tags(self, call: ApiCall) -> Mapping[str, Any]:
        """List the tags of a domain or repository."""
        tags = self._by_arn(call)[0]["tags"]
        return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}

    def _by_arn(self, call: ApiCall) -> tuple[Record, Any]:
        arn = str(call.params["resourceArn"])
        parts = arn.split(":", 5)
        kind, _, rest = parts[5].partition("/") if len(parts) == 6 else ("", "", "")
        if kind == "domain":
            record, keep = self._domains.find(parts[4], parts[3], rest), self._domains.keep
        else:
            domain, _, name = rest.partition("/")
            record, keep = self.find(parts[4], parts[3], domain, name) if name else None, self.keep
        if record is None:
            raise ApiError("ResourceNotFoundException", f"{arn} does not exist.", 404)
        return record, keep

    def _upstreams(self, call: ApiCall, domain: Record) -> Sequence[str]:
        names = [str(one["repositoryName"]) for one in call.params.get("upstreams") or []]
        for name in names:
            if self.find(domain["owner"], call.region, domain["name"], name) is None:
                raise ApiError(
                    "ResourceNotFoundException", f"Upstream repository '{name}' not found.", 404
                )
        return names

    def _listed(self, call: ApiCall, where: tuple[str, ...]) -> Mapping[str, Any]:
        prefix = str(call.params.get("repositoryPrefix") or "")
        names = ("name", "administratorAccount", "domainName", "domainOwner", "arn", "createdTime")
        shapes = [shown(record) for _, record in self._table.scan(*where)]
        return {
            "repositories": [
                {name: one[name] for name in names}
                for one in shapes
                if one["name"].startswith(prefix)
            ]
        }


def shown(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `RepositoryDescription`."""
    shape = {
        "name": record["name"],
        "administratorAccount": record["administrator"],
        "domainName": record["domain"],
        "domainOwner": record["owner"],
        "arn": record["arn"],
        "description": record["description"],
        "upstreams": [{"repositoryName": name} for name in record["upstreams"]],
        "externalConnections": [],
        "createdTime": datetime.fromtimestamp(record["created"], UTC),
    }
    return {name: value for name, value in shape.items() if value is not None}
