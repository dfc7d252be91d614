"""Deploy actions: a CloudFormation stack or change set, followed to its end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.actions.task import (
    ActionFailed,
    Outcome,
    Task,
    zip_one,
)

SERVICE = "cloudformation"
EVERY = 0.5
_GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_EXECUTED = ("EXECUTE_IN_PROGRESS", "EXECUTE_COMPLETE", "EXECUTE_FAILED")
_REPLACEABLE = (
    *("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"),
    *("UPDATE_ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"),
)


def deploy(task: Task) -> Outcome:
    """Do what ActionMode says and give the stack's outputs as variables."""
    mode, name = task.configuration["ActionMode"], task.configuration["StackName"]
    task.note(external=name)
    if mode == "DELETE_ONLY":
        _delete(task, name)
        return Outcome()
    if mode == "CHANGE_SET_REPLACE":
        return _change_set(task, name)
    if mode == "CHANGE_SET_EXECUTE":
        _execute(task, name)
    else:
        _create_or_update(task, name, mode == "REPLACE_ON_FAILURE")
    return _outputs(task, _follow(task, name))


def _create_or_update(task: Task, name: str, replace: bool) -> None:
    stack = _find(task, name)
    status = stack["StackStatus"] if stack else ""
    under_way = status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"
    if under_way and task.record.get("begun"):
        return
    if stack is not None and stack["StackStatus"] in _REPLACEABLE and replace:
        _delete(task, name)
        stack = None
    params = _parameters(task, name)
    task.note(begun=True)
    if stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS":
        task.call(SERVICE, "CreateStack", params)
        return
    try:
        task.raw(SERVICE, "UpdateStack", params)
    except ApiError as error:
        if "No updates are to be performed" not in error.message:
            code = "PermissionError" if "AccessDenied" in error.code else "JobFailed"
            raise ActionFailed(f"UpdateStack: {error.code}: {error.message}", code) from error


def _change_set(task: Task, name: str) -> Outcome:
    change_set = task.configuration["ChangeSetName"]
    names = {"StackName": name, "ChangeSetName": change_set}
    stack = _find(task, name)
    if stack is not None:
        task.call(SERVICE, "DeleteChangeSet", names)
    new = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    kind = {"ChangeSetType": "CREATE" if new else "UPDATE"}
    task.call(SERVICE, "CreateChangeSet", {**_parameters(task, name), **names, **kind})
    while True:
        found = task.call(SERVICE, "DescribeChangeSet", names)
        if found["Status"] == "CREATE_COMPLETE":
            return Outcome(summary=f"change set {change_set} was created")
        if found["Status"] == "FAILED":
            reason = str(found.get("StatusReason", ""))
            if "No updates" in reason or "didn't contain changes" in reason:
                return Outcome(summary=reason)
            raise ActionFailed(f"the change set {change_set} failed: {reason}")
        task.wait(EVERY)


def _execute(task: Task, name: str) -> None:
    names = {"StackName": name, "ChangeSetName": task.configuration["ChangeSetName"]}
    try:
        found = task.call(SERVICE, "DescribeChangeSet", names)
    except ActionFailed as failed:
        if task.record.get("begun") and "ChangeSetNotFound" in failed.message:
            return
        raise
    if task.record.get("begun") and found.get("ExecutionStatus") in _EXECUTED:
        return
    reason = str(found.get("StatusReason", ""))
    if found["Status"] == "FAILED" and ("No updates" in reason or "contain changes" in reason):
        return
    task.note(begun=True)
    task.call(SERVICE, "ExecuteChangeSet", names)


def _delete(task: Task, name: str) -> None:
    stack = _find(task, name)
    if stack is None:
        return
    task.call(SERVICE, "DeleteStack", {"StackName": stack["StackId"], **_role(task)})
    while (stack := _find(task, str(stack["StackId"]))) is not None:
        if stack["StackStatus"] == "DELETE_COMPLETE":
            return
        if stack["StackStatus"] == "DELETE_FAILED":
            raise ActionFailed(_reason(task, stack))
        task.wait(EVERY)


def _follow(task: Task, name: str) -> dict[str, Any]:
    while True:
        stack = _find(task, name)
        if stack is None:
            raise ActionFailed(f"the stack {name} is gone")
        status = stack["StackStatus"]
        if status in _GOOD:
            return stack
        if not status.endswith("_IN_PROGRESS"):
            raise ActionFailed(_reason(task, stack))
        task.wait(EVERY)


def _find(task: Task, name: str) -> dict[str, Any] | None:
    try:
        found = task.raw(SERVICE, "DescribeStacks", {"StackName": name})["Stacks"]
    except ApiError as error:
        if "does not exist" in error.message:
            return None
        code = "PermissionError" if "AccessDenied" in error.code else "JobFailed"
        raise ActionFailed(f"DescribeStacks: {error.code}: {error.message}", code) from error
    return dict(found[0]) if found else None


def _reason(task: Task, stack: Mapping[str, Any]) -> str:
    """Return the stack's end with the first failure of its latest change."""
    told = f"the stack {stack['StackName']} ended as {stack['StackStatus']}"
    reason = str(stack.get("StackStatusReason") or "")
    try:
        answer = task.raw(SERVICE, "DescribeStackEvents", {"StackName": stack["StackId"]})
    except ApiError:
        return f"{told}: {reason}"
    failures = []
    for event in answer["StackEvents"]:
        status = str(event.get("ResourceStatus"))
        is_stack = event.get("PhysicalResourceId") == stack["StackId"]
        if is_stack and status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
            break
        if status.endswith("_FAILED") and not is_stack:
            failures.append(
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            )
    return f"{told}: {failures[-1] if failures else reason}"


def _parameters(task: Task, name: str) -> dict[str, Any]:
    configuration = _configuration(task)
    given = {str(k): str(v) for k, v in (configuration.get("Parameters") or {}).items()}
    overrides = json.loads(task.configuration.get("ParameterOverrides") or "{}")
    given |= {key: _parameter(task, value) for key, value in overrides.items()}
    params: dict[str, Any] = {
        "StackName": name,
        "TemplateBody": task.file(task.configuration["TemplatePath"]),
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
        "Capabilities": task.configuration.get("Capabilities", "").replace(" ", "").split(","),
        **_role(task),
    }
    if params["Capabilities"] == [""]:
        del params["Capabilities"]
    if configuration.get("Tags"):
        params["Tags"] = [{"Key": k, "Value": v} for k, v in configuration["Tags"].items()]
    if configuration.get("StackPolicy"):
        params["StackPolicyBody"] = json.dumps(configuration["StackPolicy"])
    return params


def _configuration(task: Task) -> dict[str, Any]:
    path = task.configuration.get("TemplateConfiguration")
    if not path:
        return {}
    try:
        found = json.loads(task.file(path))
    except ValueError as error:
        raise ActionFailed(f"{path} is not JSON: {error}", "ConfigurationError") from error
    return dict(found)


def _parameter(task: Task, value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    if "Fn::GetParam" in value:
        artifact, file, key = value["Fn::GetParam"]
        found = json.loads(task.file(f"{artifact}::{file}"))
        if key not in found:
            raise ActionFailed(f"{file} has no {key}", "ConfigurationError")
        return str(found[key])
    if "Fn::GetArtifactAtt" in value:
        artifact, attribute = value["Fn::GetArtifactAtt"]
        place = task.inputs[artifact]
        known = {
            "BucketName": place.bucket,
            "ObjectKey": place.key,
            "URL": f"https://{place.bucket}.s3.{task.region}.amazonaws.com/{place.key}",
        }
        return known[attribute]
    raise ActionFailed(f"ParameterOverrides: {value} is not known", "ConfigurationError")


def _role(task: Task) -> dict[str, str]:
    role = task.configuration.get("RoleArn")
    return {"RoleARN": role} if role else {}


def _outputs(task: Task, stack: Mapping[str, Any]) -> Outcome:
    values = {one["OutputKey"]: str(one["OutputValue"]) for one in stack.get("Outputs") or []}
    file, artifacts = task.configuration.get("OutputFileName"), {}
    if file and task.outputs:
        content = zip_one(file, json.dumps(values, indent=2))
        artifacts = {task.outputs[0]: task.put(task.outputs[0], content)}
    return Outcome(artifacts=artifacts, variables=values)
