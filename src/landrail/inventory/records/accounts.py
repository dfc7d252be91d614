"""The public access block of an account, which Config records as a resource of its own."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.s3 import block_answer, recorded_block
from landrail.inventory.table import Row


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    for account in {item.account_id for item in items}:
        yield block_answer(account, items)


def _shape(row: Row) -> Shape:
    return recorded_block((row.get("configuration") or {}).get("public_access_block") or {}), {}


RECORD = Record(
    table="accounts",
    types=("AWS::S3::AccountPublicAccessBlock",),
    answers=_answers,
    shape=_shape,
    together=True,
)
