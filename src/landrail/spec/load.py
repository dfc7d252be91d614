"""Text to document, or every mistake in it at once.

Four passes over one tree: the YAML itself, keys that are designed but not built yet, each
section's own rules, and references between sections. A pass never stops another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from landrail.diagnostics import Diagnostic, Mistakes, Position, SourceRange
from landrail.spec.choices import read_choices
from landrail.spec.document import Platform, Source
from landrail.spec.guardrail_references import unknown_guardrails
from landrail.spec.messages import told
from landrail.spec.policy_files import PolicyFile, Read, read_policies
from landrail.spec.references import references
from landrail.spec.tree import Tree, parse
from landrail.spec.unbuilt import take_unbuilt
from landrail.spec.view import View


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a file refers to outside itself: the files beside it, and what tells the ids of the
    guardrails that there are (None: not known, and not asked)."""

    read: Read | None = None
    guardrails: Callable[[], Iterable[str]] | None = None


def load(text: str | bytes, file: str, beyond: Beyond = Beyond()) -> Platform:
    """Return the document in `text`; `file` is its name in messages. Raises Mistakes with every
    mistake, in the order of the file."""
    if isinstance(text, bytes):
        text = _decoded(text, file)
    tree = parse(text, file)
    if not isinstance(tree.value, dict):
        raise Mistakes(_unreadable(tree, file))
    mistakes = list(tree.diagnostics)
    wanted, unbuilt = take_unbuilt(tree)
    mistakes += unbuilt
    document, wrong = _validated(wanted, tree)
    mistakes += wrong
    mistakes += references(wanted, tree)
    policies, unreadable = _chosen(wanted, tree, file, beyond)
    mistakes += unreadable
    mistakes = [d for d in mistakes if d.source is None or d.source.start not in tree.unknown]
    if document is None or mistakes:
        raise Mistakes(_in_order(mistakes, file))
    return document.with_source(Source(file, text, tree.ranges, policies))


def _validated(wanted: dict[str, Any], tree: Tree) -> tuple[Platform | None, list[Diagnostic]]:
    try:
        return Platform.model_validate(wanted), []
    except ValidationError as error:
        return None, [d for e in error.errors(include_url=False) for d in told(e, tree)]


def _chosen(
    wanted: dict[str, Any], tree: Tree, file: str, beyond: Beyond
) -> tuple[dict[str, PolicyFile], list[Diagnostic]]:
    """Read the policy files that `guardrails` names, and find the guardrails that there are not."""
    listed = wanted.get("guardrails")
    choices, _ = read_choices(listed if isinstance(listed, list) else ())
    policies, wrong = read_policies(choices, file, beyond.read)
    mistakes = [
        one if one.source else replace(one, source=tree.ranges.get((*choice.path, "file")))
        for choice, one in wrong
    ]
    named = "waivers" in wanted or any(not choice.is_set for choice in choices)
    if beyond.guardrails is not None and named:
        ids = frozenset(beyond.guardrails())
        mistakes += unknown_guardrails(choices, View(wanted, tree), ids)
    return policies, mistakes


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        position = Position(line, column)
        raise Mistakes(
            [
                Diagnostic(
                    f"the file is not UTF-8: byte {raw[error.start]:#04x}",
                    "save it as UTF-8",
                    SourceRange(file, position, position),
                )
            ]
        ) from error


def _unreadable(tree: Tree, file: str) -> list[Diagnostic]:
    if tree.diagnostics:
        return _in_order(list(tree.diagnostics), file)
    start = SourceRange(file, Position(1, 1), Position(1, 1))
    if tree.value is None or tree.value == "":
        return [Diagnostic("the file is empty", "`landrail init` writes one to start from", start)]
    return [
        Diagnostic(
            "the file is not a mapping of keys to values",
            "it begins like `platform: acme-ml`; `landrail init` writes one to start from",
            tree.ranges.get((), start),
        )
    ]


def _in_order(mistakes: list[Diagnostic], file: str) -> list[Diagnostic]:
    """Sort by place, those of other files last, and say the same thing at the same place once."""
    unique = {(d.source, d.summary): d for d in mistakes}.values()

    def place(diagnostic: Diagnostic) -> tuple[str, Position]:
        source = diagnostic.source
        if source is None:
            return "", Position(1, 1)
        return "" if source.file == file else source.file, source.start

    return sorted(unique, key=place)
