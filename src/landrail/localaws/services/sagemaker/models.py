"""Models: an image and its data by name, or one version of a model package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.pulling import CannotPull, find
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.roles import check_own, enter
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

KIND = "model"
_APPROVED = "Approved"
_SUPPORTED = (
    *("ModelName", "PrimaryContainer", "Containers", "ExecutionRoleArn"),
    *("VpcConfig", "EnableNetworkIsolation", "InferenceExecutionConfig"),
)
_CONTAINER = ("Image", "ModelDataUrl", "Environment", "ModelPackageName", "ContainerHostname")
_CONTAINER_WORDS = (*_CONTAINER, "Mode", "ModelDataSource", "InferenceSpecificationName")


@dataclass(frozen=True, slots=True)
class Content:
    """What a model's container runs: image URI, URI of its data, variables."""

    image: str
    data: str | None
    environment: Mapping[str, str]


class Models:
    """The operations on models, and what endpoints and transform jobs ask of them."""

    def __init__(self, platform: Platform, tables: Tables, tags: Tags) -> None:
        """Keep records in `tables`."""
        self._platform = platform
        self._records = Records(tables, KIND)
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateModel": self._create,
            "DescribeModel": self._describe,
            "ListModels": self._list,
            "DeleteModel": self._delete,
        }

    def get(self, account: str, region: str, name: str) -> Document | None:
        """Return a model's record."""
        return self._records.get(account, region, name)

    def content(self, model: Document) -> Content:
        """Return what a model runs; a package's content was taken when the model was made."""
        image, data, environment = model["_content"]
        return Content(image, data, environment)

    def _content(self, call: ApiCall, container: Document) -> Content:
        package = container.get("ModelPackageName")
        if package is None:
            return Content(
                container["Image"],
                container.get("ModelDataUrl") or _data(container.get("ModelDataSource")),
                container.get("Environment", {}),
            )
        # Looked up as who makes the model: the execution role need not see the registry.
        described = self._platform.call(
            call.caller,
            "sagemaker",
            "DescribeModelPackage",
            {"ModelPackageName": package},
            region=call.region,
        )
        status = described.get("ModelApprovalStatus", _APPROVED)
        if status != _APPROVED:
            raise invalid(
                f"Model package {described['ModelPackageArn']} cannot be deployed: its "
                f"ModelApprovalStatus is {status}, and must be {_APPROVED}."
            )
        return packaged(described, container.get("Environment", {}))

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _SUPPORTED)
        params = to_document(call.params)
        model = here(call, KIND, params["ModelName"])
        role = params.get("ExecutionRoleArn")
        if not role:
            raise invalid("An ExecutionRoleArn is required.")
        check_own(call, role)
        container = _container(params)
        if self._records.get(*model.key) is not None:
            raise _taken(model)
        session = enter(self._platform, role, model.arn)
        content = self._content(call, container)
        try:
            find(self._platform, session.caller, content.image)
        except CannotPull as error:
            raise invalid(str(error)) from error
        document: Document = {
            **{k: v for k, v in params.items() if k not in ("Tags", "Containers")},
            "PrimaryContainer": container,
            "ModelArn": model.arn,
            "CreationTime": now(),
            "EnableNetworkIsolation": bool(params.get("EnableNetworkIsolation")),
            "_content": [content.image, content.data, dict(content.environment)],
        }
        if not self._records.add(*model.key, document):
            raise _taken(model)
        self._tags.put(model.arn, params.get("Tags", []))
        return {"ModelArn": model.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeModel", self._find(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self._records.all(call.account, call.region)
        return to_result("ListModels", page(found, call.params, name="ModelName", answer="Models"))

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        model = self._find(call)
        self._records.delete(call.account, call.region, model["ModelName"])
        self._tags.forget(model["ModelArn"])
        return {}

    def _find(self, call: ApiCall) -> Document:
        found = self._records.get(call.account, call.region, call.params["ModelName"])
        if found is None:
            arn = here(call, KIND, call.params["ModelName"]).arn
            raise invalid(f'Could not find model "{arn}".')
        return found


def packaged(described: Mapping[str, Any], environment: Mapping[str, str]) -> Content:
    """Return what a model package runs; its image is the one of its digest."""
    containers = (described.get("InferenceSpecification") or {}).get("Containers") or []
    if len(containers) != 1:
        raise invalid("The local AWS serves model packages with exactly one container.")
    container = containers[0]
    return Content(
        container["Image"],
        container.get("ModelDataUrl") or _data(container.get("ModelDataSource")),
        {**container.get("Environment", {}), **environment},
    )


def _container(params: Document) -> Document:
    listed = [params["PrimaryContainer"]] if "PrimaryContainer" in params else []
    listed += params.get("Containers", [])
    if len(listed) != 1:
        raise invalid(
            "The local AWS serves models of one container: give PrimaryContainer, or one of "
            "Containers."
        )
    container: Document = listed[0]
    unknown = sorted(set(container) - set(_CONTAINER_WORDS))
    if unknown or container.get("Mode", "SingleModel") != "SingleModel":
        raise invalid(f"The local AWS does not support {', '.join(unknown) or 'this Mode'}.")
    if ("Image" in container) == ("ModelPackageName" in container):
        raise invalid("A container needs either an Image or a ModelPackageName.")
    return container


def _data(source: Mapping[str, Any] | None) -> str | None:
    if source is None:
        return None
    place = source.get("S3DataSource") or {}
    if place.get("CompressionType") != "Gzip":
        raise invalid("The local AWS reads model data of CompressionType Gzip only.")
    return str(place["S3Uri"])


def _taken(model: Place) -> ApiError:
    return invalid(f'Cannot create already existing model "{model.arn}".')
