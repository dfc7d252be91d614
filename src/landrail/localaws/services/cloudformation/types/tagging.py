"""Tags as each service wants them: lists of Key and Value, other spellings, plain objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from landrail.localaws.services.cloudformation.types.kind import Aspect, Context, Props, Read

Tags = list[dict[str, str]]


def as_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return a list of Key and Value as an object."""
    return {tag["Key"]: tag["Value"] for tag in tags or ()}


def from_map(tags: Mapping[str, str] | None) -> Tags:
    """Return an object as a list of Key and Value."""
    return [{"Key": key, "Value": value} for key, value in sorted((tags or {}).items())]


def spelled(tags: Iterable[Mapping[str, str]] | None, key: str, value: str) -> Tags | None:
    """Return tags with other names for their two members (`key`, `TagKey`); None where none."""
    return [{key: tag["Key"], value: tag["Value"]} for tag in tags or ()] or None


def unspelled(tags: Iterable[Mapping[str, str]] | None, key: str, value: str) -> Tags:
    """Return tags of another spelling as Key and Value."""
    return [{"Key": tag[key], "Value": tag[value]} for tag in tags or ()]


def tags_aspect(
    add: Callable[[Context, str, Tags], Any],
    remove: Callable[[Context, str, list[str]], Any],
    read: Read | None = None,
    *,
    on_create: bool = False,
    name: str = "Tags",
) -> Aspect:
    """Return the aspect of a `Tags` property from the calls that add and remove tags."""

    def put(context: Context, id_: str, new: Props, old: Props) -> None:
        wanted, had = _mapped(new.get(name)), _mapped(old.get(name))
        stale = [key for key in had if key not in wanted and not key.startswith("aws:")]
        fresh = {key: value for key, value in wanted.items() if had.get(key) != value}
        if stale:
            remove(context, id_, stale)
        if fresh:
            add(context, id_, from_map(fresh))

    return Aspect((name,), put, read, on_create)


def _mapped(tags: Any) -> dict[str, str]:
    return dict(tags) if isinstance(tags, Mapping) else as_map(tags)
