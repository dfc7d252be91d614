"""CodePipeline pipelines, as Config records them: as GetPipeline answers."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.record import Answer, Item, Record, Shape
from landrail.inventory.table import Row


def _answers(items: tuple[Item, ...]) -> Iterator[Answer]:
    names = [{"name": item.name} for item in items]
    yield Answer("codepipeline", "ListPipelines", {}, {"pipelines": names})
    for item in items:
        told = {
            "pipeline": item.configuration["pipeline"],
            "metadata": {"created": item.created, **(item.configuration.get("metadata") or {})},
        }
        yield Answer("codepipeline", "GetPipeline", {"name": item.name}, told)
        tags = {"tags": [{"key": k, "value": v} for k, v in item.tags.items()]}
        yield Answer("codepipeline", "ListTagsForResource", {"resourceArn": item.arn}, tags)


def _shape(row: Row) -> Shape:
    return {
        "pipeline": (row.get("configuration") or {}).get("pipeline"),
        "metadata": {"pipelineArn": row["arn"], "created": row.get("created")},
    }, {}


RECORD = Record(
    table="codepipeline_pipelines",
    types=("AWS::CodePipeline::Pipeline",),
    answers=_answers,
    shape=_shape,
)
