"""Model package groups and their resource policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.names import Place, here, place
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

KIND = "model-package-group"


class Groups:
    """The operations on groups."""

    def __init__(self, tables: Tables, tags: Tags) -> None:
        """Keep records in `tables`."""
        self._records = Records(tables, KIND)
        self._packages = Records(tables, "model-package")
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateModelPackageGroup": self._create,
            "DescribeModelPackageGroup": self._describe,
            "ListModelPackageGroups": self._list,
            "DeleteModelPackageGroup": self._delete,
            "PutModelPackageGroupPolicy": self._put_policy,
            "GetModelPackageGroupPolicy": self._get_policy,
            "DeleteModelPackageGroupPolicy": self._delete_policy,
        }

    def policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the policy in force on the ARN of a group or of one of its packages."""
        resource = arn.split(":", 5)[-1].split("/")
        if len(resource) < 2 or resource[0] not in (KIND, "model-package"):
            return None
        group = self._records.get(account, region, resource[1])
        return group.get("_policy") if group else None

    def get(self, group: Place) -> Document:
        """Return a group's record; raises ApiError."""
        found = self._records.get(*group.key)
        if found is None:
            raise invalid(f"ModelPackageGroup {group.arn} does not exist.")
        return found

    def next_version(self, group: Place) -> int:
        """Return the number of a group's next version; numbers are never used again."""
        versions: list[int] = []

        def change(document: Document) -> None:
            document["_versions"] = document.get("_versions", 0) + 1
            versions.append(document["_versions"])

        self._records.change(*group.key, change)
        if not versions:
            raise invalid(f"ModelPackageGroup {group.arn} does not exist.")
        return versions[0]

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        group = here(call, KIND, params["ModelPackageGroupName"])
        document: Document = {
            **{k: v for k, v in params.items() if k != "Tags"},
            "ModelPackageGroupArn": group.arn,
            "ModelPackageGroupStatus": "Completed",
            "CreationTime": now(),
            "CreatedBy": {},
        }
        if not self._records.add(*group.key, document):
            raise invalid(f"Model Package Group already exists: {group.arn}")
        self._tags.put(group.arn, params.get("Tags", []))
        return {"ModelPackageGroupArn": group.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self.get(_named(call))
        return to_result("DescribeModelPackageGroup", found)

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        # Those of others are listed once they are shared by RAM, which shares no groups here. A
        # policy that names roles makes a group known to nobody: on AWS neither.
        own = call.params.get("CrossAccountFilterOption", "SameAccount") == "SameAccount"
        found = page(
            self._records.all(call.account, call.region) if own else [],
            call.params,
            name="ModelPackageGroupName",
            answer="ModelPackageGroupSummaryList",
            order="Ascending",
        )
        return to_result("ListModelPackageGroups", found)

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        group = _named(call)
        self.get(group)
        packages = self._packages.all(group.account, group.region)
        if any(p.get("ModelPackageGroupName") == group.name for p in packages):
            raise invalid(
                f"Model Package Group cannot be deleted because it still contains Model Packages: "
                f"{group.arn}"
            )
        self._records.delete(*group.key)
        self._tags.forget(group.arn)
        return {}

    def _put_policy(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        group = _named(call)
        self.get(group)
        text = call.params["ResourcePolicy"]
        try:
            policy = json.loads(text)
        except ValueError as error:
            raise invalid(f"The resource policy is not JSON: {error}") from error
        statements = policy.get("Statement") if isinstance(policy, dict) else None
        if not statements:
            raise invalid("The resource policy has no Statement.")
        for statement in statements if isinstance(statements, list) else [statements]:
            if not isinstance(statement, dict) or "Principal" not in statement:
                raise invalid("Each statement of a resource policy needs a Principal.")
        self._records.change(*group.key, lambda d: d.update(_policy=text))
        return {"ModelPackageGroupArn": group.arn}

    def _get_policy(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        group = _named(call)
        found = self.get(group)
        if found.get("_policy") is None:
            raise invalid(f"Cannot find resource policy for: {group.arn}")
        return {"ResourcePolicy": found["_policy"]}

    def _delete_policy(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        group = _named(call)
        self.get(group)
        self._records.change(*group.key, lambda d: d.update(_policy=None))
        return {}


def _named(call: ApiCall) -> Place:
    return place(call, KIND, call.params["ModelPackageGroupName"])
