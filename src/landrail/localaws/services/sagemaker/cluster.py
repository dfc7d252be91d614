"""The machines of a processing job: each a container with a folder of its own, all at once.

Locally they share this machine. The first that fails ends the others, as on SageMaker.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.runtimes.images import Unpacked
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.process import Exit
from landrail.localaws.services.sagemaker import containers
from landrail.localaws.services.sagemaker.jobs import Work
from landrail.localaws.services.sagemaker.objects import NoData
from landrail.localaws.services.sagemaker.records import Document

_EVERY = 1.0  # second
_FROM = {"FullyReplicated": False, "ShardedByS3Key": True}


@dataclass(frozen=True, slots=True)
class Machine:
    """One of the machines: its name, its number, and where its files lie."""

    name: str
    number: int
    folder: Path

    def inside(self, path: str) -> Path:
        """Return where a folder of its container lies."""
        return (self.folder / "ml").joinpath(*Path(path).parts[3:])


@dataclass(frozen=True, slots=True)
class Cluster:
    """The machines of a job."""

    work: Work
    job: Document
    machines: tuple[Machine, ...]

    @classmethod
    def of(cls, work: Work, job: Document) -> Cluster:
        """Return the machines that the request asks for, with the configuration that each finds."""
        asked = job["ProcessingResources"]["ClusterConfig"]
        names = [f"algo-{n + 1}" for n in range(asked["InstanceCount"])]
        made = tuple(Machine(name, n, work.folder / name) for n, name in enumerate(names))
        for machine in made:
            (machine.folder / "ml" / "output").mkdir(parents=True, exist_ok=True)
            documents = {
                "processingjobconfig.json": {k: v for k, v in job.items() if k[0] != "_"},
                "resourceconfig.json": {
                    "current_host": machine.name,
                    "hosts": names,
                    "current_instance_type": asked["InstanceType"],
                },
            }
            containers.write_config(machine.folder / "ml" / "config", documents)
        return cls(work, job, made)

    def bring(self, source: Document) -> None:
        """Bring an input to every machine: all of it, or to each its share of the objects."""
        kind = source.get("S3DataDistributionType", "FullyReplicated")
        for machine in self.machines:
            folder = machine.inside(source["LocalPath"])
            folder.mkdir(parents=True, exist_ok=True)
            every = slice(machine.number, None, len(self.machines))
            share = every if _FROM[kind] else slice(None)
            self.work.objects().download(source["S3DataType"], source["S3Uri"], folder, share)
            self.work.checkpoint()

    def run(
        self,
        image: Unpacked,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        network: bool,
        seconds: float,
        limits: Limits,
    ) -> list[tuple[Machine, Exit]]:
        """Run every machine's container; return how they ended, the first to fail first."""
        ended: list[tuple[Machine, Exit]] = []

        def one(machine: Machine) -> None:
            done = containers.run(
                self.work,
                image,
                argv,
                env,
                network=network,
                seconds=seconds,
                limits=limits,
                on_line=self._said_by(machine),
                host=machine.name,
            )
            ended.append((machine, done))
            if done.status and not any(other.status for _, other in ended[:-1]):
                for running in list(self.work.running):
                    running.stop()

        with ThreadPoolExecutor(len(self.machines)) as pool:
            for result in [pool.submit(one, machine) for machine in self.machines]:
                result.result()
        return sorted(ended, key=lambda found: found[1].status == 0)

    def _said_by(self, machine: Machine) -> Any:
        if len(self.machines) == 1:
            return self.work.log.line
        return lambda line: self.work.log.line(f"[{machine.name}] {line}")


@dataclass
class Outputs:
    """What machines write, brought to S3: at the end, or as it appears (`Continuous`)."""

    cluster: Cluster
    targets: list[Document]
    key: str | None
    _sent: dict[str, tuple[int, int]] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Outputs:
        for target in self.targets:
            for machine in self.cluster.machines:
                machine.inside(target["LocalPath"]).mkdir(parents=True, exist_ok=True)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        if any(target["S3UploadMode"] == "Continuous" for target in self.targets):
            self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._ended.set()
        if not self._thread.ident:
            return
        self._thread.join()
        if kind is not None:
            # What was written before a failure is kept; the failure is what is told.
            with suppress(NoData):
                self._send("Continuous")

    def finish(self) -> None:
        """Bring all that is left; raises NoData."""
        self._ended.set()
        if self._thread.ident:
            self._thread.join()
        self.cluster.work.renew()
        for mode in ("Continuous", "EndOfJob"):
            self._send(mode)

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY):
            with suppress(NoData, ApiError, OSError):  # tried again, and told at the end
                self._send("Continuous")

    def _send(self, mode: str) -> None:
        objects = self.cluster.work.objects()
        for target in self.targets:
            if target["S3UploadMode"] != mode:
                continue
            for machine in self.cluster.machines:
                below = "/".join(Path(target["LocalPath"]).parts[3:])
                objects.upload(machine.folder / "ml", below, target["S3Uri"], self.key, self._sent)
