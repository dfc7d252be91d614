"""Notebook instances: records, without a machine behind them.

What is asked of them is kept and told, as an audit reads it; one is at once `InService` or
`Stopped`. To open one is refused: there is nothing to open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.names import here
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.roles import check_own
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.tables import Tables

_RUNS, _RESTS = "InService", "Stopped"
_CHANGES = (
    "InstanceType",
    "RootAccess",
    "VolumeSizeInGB",
    "DefaultCodeRepository",
    "IpAddressType",
)
_MORE_CHANGES = ("AdditionalCodeRepositories", "InstanceMetadataServiceConfiguration")
# How a parameter is called where the instance is described.
_TOLD = {
    "SecurityGroupIds": "SecurityGroups",
    "LifecycleConfigName": "NotebookInstanceLifecycleConfigName",
}
_USUAL: Mapping[str, Any] = {
    "DirectInternetAccess": "Enabled",
    "RootAccess": "Enabled",
    "VolumeSizeInGB": 5,
    "PlatformIdentifier": "notebook-al2-v2",
    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "1"},
}


class Notebooks:
    """The operations on notebook instances."""

    def __init__(self, tables: Tables, tags: Tags) -> None:
        self._notebooks = Records(tables, "notebook-instance")
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateNotebookInstance": self._create,
            "DescribeNotebookInstance": self._describe,
            "ListNotebookInstances": self._list,
            "UpdateNotebookInstance": self._update,
            "StartNotebookInstance": lambda call: self._turn(call, _RESTS, _RUNS),
            "StopNotebookInstance": lambda call: self._turn(call, _RUNS, _RESTS),
            "DeleteNotebookInstance": self._delete,
            "CreatePresignedNotebookInstanceUrl": self._url,
        }

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        check_own(call, params["RoleArn"])
        if params.get("SecurityGroupIds") and not params.get("SubnetId"):
            raise invalid("SecurityGroupIds can only be given with a SubnetId.")
        if params.get("DirectInternetAccess") == "Disabled" and not params.get("SubnetId"):
            raise invalid("DirectInternetAccess can only be disabled with a SubnetId.")
        place = here(call, "notebook-instance", params["NotebookInstanceName"])
        time = now()
        asked = {_TOLD.get(name, name): value for name, value in params.items() if name != "Tags"}
        document: Document = {
            **_USUAL,
            **asked,
            "NotebookInstanceArn": place.arn,
            "NotebookInstanceStatus": _RUNS,
            "Url": f"{place.name}.notebook.{call.region}.sagemaker.aws",
            "CreationTime": time,
            "LastModifiedTime": time,
        }
        if not self._notebooks.add(*place.key, document):
            raise invalid(
                f"Cannot create a duplicate notebook instance with the same name ({place.name})."
            )
        self._tags.put(place.arn, params.get("Tags", []))
        return {"NotebookInstanceArn": place.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeNotebookInstance", self._need(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._notebooks.all(call.account, call.region),
            call.params,
            name="NotebookInstanceName",
            status="NotebookInstanceStatus",
            answer="NotebookInstances",
        )
        return to_result("ListNotebookInstances", found)

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        params = to_document(call.params)
        if self._need(call)["NotebookInstanceStatus"] != _RESTS:
            raise invalid("Status (InService) not in ([Stopped, Failed]). Unable to transition.")
        if params.get("RoleArn") is not None:
            check_own(call, params["RoleArn"])
        name = params["NotebookInstanceName"]

        def change(document: Document) -> None:
            for member in (*_CHANGES, *_MORE_CHANGES, "RoleArn"):
                if params.get(member) is not None:
                    document[member] = params[member]
            if params.get("LifecycleConfigName"):
                document["NotebookInstanceLifecycleConfigName"] = params["LifecycleConfigName"]
            if params.get("DisassociateLifecycleConfig"):
                document.pop("NotebookInstanceLifecycleConfigName", None)
            document["LastModifiedTime"] = now()

        self._notebooks.change(call.account, call.region, name, change)
        return {}

    def _turn(self, call: ApiCall, before: str, after: str) -> Mapping[str, Any]:
        check(call)
        found = self._need(call)
        if found["NotebookInstanceStatus"] != before:
            status = found["NotebookInstanceStatus"]
            raise invalid(f"Status ({status}) not in ([{before}, Failed]). Unable to transition.")

        def change(document: Document) -> None:
            document["NotebookInstanceStatus"] = after
            document["LastModifiedTime"] = now()

        name = found["NotebookInstanceName"]
        self._notebooks.change(call.account, call.region, name, change)
        return {}

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self._need(call)
        if found["NotebookInstanceStatus"] != _RESTS:
            raise invalid("Status (InService) not in ([Stopped, Failed]). Unable to transition.")
        self._notebooks.delete(call.account, call.region, found["NotebookInstanceName"])
        self._tags.forget(found["NotebookInstanceArn"])
        return {}

    def _url(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        self._need(call)
        raise ApiError(
            "UnsupportedOperation",
            "The local AWS has no notebook to open (sagemaker:CreatePresignedNotebookInstanceUrl).",
            501,
        )

    def _need(self, call: ApiCall) -> Document:
        name = str(call.params["NotebookInstanceName"])
        found = self._notebooks.get(call.account, call.region, name)
        if found is None:
            raise invalid("RecordNotFound")
        return found
