"""A commented file to start from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.spec.load import load

DEFAULT_QUOTA = 10
"""Accounts that a new AWS organization may have before it asks for more."""


@dataclass(frozen=True, slots=True)
class Started:
    """The file written and the accounts that it makes."""

    path: Path
    accounts: tuple[str, ...]


def init(path: Path, platform: str) -> Started:
    """Write the starter file; raises Mistakes where the file is there or the name is no name."""
    try:
        text = starter(platform)
        document = load(text, str(path))
    except Mistakes as mistakes:  # of the name: all else in the file is ours
        named = [Diagnostic(f"--platform: {d.summary}", d.remedy) for d in mistakes.diagnostics]
        raise Mistakes(named) from mistakes
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        remedy = "it is left as it is; name another with -f"
        raise Mistakes([Diagnostic(f"`{path}` is there already", remedy)]) from error
    except OSError as error:
        raise Mistakes([Diagnostic(f"`{path}` cannot be written: {error.strerror}")]) from error
    return Started(path, tuple(made.name for made in document.accounts_made()))


def starter(platform: str) -> str:
    """Return the text of the starter file; it says how many accounts it makes."""
    template = files("landrail.operations").joinpath("starter.yaml").read_text(encoding="utf-8")
    text = template.replace("PLATFORM", platform)
    count = len(load(text, "starter.yaml").accounts_made())
    return text.replace("COUNT", str(count)).replace("QUOTA", str(DEFAULT_QUOTA))
