"""The demo on the screen: parts with their times, commands as they would be typed, the summary."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from landrail.cli import screen
from landrail.cli.typed import folded_command, from_here, typed
from landrail.cli.views.progress import watching
from landrail.cli.views.target import target_line
from landrail.operations.demo.acts import Outcome
from landrail.operations.demo.report import Report
from landrail.operations.performing import Listener
from landrail.operations.project import Project
from landrail.operations.target import Target
from landrail.plan import Plan

_INDENT = "    "


class Screen:
    """Tells a person what happens, while it happens; says nothing where `quiet`."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def opened(self, project: Project, target: Target) -> None:
        """Say where the demo acts."""
        self._say(target_line(project, target))

    def part(self, name: str, words: str) -> None:
        """Begin a part."""
        self._say(f"\n{name:<10}{words}")

    def part_done(self, name: str, seconds: float) -> None:
        """Say how long it took."""
        self._say(screen.faint(f"{_INDENT}{name}: {seconds:.1f} s"))

    def applying(self, plan: Plan) -> AbstractContextManager[Listener]:
        """Show the apply as `landrail apply` does."""
        return watching(plan, quiet=self._quiet or not screen.lively())

    def command(self, text: str) -> None:
        """Show what somebody types."""
        for line in folded_command(f"$ {text}", _INDENT):
            self._say(line)

    def told(self, text: str) -> None:
        """Show what happened."""
        for line in screen.folded(text, _INDENT, "  "):
            self._say(line)

    def acted(self, outcome: Outcome) -> None:
        """Show an act: what was wanted, by whom, and what decided."""
        for line in act_lines(outcome):
            self._say(f"{_INDENT}{line}")

    def _say(self, text: str) -> None:
        if not self._quiet:
            screen.say(text)


def act_lines(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of one act."""
    word = outcome.got.upper() if outcome.got == "denied" else outcome.got
    mark = screen.green(f"{word:<8}") if outcome.as_it_must else screen.red(f"{word:<8}")
    if outcome.expected == "denied":
        yield outcome.wish
    begun = f"{outcome.caller} {outcome.call}"
    first, *rest = screen.folded(begun, _INDENT + " " * 11)
    yield f"  {mark} {first.strip()}"
    yield from (line.removeprefix(_INDENT) for line in rest)
    if outcome.got == "denied":
        policy = " ".join(filter(None, (outcome.policy, outcome.statement))) or "nothing allows it"
        words = f"{outcome.layer}: {policy} · {outcome.owner}"
        yield from map(screen.faint, _beside(words))
    if not outcome.as_it_must:
        yield from map(screen.red, _beside(f"expected: {outcome.expected}. {outcome.reason}"))


def _beside(words: str) -> list[str]:
    return [line.removeprefix(_INDENT) for line in screen.folded(words, _INDENT + " " * 11)]


def summary(report: Report) -> Iterator[str]:
    """Yield what stands, what was shown, and where to go on."""
    metrics = report.metrics
    yield ""
    yield (
        f"platform {report.platform:<11} {report.accounts} accounts · "
        f"{report.resources:,} resources · {report.guardrails} guardrails "
        f"({report.policies} policies, {report.rules} rules)"
    )
    yield (
        f"model    {report.arns['package'].rpartition('package/')[2]:<11} AUC {report.auc:.3f} "
        f"(departure delay alone {report.baseline:.3f})"
    )
    yield f"         {'gate':<11} {report.gate}, measured {metrics['auc']:.3f}"
    yield f"         {'image':<11} {report.arns['image'].rpartition('@')[2]}"
    yield f"         {'record':<11} {report.approval[:78]}"
    yield (
        f"serving  {'production':<11} {report.flights:,} flights answered, batch of "
        f"{report.batch_rows:,}"
    )
    verdict = screen.green("as they must") if report.ok else screen.red("NOT as they must")
    yield (
        f"access   {len(report.acts)} acts     {report.denied} denied and {report.allowed} allowed "
        f"{verdict}          (--json for each)"
    )
    yield f"again    second plan {_again(report.second_apply)}"
    parts = " · ".join(
        f"{name}\N{NO-BREAK SPACE}{s:.0f}\N{NO-BREAK SPACE}s" for name, s in report.seconds.items()
    )
    yield f"took     {sum(report.seconds.values()):.0f} s"
    yield from screen.folded(parts, " " * 9)
    yield ""
    yield "it is all still running; these lines work as they are:"
    yield from (f"  {line}" for line in _on(report))


def _again(changes: int) -> str:
    return "nothing to do" if not changes else screen.red(f"{changes} changes")


def _on(report: Report) -> Iterator[str]:
    file = Path(from_here(Path(report.file)))
    yield typed("show", file)
    yield typed("as ana@passengers-data-science", file, _look())
    yield typed("shell dee@shared-prod", file)
    event = next((act.event for act in report.acts if act.event), "")
    yield typed(f"explain {event}", file)
    yield typed("local stop", file)


def _look() -> str:
    """Return a command that looks at buckets: aws-cli's where it is installed, else boto3's."""
    beside = Path(sys.executable).with_name("aws")
    if beside.exists() or shutil.which("aws"):
        return "aws s3 ls"
    program = (
        "import boto3; print(*(b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']))"
    )
    return f'python -c "{program}"'
