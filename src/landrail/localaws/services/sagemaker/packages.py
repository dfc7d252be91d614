"""Model packages: the numbered versions of a group, their approval, and who changed it.

An operation that names the group or package of another account by its ARN acts there; whether it
may was decided before it came here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Caller, Operation, Platform
from landrail.localaws.services.sagemaker.announcing import announce
from landrail.localaws.services.sagemaker.cards import check_card, updated
from landrail.localaws.services.sagemaker.groups import Groups
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

KIND = "model-package"
GROUP = "model-package-group"
_CREATED = (
    *("ModelPackageName", "ModelPackageGroupName", "ModelPackageDescription"),
    *("InferenceSpecification", "ModelApprovalStatus", "MetadataProperties", "ModelMetrics"),
    *("Domain", "Task", "SamplePayloadUrl", "CustomerMetadataProperties", "DriftCheckBaselines"),
    *("SkipModelValidation", "SourceUri", "CertifyForMarketplace", "ModelCard"),
    *("ModelLifeCycle", "AdditionalInferenceSpecifications"),
)
_UPDATED = (
    *("ModelPackageArn", "ModelApprovalStatus", "ApprovalDescription", "ModelCard"),
    *("CustomerMetadataProperties", "CustomerMetadataPropertiesToRemove", "SourceUri"),
    *("InferenceSpecification", "ModelLifeCycle", "AdditionalInferenceSpecificationsToAdd"),
)
_MOST_PROPERTIES, _MOST_SPECIFICATIONS = 50, 15


class Packages:
    """The operations on model packages."""

    def __init__(self, platform: Platform, tables: Tables, groups: Groups, tags: Tags) -> None:
        """Keep records in `tables`."""
        self._platform = platform
        self._records = Records(tables, KIND)
        self._groups = groups
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateModelPackage": self._create,
            "DescribeModelPackage": self._describe,
            "BatchDescribeModelPackage": self._describe_many,
            "UpdateModelPackage": self._update,
            "ListModelPackages": self._list,
            "DeleteModelPackage": self._delete,
        }

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _CREATED)
        params = to_document(call.params)
        if "ModelPackageName" in params and "ModelPackageGroupName" in params:
            raise invalid(
                "Both ModelPackageName and ModelPackageGroupName are provided in the input. "
                "Cannot determine which one to use."
            )
        if not {"ModelPackageName", "ModelPackageGroupName"} & set(params):
            raise invalid("Missing ARN.")
        if "ModelPackageGroupName" in params and params.get("Tags"):
            raise invalid("Tags are not supported for versioned model packages: tag the group.")
        check_card(params.get("ModelCard"))
        _check_specifications(params.get("AdditionalInferenceSpecifications", []))
        if not params.get("InferenceSpecification", {}).get("Containers"):
            raise invalid("An InferenceSpecification with Containers must be given.")
        package, members = self._numbered(call, params)
        time = now()
        document: Document = {
            **{k: v for k, v in params.items() if k != "Tags"},
            **members,
            "ModelPackageArn": package.arn,
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {
                "ValidationStatuses": [],
                "ImageScanStatuses": [],
            },
            "CreationTime": time,
            "LastModifiedTime": time,
            "CreatedBy": _person(call.caller),
        }
        for container in document["InferenceSpecification"]["Containers"]:
            digest = container["Image"].partition("@")[2]
            if digest:
                container.setdefault("ImageDigest", digest)
        if not self._records.add(*package.key, document):
            raise invalid(f"Model Package already exists: {package.arn}")
        self._tags.put(package.arn, params.get("Tags", []))
        announce(self._platform, package, document)
        return {"ModelPackageArn": package.arn}

    def _numbered(self, call: ApiCall, params: Document) -> tuple[Place, Document]:
        if "ModelPackageName" in params:
            if "ModelApprovalStatus" in params:
                raise invalid("ModelApprovalStatus is only for versions of a group.")
            return here(call, KIND, params["ModelPackageName"]), {}
        group = place(call, GROUP, params["ModelPackageGroupName"])
        version = self._groups.next_version(group)
        package = Place(group.account, group.region, KIND, f"{group.name}/{version}")
        return package, {
            "ModelPackageGroupName": group.name,
            "ModelPackageVersion": version,
            "ModelApprovalStatus": params.get("ModelApprovalStatus", "PendingManualApproval"),
        }

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self._find(call, call.params["ModelPackageName"])
        return to_result("DescribeModelPackage", found | _name(found))

    def _describe_many(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found, errors = {}, {}
        for arn in call.params["ModelPackageArnList"]:
            package = self._records.get(*place(call, KIND, arn).key)
            if package is None:
                errors[arn] = {
                    "ErrorCode": "ValidationException",
                    "ErrorResponse": f"ModelPackage {arn} does not exist.",
                }
            else:
                found[arn] = package
        return to_result(
            "BatchDescribeModelPackage",
            {"ModelPackageSummaries": found, "BatchDescribeModelPackageErrorMap": errors},
        )

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _UPDATED)
        params = to_document(call.params)
        package = place(call, KIND, params.pop("ModelPackageArn"))
        found = self._find(call, package.arn)
        if "ModelApprovalStatus" in params and "ModelPackageVersion" not in found:
            raise invalid("ModelApprovalStatus is only for versions of a group.")
        fields = sorted(set(call.params) - {"ModelPackageArn", "ClientToken"})
        removed = params.pop("CustomerMetadataPropertiesToRemove", [])
        added = params.pop("CustomerMetadataProperties", {})
        more = params.pop("AdditionalInferenceSpecificationsToAdd", [])
        given = params.pop("ModelCard", None)
        params.pop("ClientToken", None)

        def change(document: Document) -> None:
            document.update(params)
            kept = {**document.get("CustomerMetadataProperties", {}), **added}
            kept = {key: value for key, value in kept.items() if key not in removed}
            if len(kept) > _MOST_PROPERTIES:
                raise invalid(f"A model package has at most {_MOST_PROPERTIES} customer metadata.")
            document["CustomerMetadataProperties"] = kept
            if more:
                found = [*document.get("AdditionalInferenceSpecifications", []), *more]
                _check_specifications(found)
                document["AdditionalInferenceSpecifications"] = found
            if given is not None:
                document["ModelCard"] = updated(document.get("ModelCard", {}), given)
            document["LastModifiedTime"] = now()
            document["LastModifiedBy"] = _person(call.caller)

        changed = self._records.change(*package.key, change)
        if changed is not None:
            announce(self._platform, package, changed, fields)
        return {"ModelPackageArn": package.arn}

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        named = call.params.get("ModelPackageGroupName")
        group = place(call, GROUP, named) if named else None
        if group is not None:
            self._groups.get(group)
        kind = call.params.get("ModelPackageType", "Versioned" if group else "Unversioned")
        approval = call.params.get("ModelApprovalStatus")

        def keep(package: Document) -> bool:
            versioned = "ModelPackageVersion" in package
            if group is not None and package.get("ModelPackageGroupName") != group.name:
                return False
            if approval is not None and package.get("ModelApprovalStatus") != approval:
                return False
            return bool(kind == "Both" or versioned == (kind == "Versioned"))

        where = (group.account, group.region) if group else (call.account, call.region)
        found = page(
            [p | _name(p) for p in self._records.all(*where)],
            call.params,
            name="ModelPackageName",
            answer="ModelPackageSummaryList",
            order="Ascending",
            keep=keep,
        )
        return to_result("ListModelPackages", found)

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self._find(call, call.params["ModelPackageName"])
        self._records.delete(*place(call, KIND, call.params["ModelPackageName"]).key)
        self._tags.forget(found["ModelPackageArn"])
        return {}

    def _find(self, call: ApiCall, text: str) -> Document:
        package = place(call, KIND, text)
        found = self._records.get(*package.key)
        if found is None:
            raise invalid(f"ModelPackage {package.arn} does not exist.")
        return found


def _check_specifications(found: list[Document]) -> None:
    names = [one["Name"] for one in found]
    if len(set(names)) < len(names):
        raise invalid("The names of additional inference specifications must be unique.")
    if len(found) > _MOST_SPECIFICATIONS:
        raise invalid(
            f"A model package has at most {_MOST_SPECIFICATIONS} additional inference "
            "specifications."
        )


def _name(package: Document) -> Document:
    """Return the name that AWS shows: a version has that of its group."""
    return {"ModelPackageName": package.get("ModelPackageGroupName") or package["ModelPackageName"]}


def _person(caller: Caller) -> Document:
    return {"IamIdentity": {"Arn": caller.arn, "PrincipalId": caller.user_id or caller.arn}}
