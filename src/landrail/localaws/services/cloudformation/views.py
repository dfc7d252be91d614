"""The operations that only look: stacks, events, resources, templates, exports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.cloudformation import parameters
from landrail.localaws.services.cloudformation.asking import Asker, refused
from landrail.localaws.services.cloudformation.outside import exports, importers
from landrail.localaws.services.cloudformation.stacks import Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.template import URL_LIMIT, Template, load, parse
from landrail.localaws.services.cloudformation.validation import required_capability, validate

_PAGE = 100


def moment(seconds: float | None) -> datetime | None:
    """Return a time as answers show it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def without_none(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without the members that have no value."""
    return {name: value for name, value in answer.items() if value is not None}


def paged(
    items: list[Any], params: Mapping[str, Any], name: str, size: int = _PAGE
) -> dict[str, Any]:
    """Return one page of a list, with the token of the next where there is more."""
    token = str(params.get("NextToken") or "0")
    if not token.isdigit():
        raise refused("NextToken is not valid")
    start = int(token)
    page: dict[str, Any] = {name: items[start : start + size]}
    if start + size < len(items):
        page["NextToken"] = str(start + size)
    return page


class Views:
    """Answers what is asked about stacks."""

    def __init__(self, platform: Platform, stacks: Stacks) -> None:
        self._stacks = stacks
        self._asker = Asker(platform)

    def operations(self) -> Mapping[str, Operation]:
        """Return the operations by name."""
        return {
            "DescribeStackEvents": self.events,
            "DescribeStackResource": self.resource,
            "DescribeStackResources": self.resources,
            "DescribeStacks": self.describe,
            "GetTemplate": self.template,
            "GetTemplateSummary": self.summary,
            "ListExports": self.list_exports,
            "ListImports": self.list_imports,
            "ListStackResources": self.list_resources,
            "ListStacks": self.list,
            "ValidateTemplate": self.validate,
        }

    def _get(self, call: ApiCall) -> Stack:
        name = str(call.params.get("StackName", ""))
        return self._stacks.get(call.account, call.region, name)

    def describe(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStacks."""
        if call.params.get("StackName"):
            return {"Stacks": [stack_view(self._get(call))]}
        stacks = [s for s in self._newest(call) if s.status != "DELETE_COMPLETE"]
        return paged([stack_view(s) for s in stacks], call.params, "Stacks")

    def _newest(self, call: ApiCall) -> list[Stack]:
        stacks = self._stacks.all(call.account, call.region)
        return sorted(stacks, key=lambda stack: -stack.created)

    def list(self, call: ApiCall) -> dict[str, Any]:
        """ListStacks."""
        wanted = call.params.get("StackStatusFilter")
        found = [s for s in self._newest(call) if not wanted or s.status in wanted]
        return paged([_summary(stack) for stack in found], call.params, "StackSummaries")

    def events(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStackEvents."""
        events = self._stacks.events(self._get(call))
        shown = [{**e, "Timestamp": moment(e["Timestamp"])} for e in events]
        return paged(shown, call.params, "StackEvents")

    def resources(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStackResources."""
        params = call.params
        logical = params.get("LogicalResourceId")
        if not params.get("StackName"):
            physical = params.get("PhysicalResourceId")
            stack = self._owner(call, str(physical or ""))
            shown = {n: r for n, r in self._stacks.resources(stack).items() if r.id == physical}
        else:
            stack = self._get(call)
            shown = self._stacks.resources(stack)
        if logical:
            if logical not in shown:
                raise refused(f"Resource {logical} does not exist for stack {stack.name}")
            shown = {logical: shown[logical]}
        return {"StackResources": [resource_view(stack, r, "Timestamp") for r in shown.values()]}

    def _owner(self, call: ApiCall, physical: str) -> Stack:
        if not physical:
            raise refused("Either StackName or PhysicalResourceId must be specified")
        for stack in self._newest(call):
            if any(r.id == physical for r in self._stacks.resources(stack).values()):
                return stack
        raise refused(f"Stack for {physical} does not exist")

    def resource(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStackResource."""
        stack = self._get(call)
        logical = call.params["LogicalResourceId"]
        found = self._stacks.resources(stack).get(logical)
        if found is None:
            raise refused(f"Resource {logical} does not exist for stack {stack.name}")
        return {"StackResourceDetail": resource_view(stack, found, "LastUpdatedTimestamp")}

    def list_resources(self, call: ApiCall) -> dict[str, Any]:
        """ListStackResources."""
        stack = self._get(call)
        shown = []
        for resource in self._stacks.resources(stack).values():
            view = resource_view(stack, resource, "LastUpdatedTimestamp")
            shown.append(
                {k: v for k, v in view.items() if k not in ("StackName", "StackId", "Metadata")}
            )
        return paged(shown, call.params, "StackResourceSummaries")

    def template(self, call: ApiCall) -> dict[str, Any]:
        """GetTemplate: the text as it was given (a JSON one as an object, as boto3 shows it)."""
        stack = self._get(call)
        return {
            "TemplateBody": stack.goal.template,
            "StagesAvailable": ["Original", "Processed"],
        }

    def validate(self, call: ApiCall) -> dict[str, Any]:
        """ValidateTemplate."""
        template = self._asker.template(call)
        validate(template)
        return without_none(
            {
                "Parameters": [
                    {k: v for k, v in p.items() if k != "ParameterType"}
                    for p in parameters.declared(template)
                ],
                "Description": template.description,
                **_capabilities(template),
            }
        )

    def summary(self, call: ApiCall) -> dict[str, Any]:
        """GetTemplateSummary."""
        name = call.params.get("StackName")
        if name:
            template = parse(self._get(call).goal.template, URL_LIMIT)
        else:
            template = self._asker.template(call)
            validate(template)
        metadata = load(template.text).get("Metadata")
        return without_none(
            {
                "Parameters": [
                    {**p, "ParameterConstraints": _allowed(template, p["ParameterKey"])}
                    for p in parameters.declared(template)
                ],
                "Description": template.description,
                "ResourceTypes": sorted({d.type for d in template.resources.values()}),
                "Version": template.version,
                "Metadata": None if metadata is None else str(metadata),
                **_capabilities(template),
            }
        )

    def list_exports(self, call: ApiCall) -> dict[str, Any]:
        """ListExports."""
        known = exports(self._stacks, call.account, call.region)
        shown = [
            {"ExportingStackId": stack.id, "Name": name, "Value": value}
            for name, (value, stack) in sorted(known.items())
        ]
        return paged(shown, call.params, "Exports")

    def list_imports(self, call: ApiCall) -> dict[str, Any]:
        """ListImports."""
        name = call.params["ExportName"]
        users = importers(self._stacks, call.account, call.region, name)
        if not users:
            raise refused(f"Export '{name}' is not imported by any stack.")
        return paged(users, call.params, "Imports")


def _allowed(template: Template, name: str) -> dict[str, Any]:
    values = template.parameters[name].get("AllowedValues")
    return {"AllowedValues": [str(value) for value in values]} if values else {}


def _capabilities(template: Template) -> dict[str, Any]:
    needed, types = required_capability(template)
    if needed is None:
        return {"Capabilities": []}
    reason = f"The following resource(s) require capabilities: [{', '.join(types)}]"
    return {"Capabilities": [needed], "CapabilitiesReason": reason}


def drift_information(drift: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    """Return the drift of a stack or resource as views show it."""
    if drift is None:
        return {name: "NOT_CHECKED"}
    return {name: drift["status"], "LastCheckTimestamp": moment(drift["at"])}


def stack_view(stack: Stack) -> dict[str, Any]:
    """Return a stack as `DescribeStacks` shows it."""
    shown = parameters.shown(
        parse(stack.goal.template, URL_LIMIT), stack.goal.parameters, stack.goal.resolved
    )
    return without_none(
        {
            "StackId": stack.id,
            "StackName": stack.name,
            "ChangeSetId": stack.change_set,
            "Description": stack.description,
            "Parameters": shown or None,
            "CreationTime": moment(stack.created),
            "DeletionTime": moment(stack.deleted),
            "LastUpdatedTime": moment(stack.updated),
            "RollbackConfiguration": {},
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "DisableRollback": stack.on_failure == "DO_NOTHING",
            "NotificationARNs": list(stack.notify),
            "Capabilities": stack.goal.capabilities or None,
            "Outputs": stack.outputs or None,
            "RoleARN": stack.goal.role,
            "Tags": [{"Key": k, "Value": v} for k, v in sorted(stack.goal.tags.items())],
            "EnableTerminationProtection": stack.protected,
            "RetainExceptOnCreate": stack.retain_except_on_create or None,
            "DriftInformation": drift_information(stack.drift, "StackDriftStatus"),
        }
    )


def _summary(stack: Stack) -> dict[str, Any]:
    return without_none(
        {
            "StackId": stack.id,
            "StackName": stack.name,
            "TemplateDescription": stack.description,
            "CreationTime": moment(stack.created),
            "LastUpdatedTime": moment(stack.updated),
            "DeletionTime": moment(stack.deleted),
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "DriftInformation": drift_information(stack.drift, "StackDriftStatus"),
        }
    )


def resource_view(stack: Stack, resource: Resource, time_name: str) -> dict[str, Any]:
    """Return a resource as the describing operations show it."""
    metadata = resource.metadata
    return without_none(
        {
            "StackName": stack.name,
            "StackId": stack.id,
            "LogicalResourceId": resource.logical,
            "PhysicalResourceId": resource.id,
            "ResourceType": resource.type,
            time_name: moment(resource.at),
            "ResourceStatus": resource.status,
            "ResourceStatusReason": resource.reason,
            "Metadata": None if metadata is None or time_name == "Timestamp" else str(metadata),
            "DriftInformation": drift_information(resource.drift, "StackResourceDriftStatus"),
        }
    )


def missing_change_set(name: str) -> ApiError:
    """Return the error for a change set that is not there."""
    return ApiError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
