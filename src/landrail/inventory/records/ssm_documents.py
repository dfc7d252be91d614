"""SSM documents, as Config records them: what they are, not with whom they are shared."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.described import tag_list
from landrail.inventory.record import Answer, Item, Record
from landrail.inventory.tables.ssm_documents import OWN


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    listed = [
        {
            "Name": item.configuration.get("Name") or item.name,
            "DocumentType": item.configuration.get("DocumentType"),
            "CreatedDate": item.created,
            "Tags": tag_list(item),
        }
        for item in items
    ]
    yield Answer("ssm", "ListDocuments", {"Filters": OWN}, {"DocumentIdentifiers": listed})


RECORD = Record(
    table="ssm_documents",
    types=("AWS::SSM::Document",),
    answers=_answers,
    shape=lambda row: (
        {
            "Name": row["resource_name"],
            "DocumentType": (row.get("configuration") or {}).get("type"),
        },
        {},
    ),
    never=frozenset({"public", "outsiders"}),
)
