"""Who watches the demo: the command line prints, a program listens or does not."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from landrail.operations.demo.acts import Outcome
from landrail.operations.performing import Listener
from landrail.operations.project import Project
from landrail.operations.target import Target
from landrail.plan import Plan


class Watcher(Protocol):
    """Hears of everything as it happens."""

    def opened(self, project: Project, target: Target) -> None:
        """The demo acts there."""

    def part(self, name: str, words: str) -> None:
        """A part begins."""

    def part_done(self, name: str, seconds: float) -> None:
        """A part is over."""

    def applying(self, plan: Plan) -> AbstractContextManager[Listener]:
        """An apply begins; yields who listens to it."""

    def command(self, text: str) -> None:
        """Somebody does what this command does."""

    def told(self, text: str) -> None:
        """Something happened."""

    def acted(self, outcome: Outcome) -> None:
        """An act was attempted."""
