"""Lifecycle policies: which images a repository's rules let go, decided at every push."""

from __future__ import annotations

import time
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.ecr.images import Images
from landrail.localaws.services.ecr.repositories import Record, Repositories, json_object

_COUNTS = ("imageCountMoreThan", "sinceImagePushed")


class Lifecycle:
    """The operations on lifecycle policies, and their work."""

    def __init__(self, repositories: Repositories, images: Images) -> None:
        self._repositories = repositories
        self._images = images

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "PutLifecyclePolicy": self.put,
            "GetLifecyclePolicy": self.get,
            "DeleteLifecyclePolicy": self.delete,
        }

    def put(self, call: ApiCall) -> Mapping[str, Any]:
        """Set the policy and apply it."""
        text = str(call.params["lifecyclePolicyText"])
        for rule in json_object(text, "LifecyclePolicyText").get("rules") or []:
            _check(rule)
        record = {**self._repositories.asked(call), "lifecycle": text}
        self._repositories.keep(record)
        self.apply(record)
        return {**_names(record), "lifecyclePolicyText": text}

    def get(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the policy."""
        record = self._repositories.asked(call)
        return {**_names(record), "lifecyclePolicyText": _text(record)}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove the policy."""
        record = self._repositories.asked(call)
        text = _text(record)
        self._repositories.keep({**record, "lifecycle": None})
        return {**_names(record), "lifecyclePolicyText": text}

    def apply(self, repository: Record) -> None:
        """Delete what the rules let go, by priority; a lower one cannot take what a higher saw."""
        if not repository["lifecycle"]:
            return
        rules = json_object(repository["lifecycle"], "LifecyclePolicyText").get("rules") or []
        seen: set[str] = set()
        for rule in sorted(rules, key=lambda one: int(one["rulePriority"])):
            chosen = [
                image
                for image in self._images.all(repository)
                if image["digest"] not in seen
                and _selects(rule["selection"], self._images.tags_of(repository, image["digest"]))
            ]
            seen |= {image["digest"] for image in chosen}
            for image in _let_go(rule["selection"], chosen):
                self._images.remove(repository, image["digest"])


def _selects(selection: Mapping[str, Any], tags: list[str]) -> bool:
    if selection["tagStatus"] == "any":
        return True
    if selection["tagStatus"] == "untagged":
        return not tags
    prefixes, patterns = selection.get("tagPrefixList"), selection.get("tagPatternList")
    if prefixes:
        return all(any(tag.startswith(one) for tag in tags) for one in prefixes)
    return all(any(fnmatchcase(tag, one) for tag in tags) for one in patterns or ["*"])


def _let_go(selection: Mapping[str, Any], images: list[Record]) -> list[Record]:
    number = int(selection["countNumber"])
    if selection["countType"] == "imageCountMoreThan":
        return images[: max(0, len(images) - number)]
    before = time.time() - number * 86400
    return [image for image in images if image["pushed"] < before]


def _check(rule: Mapping[str, Any]) -> None:
    selection = rule.get("selection") or {}
    wrong = (
        selection.get("tagStatus") not in ("any", "tagged", "untagged")
        or selection.get("countType") not in _COUNTS
        or not isinstance(selection.get("countNumber"), int)
        or not isinstance(rule.get("rulePriority"), int)
        or (rule.get("action") or {}).get("type") != "expire"
    )
    if wrong:
        raise ApiError(
            "InvalidParameterException",
            "Invalid parameter at 'LifecyclePolicyText': each rule wants rulePriority, action "
            f"expire and a selection by tagStatus, countNumber and countType {', '.join(_COUNTS)}",
        )


def _text(record: Record) -> str:
    if not record["lifecycle"]:
        raise ApiError(
            "LifecyclePolicyNotFoundException",
            f"Lifecycle policy does not exist for the repository with name '{record['name']}' in "
            f"the registry with id '{record['account']}'",
        )
    return str(record["lifecycle"])


def _names(record: Record) -> dict[str, str]:
    return {"registryId": record["account"], "repositoryName": record["name"]}
