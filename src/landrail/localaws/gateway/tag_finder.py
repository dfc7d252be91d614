"""The tags of what our own services hold, for `aws:ResourceTag`: asked of the service itself.

Nothing is authorized here: this is the gateway looking, as AWS does, and not the caller. A service
that is not listed keeps its tags in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller
from landrail.localaws.gateway.registry import Registry

_GATEWAY = Caller(kind="service", arn="landrail", account=None)
_ARN_PARTS = 6
Asked = tuple[str, dict[str, Any], Callable[[Mapping[str, Any]], Any]]
"""An operation, its parameters, and where the tags stand in its answer."""


class TagFinder:
    """Finds tags in the services of one local AWS."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __call__(self, account: str, region: str, arn: str) -> Mapping[str, str] | None:
        """Return the tags of a resource; None where the store is to be asked."""
        parts = arn.split(":", _ARN_PARTS - 1)
        reader = _READERS.get(parts[2]) if len(parts) == _ARN_PARTS else None
        asked = None if reader is None else reader(arn, parts[-1])
        if asked is None:
            return None
        operation, params, pick = asked
        service = self._registry.get(parts[2])
        perform = None if service is None else service.operations.get(operation)
        if perform is None:
            return None
        call = ApiCall(_GATEWAY, account, parts[3] or region, parts[2], operation, params)
        try:
            return _pairs(pick(perform(call)))
        except ApiError as error:
            if error.status >= 500:
                raise
            return {}


def _by_arn(operation: str, parameter: str, member: str) -> Callable[[str, str], Asked | None]:
    def asked(arn: str, _name: str) -> Asked:
        return operation, {parameter: arn}, lambda answer: answer.get(member)

    return asked


def _project(_arn: str, name: str) -> Asked | None:
    if not name.startswith("project/"):
        return None
    params = {"names": [name.removeprefix("project/")]}
    return "BatchGetProjects", params, lambda answer: _first(answer["projects"], "tags")


def _stack(arn: str, name: str) -> Asked | None:
    if not name.startswith("stack/"):
        return None
    bare = name.split("/")[1]
    # Where the id is not said, the stack of that name is meant.
    params = {"StackName": bare if name.endswith("/*") else arn}
    return "DescribeStacks", params, lambda answer: _first(answer["Stacks"], "Tags")


def _rule(arn: str, name: str) -> Asked | None:
    if not name.startswith("config-rule/"):
        return None
    return "ListTagsForResource", {"ResourceArn": arn}, lambda answer: answer.get("Tags")


def _first(found: Sequence[Mapping[str, Any]], member: str) -> Any:
    return found[0].get(member) if found else None


def _pairs(tags: Any) -> dict[str, str]:
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    lowered = ({str(k).lower(): v for k, v in tag.items()} for tag in tags or ())
    return {str(tag["key"]): str(tag.get("value", "")) for tag in lowered}


_READERS: Mapping[str, Callable[[str, str], Asked | None]] = {
    "cloudformation": _stack,
    "codeartifact": _by_arn("ListTagsForResource", "resourceArn", "tags"),
    "codebuild": _project,
    "codecommit": _by_arn("ListTagsForResource", "resourceArn", "tags"),
    "codeconnections": _by_arn("ListTagsForResource", "ResourceArn", "Tags"),
    "codepipeline": _by_arn("ListTagsForResource", "resourceArn", "tags"),
    "codestar-connections": _by_arn("ListTagsForResource", "ResourceArn", "Tags"),
    "config": _rule,
    "ecr": _by_arn("ListTagsForResource", "resourceArn", "tags"),
    "sagemaker": _by_arn("ListTags", "ResourceArn", "Tags"),
}
