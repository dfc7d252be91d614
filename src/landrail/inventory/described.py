"""Records of types whose configuration is, in Config, what AWS answers of each: to a describe
operation after a list, or in the list itself, with names that begin in lower case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

VOLATILE = ("LastModifiedTime", "LastModified", "CreationTime", "FailureReason")
"""Members that change though nothing was changed; Config leaves them out or has them elsewhere."""
_KEYED = ("tags", "variables")
"""Objects whose keys are data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The operations of one type: `member` of the list's answer holds the resources, `name` is what
    `describe` takes (as `parameter`, where it calls it otherwise), `arn` its ARN's member;
    `renamed` are members that Config, which takes CloudFormation's names, calls otherwise, and
    `left_out` those that it does not have."""

    service: str
    list: str
    member: str
    name: str
    arn: str
    describe: str
    parameter: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def record(
        self,
        table: str,
        resource_type: str,
        *,
        never: tuple[str, ...] = (),
        only_where: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Record:
        """Return the record."""
        return Record(
            table=table,
            types=(resource_type,),
            answers=self._answers,
            shape=self._shape,
            never=frozenset(never),
            only_where=only_where or {},
        )

    def _answers(self, items: tuple[Item, ...]) -> Iterator[Answer]:
        asked = self.parameter or self.name
        named = [(item, str(item.configuration.get(asked) or item.name)) for item in items]
        listed = {self.member: [{self.name: name} for _, name in named]}
        yield Answer(self.service, self.list, {}, listed)
        for item, name in named:
            told = {
                asked: name,
                self.arn: item.arn,
                "CreationTime": item.created,
                **item.configuration,
                **{
                    ours: item.configuration[theirs]
                    for theirs, ours in self.renamed.items()
                    if theirs in item.configuration
                },
            }
            yield Answer(self.service, self.describe, {asked: name}, told)
            tags = {"Tags": tag_list(item)}
            yield Answer(self.service, "ListTags", {"ResourceArn": item.arn}, tags)

    def _shape(self, row: Row) -> Shape:
        theirs = {ours: name for name, ours in self.renamed.items()}
        hidden = (*VOLATILE, *self.left_out)
        told = row.get("configuration") or {}
        return {theirs.get(n, n): given for n, given in told.items() if n not in hidden}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The operation that lists a type, with the whole of each in `member`; `shaped` puts right
    what Config writes in a way of its own, `within` holds each of them in an answer, `tags` names
    the member that its tags stand in."""

    service: str
    list: str
    member: str
    shaped: Callable[[dict[str, Any]], dict[str, Any]] = dict
    within: str = ""
    tags: str = "Tags"

    def record(
        self,
        table: str,
        resource_type: str,
        *,
        never: tuple[str, ...] = (),
        only_where: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Record:
        """Return the record."""
        return Record(
            table=table,
            types=(resource_type,),
            answers=self.answers,
            shape=in_lower_case,
            never=frozenset(never),
            only_where=only_where or {},
        )

    def answers(self, items: tuple[Item, ...]) -> Iterator[Answer]:
        """Yield what the list answers."""
        listed: list[Any] = [
            {self.tags: tag_list(item), **self.shaped(capitalized(item.configuration))}
            for item in items
        ]
        if self.within:
            listed = [{self.within: [one]} for one in listed]
        yield Answer(self.service, self.list, {}, {self.member: listed})


def in_lower_case(row: Row) -> Shape:
    """Return what AWS describes of a row, with names that begin in lower case."""
    told = row.get("configuration") or {}
    return lowered({n: given for n, given in told.items() if n not in VOLATILE}), {}


def tag_list(item: Item) -> list[dict[str, str]]:
    """Return the tags of an item as most of AWS lists them."""
    return [{"Key": key, "Value": value} for key, value in item.tags.items()]


def capitalized(value: Any) -> Any:
    """Return a value whose members begin in upper case, as the API writes them."""
    if isinstance(value, Mapping):
        return {name[:1].upper() + name[1:]: capitalized(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [capitalized(one) for one in value]
    return value


def lowered(value: Any, keyed: bool = False) -> Any:
    """Return a value whose members begin in lower case, as Config writes them."""
    if isinstance(value, Mapping):
        return {
            (name if keyed else name[:1].lower() + name[1:]): lowered(
                one, name.lower() in _KEYED and isinstance(one, Mapping)
            )
            for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [lowered(one) for one in value]
    return value


def job_definitions(kind: str, table: str) -> Record:
    """Return the record of one kind of job definitions of a SageMaker monitor (`DataQuality`)."""
    return Described(
        service="sagemaker",
        list=f"List{kind}JobDefinitions",
        member="JobDefinitionSummaries",
        name="MonitoringJobDefinitionName",
        parameter="JobDefinitionName",
        arn="JobDefinitionArn",
        describe=f"Describe{kind}JobDefinition",
    ).record(table, f"AWS::SageMaker::{kind}JobDefinition")
