"""What pydantic found, in the user's words: the only place that knows pydantic's error kinds."""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic_core import ErrorDetails

from landrail.diagnostics import Diagnostic, SourceRange, nearest
from landrail.spec.document import Platform
from landrail.spec.sections import Part
from landrail.spec.texts import Said, Text, boolean
from landrail.spec.tree import Path, Tree

_WANTS = {
    "string_type": "text",
    "dict_type": "a mapping of names to values (`name: ...`)",
    "int_type": "a number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "mapping_type": "a mapping of names to values (`name: ...`)",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "tuple_type": "a list, like [one, two]",
    "list_type": "a list, like [one, two]",
    "date_type": "a date, like 2027-06-30",
}
_BOUNDS = {
    "greater_than_equal": ("ge", "or more"),
    "less_than_equal": ("le", "or less"),
}
_SECTION_WORDS = {
    "teams": "team",
    "accounts": "account entry",
    "datasets": "data set",
    "models": "model",
}


def told(error: ErrorDetails, tree: Tree) -> tuple[Diagnostic, ...]:
    """Return one of pydantic's errors as diagnostics at their places in the file."""
    if error["type"] == "landrail-several":
        return tuple(_said_at(error["loc"], said, tree) for said in error["ctx"]["said"])
    return (_told(error, tree),)


def _said_at(loc: Path, said: Said, tree: Tree) -> Diagnostic:
    path = (*loc, *said.path)
    place = tree.keys.get(path) if said.key else None
    return Diagnostic(said.summary, said.remedy, place or _place(path, tree))


def _told(error: ErrorDetails, tree: Tree) -> Diagnostic:
    at_key = error["loc"][-1:] == ("[key]",)
    path: Path = error["loc"][:-1] if at_key else error["loc"]
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, tree)
    if kind == "missing":
        return _missing_key(path, tree)
    if path not in tree.ranges and path[:-1] in tree.ranges and not at_key:
        path = path[:-1]  # one word for a section: it has no key of its own
    place = tree.keys.get(path) if at_key else _place(path, tree)
    if kind == "landrail":
        context = error["ctx"]
        if context["index"] is not None:
            place = _place((*path, context["index"]), tree)
        return Diagnostic(context["summary"], context["remedy"], place)
    if kind == "literal_error":
        return _not_one_of(path, error, place)
    if kind in _WANTS:
        return Diagnostic(
            f"{_said(path)} should be {_WANTS[kind]}, not {_shape(error['input'])}", None, place
        )
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        summary = f"{_said(path)} should be {error['ctx'][key]:g} {words}, not `{error['input']}`"
        return Diagnostic(summary, None, place)
    if kind == "too_short":
        return Diagnostic(f"{_said(path)} is an empty list", "name at least one", place)
    return Diagnostic(f"{_said(path)}: {error['msg'].lower()}", None, place)


def known_keys(path: Path) -> tuple[str, ...]:
    """Return the keys that the file may have in the section at `path`; empty where any name may
    stand."""
    annotation: Any = Platform
    for part in path:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            fields = {f.alias or name: f.annotation for name, f in annotation.model_fields.items()}
            annotation = _bare(fields.get(str(part)))
        else:
            annotation = _bare((get_args(annotation) or (None,))[-1])
    if not (isinstance(annotation, type) and issubclass(annotation, Part)):
        return ()
    return tuple(f.alias or name for name, f in annotation.model_fields.items())


def _bare(annotation: Any) -> Any:
    """Strip `Annotated` and `None` from an annotation."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return next(_bare(part) for part in get_args(annotation) if part is not type(None))
    return annotation


def _unknown_key(path: Path, tree: Tree) -> Diagnostic:
    key, section = str(path[-1]), path[:-1]
    known = known_keys(section)
    near = nearest(key, known)
    remedy = f"did you mean `{near}`?" if near else f"keys here: {', '.join(known)}"
    summary = f"unknown key `{key}` in {_section(section)}"
    return Diagnostic(summary, remedy, tree.keys.get(path))


def _missing_key(path: Path, tree: Tree) -> Diagnostic:
    key, section = str(path[-1]), path[:-1]
    place = _place(section, tree)
    return Diagnostic(f"`{key}` is missing in {_section(section)}", _example(path), place)


def _example(path: Path) -> str:
    examples: dict[tuple[str, ...], str] = {
        ("platform",): "write a name, like `platform: acme-ml`",
        ("region",): "write one, like `region: eu-west-1`",
        ("email",): "write a pattern, like `email: aws+{account}@example.com`",
    }
    return examples.get(tuple(str(p) for p in path), f"add `{path[-1]}: ...`")


def _not_one_of(path: Path, error: ErrorDetails, place: SourceRange | None) -> Diagnostic:
    value = error["input"]
    allowed = [
        word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ",").split(",")
    ]
    if not isinstance(value, str):
        summary = f"{_said(path)} should be one of {', '.join(allowed)}, not {_shape(value)}"
        return Diagnostic(summary, None, place)
    if isinstance(value, Text) and value.tag == "bool":
        return Diagnostic(*boolean(value), place)
    near = nearest(value, allowed)
    choice = f"one of: {', '.join(allowed)}" if len(allowed) > 1 else f"only: {allowed[0]}"
    remedy = f"did you mean `{near}`?" if near else choice
    return Diagnostic(f"`{value}` is not known in {_said(path)}", remedy, place)


def _place(path: Path, tree: Tree) -> SourceRange | None:
    """Return the range at a path or of the nearest thing around it."""
    while path and path not in tree.ranges:
        path = path[:-1]
    return tree.ranges.get(path)


def _section(path: Path) -> str:
    """Name a section: team `churn`, `network`, the file."""
    if not path:
        return "the file"
    if len(path) == 2 and path[0] in _SECTION_WORDS:
        return f"{_SECTION_WORDS[str(path[0])]} `{path[1]}`"
    return f"`{'.'.join(str(part) for part in path)}`"


def _said(path: Path) -> str:
    """Name a value: `scientists` of team `churn`."""
    words = tuple(part for part in path if isinstance(part, str))
    if len(words) == 3 and words[0] in _SECTION_WORDS:
        return f"`{words[2]}` of {_section(words[:2])}"
    if len(words) == 2 and words[0] in _SECTION_WORDS:
        return _section(words)
    return f"`{'.'.join(words)}`"


def _shape(value: Any) -> str:
    if isinstance(value, Text) and value.tag == "null":
        return "nothing"
    if isinstance(value, str):
        return f"`{value}`"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"`{value}`"
