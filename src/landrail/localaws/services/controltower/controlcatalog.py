"""The Control Catalog: what controls there are, for those that the local Control Tower offers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, Door, Operation
from landrail.localaws.services.controltower.catalogue import (
    POLICY,
    RULE,
    Control,
    controls,
    find_control,
)
from landrail.localaws.services.controltower.records import Document, missing, paged


class ControlCatalog(Answering):
    """The service."""

    name = "controlcatalog"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self) -> None:
        self.operations: Mapping[str, Operation] = {
            "ListControls": self.list,
            "GetControl": self.get,
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the controls that a filter lets through."""
        only = (call.params.get("Filter") or {}).get("Implementations") or {}
        found = []
        for control in controls().values():
            shown = _summary(control)
            implementation = shown["Implementation"]
            tests = (
                (only.get("Types"), implementation["Type"]),
                (only.get("Identifiers"), implementation.get("Identifier")),
            )
            if all(wanted is None or value in wanted for wanted, value in tests):
                found.append(shown)
        return paged(found, call.params, "Controls")

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return one control."""
        arn = str(call.params["ControlArn"])
        control = find_control(arn)
        if control is None:
            raise missing(f"Control {arn} does not exist.")
        scope = "REGIONAL" if control.rule else "GLOBAL"
        region: Document = {"Scope": scope}
        if control.rule:
            region["DeployableRegions"] = [call.region]
        return {**_summary(control), "RegionConfiguration": region}


def _summary(control: Control) -> Document:
    implementation = (
        {"Type": RULE, "Identifier": control.rule} if control.rule else {"Type": POLICY}
    )
    return {
        "Arn": control.arn,
        "Aliases": [control.alias],
        "Name": control.title,
        "Description": control.title,
        "Behavior": control.behavior,
        "Severity": control.severity,
        "Implementation": implementation,
    }
