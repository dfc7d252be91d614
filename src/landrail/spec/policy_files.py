"""The policies of the enterprise's own: JSON files beside the platform's file, read and checked.

What is wrong in one is told at its place in it. Reading bytes is the caller's business.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from landrail.diagnostics import Diagnostic, Position, Severity, SourceRange
from landrail.policy.lint import Level, errors, lint
from landrail.policy.lint.jsontext import Lines, read
from landrail.spec.choices import Choice, PolicyType

Read = Callable[[str], bytes]
"""From a path relative to the platform's file to what the file there holds; raises OSError."""
_LARGEST = 100_000
_POLICY = "a policy file is JSON: {Version, Statement: [...]}"


@dataclass(frozen=True)
class PolicyFile:
    """A policy of one's own: `file` is its name in messages, `document` what it holds."""

    file: str
    text: str
    type: PolicyType
    document: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def statements(self) -> tuple[Mapping[str, Any], ...]:
        """The statements, in their order."""
        listed = self.document.get("Statement", [])
        return tuple(listed) if isinstance(listed, list) else (listed,)

    def where(self, number: int) -> SourceRange:
        """Return where a statement begins; `number` counts from 0."""
        listed = read(self.text).get("Statement")
        assert listed is not None
        node = listed.items[number] if listed.kind == "array" else listed
        return _at(self.file, Lines(self.text).position(node.at))

    def remarks(self) -> Iterator[Diagnostic]:
        """Yield what AWS would store but hardly means what it seems to."""
        for found in lint(self.text, self.type):
            if found.lint.level in (Level.SECURITY, Level.WARNING):
                place = _at(self.file, found.position)
                yield Diagnostic(found.summary, found.remedy, place, Severity.WARNING)


def read_policies(
    choices: Sequence[Choice], file: str, reading: Read | None
) -> tuple[dict[str, PolicyFile], list[tuple[Choice, Diagnostic]]]:
    """Return the policies that entries name, and what is wrong with them; a mistake without a place
    is one of the entry's `file`. `file` is the platform's file."""
    found: dict[str, PolicyFile] = {}
    wrong: list[tuple[Choice, Diagnostic]] = []
    for choice in choices:
        if choice.file is None:
            continue
        text = _text(choice.file, reading)
        if isinstance(text, Diagnostic):
            wrong.append((choice, text))
            continue
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), choice.file))
        mistakes = list(_mistakes(name, text, choice.type))
        wrong.extend((choice, one) for one in mistakes)
        if not mistakes:
            found[choice.id] = PolicyFile(name, text, choice.type, json.loads(text))
    return found, wrong


def _text(file: str, reading: Read | None) -> str | Diagnostic:
    if reading is None:
        return Diagnostic(f"`{file}` cannot be read from here")
    try:
        raw = reading(file)
    except FileNotFoundError:
        return Diagnostic(f"there is no file `{file}`", "the path is relative to this file")
    except OSError as error:
        return Diagnostic(f"`{file}` cannot be read: {error.strerror}")
    if len(raw) > _LARGEST:
        return Diagnostic(f"`{file}` is too large for a policy: {len(raw):,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Diagnostic(f"`{file}` is not UTF-8", "save it as UTF-8")


def _mistakes(name: str, text: str, kind: PolicyType) -> Iterator[Diagnostic]:
    refused = errors(text, kind, size_limit=_LARGEST)
    for found in refused:
        yield Diagnostic(found.summary, found.remedy, _at(name, found.position))
    if refused:
        return
    root, lines = read(text), Lines(text)
    listed = root.get("Statement")
    statements = () if listed is None else listed.items if listed.kind == "array" else (listed,)
    if not statements:
        yield Diagnostic("the policy has no statement", _POLICY, _at(name, lines.position(root.at)))
    for statement in statements:
        effect = statement.get("Effect")
        if effect is not None and effect.value != "Deny":
            yield Diagnostic(
                "an Allow has no effect here: everything is allowed where nothing is denied",
                "write what shall be denied, with `Effect: Deny`",
                _at(name, lines.position(effect.at)),
            )


def _at(file: str, position: Position) -> SourceRange:
    return SourceRange(file, position, position)
