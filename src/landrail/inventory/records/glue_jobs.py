"""Glue jobs, as Config records them: in CloudFormation's names, which are AWS's own here."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.described import VOLATILE
from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row

_LATER = (*VOLATILE, "CreatedOn", "LastModifiedOn")


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    jobs = [{"CreatedOn": i.created, **i.configuration, "Name": i.name} for i in items]
    yield Answer("glue", "GetJobs", {}, {"Jobs": jobs})


def _shape(row: Row) -> Shape:
    told = row.get("configuration") or {}
    return {name: given for name, given in told.items() if name not in _LATER}, {}


RECORD = Record(
    table="glue_jobs",
    types=("AWS::Glue::Job",),
    answers=_answers,
    shape=_shape,
    only_where={"DefaultArguments": ("logs",)},
)
