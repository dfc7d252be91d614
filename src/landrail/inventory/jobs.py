"""SageMaker's jobs, newest first: one page of each kind, for an account may have had any number and
what has ended cannot be changed. What a job may not do is held before it starts; here is found what
started all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.inventory.ask import Ask
from landrail.inventory.describing import Described, each, last
from landrail.inventory.sagemaker import NETWORK, common
from landrail.inventory.table import Column, Row, Table

_MOST = 100
_NEWEST = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": _MOST}
_IMAGES = (Column("images", "text", "the images that it runs, each between commas"),)
_COLUMNS = (
    Column("instance_types", "text", "the instances that it runs on, each between commas"),
    Column("instances", "integer", "on how many"),
    Column("volume_key", "text", "the KMS key of their volumes"),
    Column("output_key", "text", "the KMS key of what it writes"),
    Column("role", "text", "the role that it runs as"),
    Column("status", "text", "its status, as SageMaker says it"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of jobs: its word in names of operations (`Training`); what its columns are."""

    word: str
    columns: Callable[[Mapping[str, Any]], dict[str, Any]]
    has_network: bool = True
    has_images: bool = True


def jobs(kind: Kind) -> Table:
    """Return the table of a kind of jobs."""
    word = f"{kind.word}Job"

    def row(ask: Ask, answer: Mapping[str, Any]) -> Row:
        described = common(ask, answer, answer[f"{word}Name"], answer[f"{word}Arn"])
        hidden = {"Environment", "HyperParameters"}
        shown = {k: v for k, v in described["configuration"].items() if k not in hidden}
        return {
            **described,
            "configuration": shown,
            "role": answer.get("RoleArn"),
            "status": answer.get(f"{word}Status"),
            **kind.columns(answer),
        }

    reading = Described(
        service="sagemaker",
        list=f"List{word}s",
        member=f"{word}Summaries",
        name=f"{word}Name",
        describe=f"Describe{word}",
        name_of=last,
        row=row,
    )

    def collect(ask: Ask) -> Iterator[Row]:
        newest = ask("sagemaker", reading.list, **_NEWEST).get(reading.member) or ()
        arns = [entry[f"{word}Arn"] for entry in newest]
        yield from each(ask, arns, lambda arn: reading.one(ask, arn))

    return Table(
        name=f"sagemaker_{kind.word.lower()}_jobs",
        resource_type=f"AWS::SageMaker::{word}",
        services=("sagemaker",),
        columns=(
            *(NETWORK if kind.has_network else ()),
            *(_IMAGES if kind.has_images else ()),
            *_COLUMNS,
        ),
        collect=collect,
        one=reading.one,
        reads=(f"sagemaker:Describe{word}", f"sagemaker:List{word}s", "sagemaker:ListTags"),
    )
