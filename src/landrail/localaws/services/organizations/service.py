"""The operations of Organizations on policies and their types, as AWS answers them; the store keeps
what they change, and everything else of Organizations is the store's alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Completed, Door, Operation, Platform
from landrail.localaws.services.organizations.content import check_content
from landrail.localaws.services.organizations.kinds import KINDS
from landrail.localaws.services.organizations.quotas import most
from landrail.localaws.store import Blobs, Tables, effective_policy

_AWS_OWN = "p-RCPFullAWSAccess"
_SCP = "SERVICE_CONTROL_POLICY"


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Organizations:
    """Return the service."""
    del blobs
    return Organizations(platform, tables)


class Organizations(Answering):
    """Policies by type."""

    name = "organizations"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._changed = tables.table("organizations.changed")
        self.operations: Mapping[str, Operation] = {
            "CreatePolicy": self._create,
            "UpdatePolicy": self._update,
            "AttachPolicy": self._attach,
            "DetachPolicy": self._detach,
            "DisablePolicyType": self._disable,
            "DescribeEffectivePolicy": self._effective,
        }

    def completed(self, event: Completed) -> None:
        """Remember when the organization last changed: so old is every effective policy."""
        if event.call.service == self.name:
            self._changed.put("last", value=time.time())

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        kind = str(call.params["Type"])
        if kind not in KINDS:
            raise ApiError("InvalidInputException", "You specified an invalid value.")
        check_content(kind, str(call.params["Content"]))
        return self._platform.perform(call)

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        found = self._policy(call)
        if found["AwsManaged"]:
            raise _constraint("PolicyInUseException", "AWS's own policies cannot be changed.", None)
        if call.params.get("Content") is not None:
            check_content(found["Type"], str(call.params["Content"]))
        return self._platform.perform(call)

    def _attach(self, call: ApiCall) -> Mapping[str, Any]:
        found = self._policy(call)
        kind, target = str(found["Type"]), str(call.params["TargetId"])
        attached = self._attached(call, target, kind)
        if kind not in self._enabled(call):
            raise ApiError(
                "PolicyTypeNotEnabledException",
                "This operation can be performed only for enabled policy types.",
            )
        if found["Id"] in attached:
            raise ApiError(
                "DuplicatePolicyAttachmentException",
                "A policy with the specified name and type is already attached to the specified "
                "target.",
            )
        if len(attached) >= most(self._platform.state, kind):
            raise _constraint(
                "ConstraintViolationException",
                "You have attached the maximum number of policies to the specified target.",
                "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            )
        return self._platform.perform(call)

    def _detach(self, call: ApiCall) -> Mapping[str, Any]:
        found = self._policy(call)
        attached = self._attached(call, str(call.params["TargetId"]), str(found["Type"]))
        if found["Id"] not in attached:
            raise ApiError(
                "PolicyNotAttachedException",
                "The policy isn't attached to the specified target in the specified root.",
            )
        if found["Id"] == _AWS_OWN:
            raise _constraint(
                "ConstraintViolationException",
                "RCPFullAWSAccess is attached to every target as long as resource control policies "
                "are enabled.",
                "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            )
        if found["Type"] == _SCP and len(attached) == 1 and _SCP in self._enabled(call):
            raise _constraint(
                "ConstraintViolationException",
                "You cannot remove the last policy attached to the specified target. You must have "
                "at least one attached at all times.",
                "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            )
        return self._platform.perform(call)

    def _disable(self, call: ApiCall) -> Mapping[str, Any]:
        """A type that is disabled lets go of all that was attached; when it is enabled again, only
        AWS's own policies are back."""
        answer = self._platform.perform(call)
        kind = str(call.params["PolicyType"])
        for policy in self._all(call, "ListPolicies", "Policies", Filter=kind):
            for target in self._all(call, "ListTargetsForPolicy", "Targets", PolicyId=policy["Id"]):
                if not policy["AwsManaged"]:
                    gone = {"PolicyId": policy["Id"], "TargetId": target["TargetId"]}
                    self._perform(call, "DetachPolicy", gone)
        return answer

    def _effective(self, call: ApiCall) -> Mapping[str, Any]:
        kind = str(call.params["PolicyType"])
        target = str(call.params.get("TargetId") or call.account)
        if kind not in KINDS or not KINDS[kind].effective or not target.isdigit():
            raise ApiError(
                "InvalidInputException",
                "You specified an invalid value.",
                400,
                {"Reason": "INVALID_ENUM_POLICY_TYPE"},
            )
        if target != call.account:
            self._perform(call, "DescribeAccount", {"AccountId": target})
        found = effective_policy(target, kind)
        if found is None:
            raise ApiError(
                "EffectivePolicyNotFoundException",
                "The effective policy of the specified type was not found for the account.",
            )
        return {
            "EffectivePolicy": {
                "PolicyContent": json.dumps(found, separators=(",", ":")),
                "LastUpdatedTimestamp": self._changed.get("last"),
                "TargetId": target,
                "PolicyType": kind,
            }
        }

    def _policy(self, call: ApiCall) -> Mapping[str, Any]:
        asked = {"PolicyId": call.params["PolicyId"]}
        answer = self._perform(call, "DescribePolicy", asked)
        found: Mapping[str, Any] = answer["Policy"]["PolicySummary"]
        return found

    def _enabled(self, call: ApiCall) -> list[str]:
        roots = self._perform(call, "ListRoots", {})["Roots"]
        return [kind["Type"] for root in roots for kind in root.get("PolicyTypes") or ()]

    def _attached(self, call: ApiCall, target: str, kind: str) -> list[str]:
        found = self._all(call, "ListPoliciesForTarget", "Policies", TargetId=target, Filter=kind)
        return [str(policy["Id"]) for policy in found]

    def _all(
        self, call: ApiCall, operation: str, member: str, **params: Any
    ) -> Iterator[Mapping[str, Any]]:
        while True:
            page = self._perform(call, operation, params)
            yield from page.get(member) or ()
            if not page.get("NextToken"):
                return
            params = {**params, "NextToken": page["NextToken"]}

    def _perform(self, call: ApiCall, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        return self._platform.perform(replace(call, operation=operation, params=params, once=""))


def _constraint(code: str, message: str, reason: str | None) -> ApiError:
    return ApiError(code, message, 400, {"Reason": reason} if reason else None)
