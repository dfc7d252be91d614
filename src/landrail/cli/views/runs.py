"""A model's pipelines as lines for people and as data for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from landrail.cli import screen
from landrail.cli.typed import from_here
from landrail.operations.runs.lines import Line
from landrail.operations.runs.opened import Opened
from landrail.operations.runs.standing import Live, Pipelined, Standing
from landrail.operations.runs.state import ActionRun, Run

_COLOURS = {
    "Succeeded": screen.green,
    "Failed": screen.red,
    "InProgress": screen.yellow,
    "Stopping": screen.yellow,
}
_SHORT = 8  # characters of an execution's id that are shown


def target_line(opened: Opened) -> str:
    """Return where the commands act, and as whom."""
    file = f"file {from_here(opened.project.path)} sha256:{opened.project.digest[:12]}…"
    line = f"target  {opened.target}   as {opened.person} ({opened.role})   {file}"
    if len(line) <= screen.width():
        return line
    return f"target  {opened.target}   as {opened.person} ({opened.role})\n        {file}"


def standing_lines(opened: Opened, found: Standing) -> Iterator[str]:
    """Yield how a model stands."""
    team = opened.project.document.models[opened.model].team
    yield f"model   {opened.model}   team {team}"
    for pipeline in found.pipelines:
        yield ""
        yield from _pipeline_lines(pipeline)
    yield ""
    yield f"versions  {_versions(found)}"
    if isinstance(found.live, Live):
        version = found.live.package.rpartition("/")[2] or "of no version"
        yield f"live      version {version}   {found.live.status}   {_digest(found.live.image)}"
    else:
        yield f"live      {found.live}"


def standing_data(opened: Opened, found: Standing) -> dict[str, Any]:
    """Return the JSON twin."""
    live = found.live
    return {
        "model": opened.model,
        "pipelines": [
            {
                "name": one.name,
                "stages": one.stages,
                "execution": run_data(one.run, one.actions) if one.run else None,
                "last_words": one.last_words,
                "approvals": [
                    {
                        "execution": waits.execution,
                        "stage": waits.stage,
                        "action": waits.action,
                        "since": waits.since,
                    }
                    for waits in one.approvals
                ],
            }
            for one in found.pipelines
        ],
        "versions": [{"version": number, "status": status} for number, status in found.versions],
        "live": {"status": live.status, "image": live.image, "model_package": live.package}
        if isinstance(live, Live)
        else {"status": None, "reason": live},
    }


def log_lines(run: Run, done: Sequence[ActionRun]) -> Iterator[str]:
    """Yield one execution: what started it, and each action with its time and its words."""
    yield f"{run_words(run)}   {_coloured(run.status)}"
    if run.stopped:
        yield from screen.folded(f"stopped: {run.stopped}", "  ")
    rows = [
        (
            one.stage,
            one.name,
            one.status,
            _clock(one.started),
            f"{one.seconds:.0f} s" if one.seconds is not None else "",
            f"by {one.by}" if one.by else "",
        )
        for one in done
    ]
    told = screen.table(rows, indent="  ")
    for one, line in zip(done, told, strict=True):
        yield line.replace(one.status, _coloured(one.status), 1)
        for said in one.said.splitlines():
            yield from screen.folded(said, "      ")


def run_words(run: Run) -> str:
    """Return one line that names an execution."""
    line = f"{run.pipeline} {run.execution[:_SHORT]}   {_clock(run.started)}   {_started(run)}"
    room = screen.width() - len(line) - len("   InProgress   ")
    return f"{line}   {_cut(run.revision, room)}" if run.revision and room > _SHORT else line


def _started(run: Run) -> str:
    """Say what started an execution."""
    kind, _, detail = run.trigger.partition(" ")
    by = "a build" if detail.startswith("AWSCodeBuild-") else detail
    if run.rolls_back_to:
        return f"{by} rolls back to {run.rolls_back_to[:_SHORT]}"
    if kind == "CreatePipeline":
        return "made"
    return f"by {by}" if by else kind


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"


def run_data(run: Run, done: Sequence[ActionRun] = ()) -> dict[str, Any]:
    """Return an execution as data."""
    return {
        "pipeline": run.pipeline,
        "execution": run.execution,
        "status": run.status,
        "started": run.started,
        "updated": run.updated,
        "trigger": run.trigger,
        "revision": run.revision,
        "rolls_back_to": run.rolls_back_to or None,
        "stop_reason": run.stopped or None,
        "actions": [
            {
                "stage": one.stage,
                "action": one.name,
                "status": one.status,
                "started": one.started,
                "ended": one.ended,
                "external_id": one.external or None,
                "said": one.said or None,
                "by": one.by or None,
            }
            for one in done
        ],
    }


def line_words(line: Line) -> str:
    """Return a log line for people: where it is from, then what it says."""
    return f"{screen.faint(line.action.ljust(8))} {line.text}"


def line_data(line: Line) -> str:
    """Return a log line as one line of JSON."""
    told = {
        "stage": line.stage,
        "action": line.action,
        "time": line.when.isoformat(),
        "stream": line.stream,
        "text": line.text,
    }
    return json.dumps(told, ensure_ascii=False)


def _pipeline_lines(pipeline: Pipelined) -> Iterator[str]:
    if pipeline.run is None:
        yield f"{pipeline.name}   has not run yet"
        return
    yield f"{run_words(pipeline.run)}   {_coloured(pipeline.run.status)}"
    if pipeline.run.stopped:
        yield from screen.folded(f"stopped: {pipeline.run.stopped}", "  ")
    latest = {(one.stage, one.name): one for one in pipeline.actions}
    line = " → ".join(f"{stage} {_coloured(_status(stage, latest))}" for stage in pipeline.stages)
    yield f"  {line}"
    for one in latest.values():
        if one.status == "Failed" and one.said:
            yield from screen.folded(f"{one.name}: {one.said.splitlines()[0]}", "  ")
    for said in pipeline.last_words:
        yield f"    {screen.faint(_cut(said, screen.width() - 4))}"
    for waits in pipeline.approvals:
        of = "" if waits.execution == pipeline.run.execution else f" of {waits.execution[:8]}"
        since = _clock(waits.since)
        yield screen.yellow(f"  {waits.stage}{of} waits for approval since {since}")


def _status(stage: str, latest: Mapping[tuple[str, str], ActionRun]) -> str:
    """Say how a stage stands by the last attempt at each of its actions."""
    found = [one.status for (of, _), one in latest.items() if of == stage]
    worst = ("Failed", "Abandoned", "InProgress")
    return next((one for one in worst if one in found), found[-1] if found else "·")


def _versions(found: Standing) -> str:
    if not found.versions:
        return "none registered"
    return ", ".join(f"{number} {status}" for number, status in found.versions[:5])


def _digest(image: str) -> str:
    name, _, digest = image.partition("@")
    return f"{name.rpartition('/')[2]}@{digest[:19]}…" if digest else image


def _coloured(status: str) -> str:
    return _COLOURS.get(status, screen.faint)(status)


def _clock(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
