"""What a pipeline leaves for another one: builds, trained candidates, registered versions.

Each is kept in the artifact bucket under its own name (`trained/churn/JOB.zip`), and the newest
under the model's (`trained/churn.zip`), where the source of the next pipeline finds it. Who may
write which shelf, the bucket's policy says.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.handover import BUILDS, NEWEST, REGISTERED, TRAINED
from landrail.operations.model.archive import pack, unpack
from landrail.operations.model.artifacts import OUT
from landrail.operations.model.objects import put
from landrail.operations.model.settings import Settings, Variable

__all__ = ["BUILDS", "REGISTERED", "TRAINED", "choose", "keep"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHORTEST = 7  # characters of a commit that may stand for it
_TOLD = 5
_WHAT = {
    BUILDS: "build of the commit",
    TRAINED: "trained candidate",
    REGISTERED: "registered version",
}


def keep(settings: Settings, build: BuildSession, shelf: str, name: str) -> None:
    """Keep what this step has left in `out/`, by its name and as the newest."""
    body = pack((str(p.relative_to(OUT)), p) for p in sorted(OUT.rglob("*")) if p.is_file())
    model = settings[Variable.MODEL]
    for key in (f"{shelf}/{model}/{name}.zip", f"{shelf}/{model}.zip"):
        bucket, by = settings[Variable.ARTIFACT_BUCKET], settings[Variable.ARTIFACT_KEY]
        put(build.client("s3"), bucket, key, body, by)


def choose(settings: Settings, build: BuildSession) -> str:
    """Lay what the execution names into `out/`, or the newest, which its source brought; return
    its name. Raises Mistakes where there is no such thing."""
    shelf, wanted = settings[Variable.SHELF], settings[Variable.CHOICE]
    if wanted == NEWEST:
        _lay(Path())
        return NEWEST
    name = wanted.rpartition("/")[2]
    if not _NAME.fullmatch(name):
        raise Mistakes([Diagnostic(f"`{wanted}` names no {_WHAT[shelf]}", "leave it out")])
    there = _names(settings, build, shelf)
    if name not in there:
        name = _one_of(wanted, name, shelf, there)
    key = f"{shelf}/{settings[Variable.MODEL]}/{name}.zip"
    found = build.client("s3").get_object(Bucket=settings[Variable.ARTIFACT_BUCKET], Key=key)
    unpack(found["Body"].read(), OUT)
    return name


def _one_of(wanted: str, name: str, shelf: str, there: list[str]) -> str:
    """The one build whose commit begins so: people name commits by their first characters."""
    begun = [one for one in there if one.startswith(name)]
    if shelf == BUILDS and len(begun) == 1 and len(name) >= _SHORTEST:
        return begun[0]
    some = ", ".join(there[-_TOLD:]) or "none"
    raise Mistakes([Diagnostic(f"there is no {_WHAT[shelf]} `{wanted}`", f"there are: {some}")])


def _names(settings: Settings, build: BuildSession, shelf: str) -> list[str]:
    """What lies on a shelf, the newest last."""
    folder = f"{shelf}/{settings[Variable.MODEL]}/"
    pages = build.client("s3").get_paginator("list_objects_v2")
    found = [
        one
        for page in pages.paginate(Bucket=settings[Variable.ARTIFACT_BUCKET], Prefix=folder)
        for one in page.get("Contents", [])
    ]
    found.sort(key=lambda one: one["LastModified"])
    return [one["Key"].removeprefix(folder).removesuffix(".zip") for one in found]


def _lay(folder: Path) -> None:
    OUT.mkdir(exist_ok=True)
    for file in sorted(folder.iterdir()):
        if file.is_file():
            shutil.copy2(file, OUT / file.name)
