"""Policies without a platform: lines of requests decided, files of policies checked.

Touches neither the platform's file nor the local AWS; what is decided is `landrail.policy`'s.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.policy.document import DocumentKind
from landrail.policy.lines import evaluate_text

STDIN = Path("-")
KINDS: tuple[DocumentKind, ...] = (
    "identity",
    "resource",
    "trust",
    "scp",
    "rcp",
    "session",
    "boundary",
    "endpoint",
    "any",
)
_BOM = b"\xef\xbb\xbf"
_LARGEST = 4_000_000
"""Bytes that are read of a policy: many times what AWS stores anywhere."""
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a fault of the engine would raise: one line fails with it, the rest goes on."""


def evaluate(file: Path) -> Iterator[tuple[bytes, bool]]:
    """Decide each line of a file (or of the standard input, `-`); yield the answering line, and
    whether it is a decision. Raises Mistakes where the file cannot be read."""
    with _opened(file) as lines:
        for number, line in enumerate(lines):
            text = line.removeprefix(_BOM) if number == 0 else line
            if text.strip():
                answer = _answer(text)
                yield json.dumps(answer).encode() + b"\n", "error" not in answer


def _answer(line: bytes) -> dict[str, Any]:
    try:
        return evaluate_text(line.decode())
    except UnicodeDecodeError as error:
        return {"id": None, "error": f"the line is not UTF-8: {error.reason}"}
    except _FAULTS as error:
        said = f"a fault of landrail ({type(error).__name__}: {error}); nothing was decided"
        return {"id": None, "error": said}


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy's text, where it is from, and what it is taken for."""

    name: str
    text: str
    kind: DocumentKind


def read_policies(files: Iterable[Path], kind: DocumentKind | None) -> list[PolicyText]:
    """Read policies to check; a kind that is not given is guessed. Raises Mistakes for all that is
    no policy's text."""
    read: list[PolicyText] = []
    wrong: list[Diagnostic] = []
    for file in files:
        try:
            read.append(_read_policy(file, kind))
        except Mistakes as mistakes:
            wrong.extend(mistakes.diagnostics)
    if wrong:
        raise Mistakes(wrong)
    return read


def _read_policy(file: Path, kind: DocumentKind | None) -> PolicyText:
    with _opened(file) as opened:
        content = opened.read(_LARGEST + 1)
    name = "standard input" if file == STDIN else str(file)
    if len(content) > _LARGEST:
        raise _mistake(f"`{name}` has more than {_LARGEST:,} bytes, which no policy has")
    try:
        text = content.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise _mistake(f"`{name}` is not text in UTF-8: {error.reason}") from error
    _refuse_templates(name, text)
    return PolicyText(name, text, kind or _guess(file, text))


def _guess(file: Path, text: str) -> DocumentKind:
    """Take the kind that the file's name says, if what is in it can be that, else what it shows."""
    # Loaded here: deciding lines does not need the checks.
    from landrail.policy.lint import guess_kind

    shown = guess_kind(text)
    words = set(re.split(r"[^a-z]+", file.name.lower()))
    named: dict[DocumentKind, DocumentKind] = {
        "scp": "identity",
        "boundary": "identity",
        "session": "identity",
        "rcp": "resource",
        "endpoint": "resource",
        "trust": "trust",
    }
    for kind, looks_like in named.items():
        if kind in words and shown == looks_like:
            return kind
    return shown


_TEMPLATE = re.compile(r'^[{\s]*("?AWSTemplateFormatVersion"?|Resources|"Resources")\s*:', re.M)


def _refuse_templates(name: str, text: str) -> None:
    if _TEMPLATE.search(text):
        raise _mistake(
            f"`{name}` is a CloudFormation template, not a policy",
            "give the policy document alone, as JSON",
        )
    if not text.lstrip().startswith(("{", "[", '"')) and re.match(r"\s*[\w-]+\s*:", text):
        raise _mistake(f"`{name}` looks like YAML", "AWS takes policies as JSON; give that")


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise _mistake(f"`{file}` cannot be read: {error.strerror}") from error
    with opened:
        try:
            yield opened
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise _mistake(f"`{file}` cannot be read: {error.strerror}") from error


def _mistake(summary: str, remedy: str | None = None) -> Mistakes:
    return Mistakes([Diagnostic(summary, remedy)])
