"""Tags of the rules; those of all else that Config has stay with the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.config.pages import invalid, page
from landrail.localaws.services.config.results import Document, Results

_MOST = 50


class Tags:
    """The operations on tags."""

    def __init__(self, platform: Platform, results: Results) -> None:
        """Keep the tags with their rules in `results`."""
        self._platform = platform
        self._results = results

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._list,
        }

    def _tag(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self._rule(call)
        if rule is None:
            return self._platform.perform(call)
        self._put(call, rule, merged(rule, call.params["Tags"]))
        return {}

    def _untag(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self._rule(call)
        if rule is None:
            return self._platform.perform(call)
        gone = call.params["TagKeys"]
        left = {k: v for k, v in rule.get("_tags", {}).items() if k not in gone}
        self._put(call, rule, left)
        return {}

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        rule = self._rule(call)
        if rule is None:
            return self._platform.perform(call)
        tags = rule.get("_tags", {})
        return page([{"Key": k, "Value": tags[k]} for k in sorted(tags)], call.params, "Tags")

    def _put(self, call: ApiCall, rule: Document, tags: Mapping[str, str]) -> None:
        self._results.note(call.account, call.region, rule["ConfigRuleName"], _tags=dict(tags))

    def _rule(self, call: ApiCall) -> Document | None:
        """Return the rule that is meant, None where it is something else; raises ApiError."""
        arn = call.params["ResourceArn"]
        if ":config-rule/" not in arn:
            return None
        for rule in self._results.rules(call.account, call.region):
            if rule["ConfigRuleArn"] == arn:
                return rule
        raise ApiError("ResourceNotFoundException", f"ResourceArn '{arn}' does not exist")


def merged(rule: Document, added: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags of a rule with more of them; raises ApiError for too many."""
    tags: dict[str, str] = {**rule.get("_tags", {}), **{t["Key"]: t["Value"] for t in added}}
    if any(key.lower().startswith("aws:") for key in tags):
        raise invalid("Tag keys that start with `aws:` are reserved.")
    if len(tags) > _MOST:
        raise ApiError(
            "TooManyTagsException",
            f"You have reached the limit of the number of tags you can use: {_MOST}.",
        )
    return tags
