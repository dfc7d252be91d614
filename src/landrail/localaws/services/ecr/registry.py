"""The registry as a whole: its policy and description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.ecr.repositories import json_object
from landrail.localaws.store import Tables


class Registry:
    """The operations on the registry of an account and region."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("ecr.registries")

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "DescribeRegistry": self.describe,
            "PutRegistryPolicy": self.put,
            "GetRegistryPolicy": self.get,
            "DeleteRegistryPolicy": self.delete,
            "GetRegistryScanningConfiguration": self.scanning,
        }

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe the registry; it replicates nothing."""
        return {"registryId": call.account, "replicationConfiguration": {"rules": []}}

    def scanning(self, call: ApiCall) -> Mapping[str, Any]:
        """Tell how the registry scans: by each repository's own setting, for it takes no rules."""
        return {
            "registryId": call.account,
            "scanningConfiguration": {"scanType": "BASIC", "rules": []},
        }

    def put(self, call: ApiCall) -> Mapping[str, Any]:
        """Set the registry's policy."""
        text = str(call.params["policyText"])
        json_object(text, "PolicyText")
        self._table.put(call.account, call.region, value={"policy": text})
        return {"registryId": call.account, "policyText": text}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the registry's policy."""
        found = self._table.get(call.account, call.region)
        if found is None:
            raise ApiError(
                "RegistryPolicyNotFoundException",
                f"Registry policy does not exist in the registry with id '{call.account}'",
            )
        return {"registryId": call.account, "policyText": found["policy"]}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove the registry's policy."""
        answer = self.get(call)
        self._table.delete(call.account, call.region)
        return answer
