"""The page about resource types, written from the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from landrail.localaws.services.cloudformation.types.kind import ResourceType
from landrail.localaws.services.cloudformation.types.shapes import Shape

_INTRODUCTION = """# Resource types

<!-- Written by `python -m landrail.localaws.services.cloudformation.types`; do not edit. -->

What the CloudFormation of the local AWS makes, each by calls of the service's own API under the
stack's role. The compiler emits nothing else. A type, property or attribute that is not here makes
`CreateStack`, `UpdateStack` and `CreateChangeSet` fail with its name.

Marks: **required**; ↻ a change replaces the resource; ○ a change is refused; ◇ cannot be read
back, so no drift is found in it.
"""


def page(types: Mapping[str, ResourceType]) -> str:
    """Return the whole page as Markdown."""
    parts = [_INTRODUCTION, _contents(types)]
    parts += [_section(entry) for _, entry in sorted(types.items())]
    return "\n".join(parts)


def _contents(types: Mapping[str, ResourceType]) -> str:
    rows = [
        f"| `{name}` | {_attributes(entry)} | {'yes' if entry.stateful else ''} |"
        for name, entry in sorted(types.items())
    ]
    head = [f"{len(rows)} types.", "", "| type | `Fn::GetAtt` | holds data |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _attributes(entry: ResourceType) -> str:
    return ", ".join(f"`{name}`" for name in sorted(entry.attributes)) or "none"


def _section(entry: ResourceType) -> str:
    lines = [f"## {entry.name}", ""]
    if entry.named_by:
        lines += [f"Without `{entry.named_by}` it gets a generated name.", ""]
    for name, shape in sorted(entry.properties.items()):
        lines.append(f"- `{name}`{_marks(entry, name)}{''.join(_members(shape))}")
    return "\n".join([*lines, ""])


def _marks(entry: ResourceType, name: str) -> str:
    marks = []
    if name in entry.required:
        marks.append("**required**")
    if name in entry.replaces:
        marks.append("↻")
    elif name not in entry.updatable():
        marks.append("○")
    if name in entry.hidden:
        marks.append("◇")
    return " " + " ".join(marks) if marks else ""


def _members(shape: Shape) -> Iterator[str]:
    names = list(_paths(shape, ""))
    if names:
        yield ": " + ", ".join(f"`{name}`" for name in names)


def _paths(shape: Shape, path: str) -> Iterator[str]:
    if shape.item is not None and shape.item.kind == "object":
        yield from _paths(shape.item, path)
    for name, member in sorted(shape.members.items()):
        place = f"{path}.{name}" if path else name
        inner = list(_paths(member, place))
        yield from inner or [place]
