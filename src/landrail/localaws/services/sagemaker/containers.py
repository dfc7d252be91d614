"""The training and processing contracts: `/opt/ml`, its configuration files, `SM_*` variables."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from landrail.localaws.api import Listener
from landrail.localaws.runtimes.images import Unpacked, work
from landrail.localaws.runtimes.left import read
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.process import Bind, Exit, start
from landrail.localaws.services.sagemaker.jobs import STOP_SECONDS, Stopped, Work
from landrail.localaws.services.sagemaker.roles import variables

_LONGEST = 1024  # characters of a FailureReason
_KILLED = 137
_TOO_SMALL = (
    "Please use an instance type with more memory, or reduce the size of job data processed on an "
    "instance."
)
_EXCEEDED = {
    "processes": "The container has more processes than it may",
    "disk": "No space left on device: the volume of the instance (VolumeSizeInGB), or the disk of "
    "this machine, is full",
}
ML = "/opt/ml"
HOST = "algo-1"


def command(
    image: Unpacked,
    entrypoint: Sequence[str] | None,
    arguments: Sequence[str] | None,
    default: Sequence[str],
) -> list[str]:
    """Return what to run: the request's entry point or the image's, with the request's arguments
    or the default ones of the contract."""
    first = list(entrypoint or image.settings.entrypoint or image.settings.command)
    if arguments:
        return [*first, *arguments]
    return first if entrypoint else [*first, *default]


def environment(job: Work, given: Mapping[str, str], listener: Listener | None) -> dict[str, str]:
    """Return the variables that every container of SageMaker has."""
    return {
        **variables(job.credentials, job.place.region, listener),
        "SAGEMAKER_BASE_DIR": ML,
        **given,
    }


def training_variables(
    channels: Sequence[str], hyperparameters: Mapping[str, str]
) -> dict[str, str]:
    """Return the `SM_*` variables of a training container."""
    return {
        "SM_MODEL_DIR": f"{ML}/model",
        "SM_INPUT_DIR": f"{ML}/input",
        "SM_INPUT_CONFIG_DIR": f"{ML}/input/config",
        "SM_OUTPUT_DIR": f"{ML}/output",
        "SM_OUTPUT_DATA_DIR": f"{ML}/output/data",
        "SM_CHANNELS": json.dumps(list(channels)),
        "SM_HPS": json.dumps(dict(hyperparameters)),
        "SM_HOSTS": json.dumps([HOST]),
        "SM_CURRENT_HOST": HOST,
        "SM_NUM_CPUS": str(os.cpu_count() or 1),
        "SM_NUM_GPUS": "0",
        **{f"SM_CHANNEL_{name.upper()}": f"{ML}/input/data/{name}" for name in channels},
        **{f"SM_HP_{name.upper()}": value for name, value in hyperparameters.items()},
    }


def write_config(folder: Path, documents: Mapping[str, Any]) -> None:
    """Write the configuration files of a container (`hyperparameters.json` ...)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document))


def run(
    job: Work,
    image: Unpacked,
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    network: bool,
    seconds: float,
    limits: Limits,
    on_line: Any,
    host: str = "",
) -> Exit:
    """Run a container to its end, with the variables `env` besides those that all have; raises
    Stopped if the job was stopped, CannotRun. `host` is the folder of one of several."""
    ml, scratch = job.make(*(str(Path(host, name)) for name in ("ml", "scratch")))
    if not network:
        job.log.line("landrail: network isolation: no network and no credentials")
    with ExitStack() as until_its_end:
        listener = job.platform.listen(job.origin, job.role) if network else None
        if listener is not None:
            until_its_end.callback(listener.close)
        words = environment(job, env, listener)
        binds = [Bind(ml, ML, writable=True)]
        task = work(
            image,
            argv,
            words,
            binds,
            scratch,
            network=network,
            limits=limits,
            may_be_warm=job.warm,
        )
        if listener is not None and job.vpc and job.vpc.get("Subnets"):
            # Its subnet leads to AWS by the listener, and nowhere else.
            task = replace(task, way=urlsplit(listener.endpoint).port)
        running = start(task, on_line)
        if listener is not None:
            listener.belongs_to(running.calls_from)
        job.watch(running)
        ended = running.wait(timeout=seconds, grace=STOP_SECONDS)
    if job.stopping.is_set():
        raise Stopped
    return ended


def failure(folder: Path, ended: Exit) -> str | None:
    """Return the FailureReason of a container that ended badly, None for one that did well."""
    if ended.exceeded == "memory":
        return f"ClientError: {_TOO_SMALL}, exit code: {_KILLED}"
    if ended.exceeded is not None:
        return f"AlgorithmError: {_EXCEEDED[ended.exceeded]}, exit code: {_KILLED}"
    if ended.status == 0:
        return None
    before, after = "AlgorithmError: ", f", exit code: {ended.status}"
    text = left(folder, "output/failure") or "See job logs for more information"
    return f"{before}{text[: _LONGEST - len(before) - len(after)]}{after}"


def left(folder: Path, name: str) -> str | None:
    """Return the first 1024 characters of a file that a container left below `/opt/ml`."""
    found = read(folder / "ml", name, 4 * _LONGEST)
    return None if found is None else found.decode("utf-8", "replace")[:_LONGEST]
