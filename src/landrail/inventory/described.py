"""Records of types whose configuration is, in Config, what AWS answers of each: to a describe
operation after a list, or in the list itself, with names that begin in lower case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.inventory.record import Answer, Item, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The operations of one type: `member` of the list's answer holds the resources, `name` is what
    `describe` takes, `arn` its ARN's member; `renamed` are members that Config, which takes
    CloudFormation's names, calls otherwise."""

    service: str
    list: str
    member: str
    name: str
    arn: str
    describe: str
    renamed: Mapping[str, str] = field(default_factory=dict)

    def record(self, table: str, resource_type: str) -> Record:
        """Return the record."""
        return Record(table=table, types=(resource_type,), answers=self._answers)

    def _answers(self, items: tuple[Item, ...]) -> Iterator[Answer]:
        named = [(item, str(item.configuration.get(self.name) or item.name)) for item in items]
        listed = {self.member: [{self.name: name} for _, name in named]}
        yield Answer(self.service, self.list, {}, listed)
        for item, name in named:
            told = {
                self.name: name,
                self.arn: item.arn,
                **item.configuration,
                **{
                    ours: item.configuration[theirs]
                    for theirs, ours in self.renamed.items()
                    if theirs in item.configuration
                },
            }
            yield Answer(self.service, self.describe, {self.name: name}, told)
            tags = [{"Key": key, "Value": value} for key, value in item.tags.items()]
            yield Answer(self.service, "ListTags", {"ResourceArn": item.arn}, {"Tags": tags})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The operation that lists a type, with the whole of each in `member`; `shaped` puts right
    what Config writes in a way of its own."""

    service: str
    list: str
    member: str
    shaped: Callable[[dict[str, Any]], dict[str, Any]] = dict

    def record(self, table: str, resource_type: str) -> Record:
        """Return the record."""
        return Record(table=table, types=(resource_type,), answers=self._answers)

    def _answers(self, items: tuple[Item, ...]) -> Iterator[Answer]:
        listed = [self.shaped(capitalized(item.configuration)) for item in items]
        yield Answer(self.service, self.list, {}, {self.member: listed})


def capitalized(value: Any) -> Any:
    """Return a value whose members begin in upper case, as the API writes them."""
    if isinstance(value, Mapping):
        return {name[:1].upper() + name[1:]: capitalized(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [capitalized(one) for one in value]
    return value
