"""Where the demo plays: a folder with the example's file, begun afresh each time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from landrail.diagnostics import Failure
from landrail.operations import local
from landrail.operations.project import STATE, not_writable
from landrail.operations.turn import check_free

FOLDER = "landrail-demo"
_MARK = ".landrail-demo"
_BESIDE = Path(__file__).parents[4] / "examples"
"""Where the examples lie in a checkout; in an installation they are part of the package."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The folder of the demo and the example it is made from; `afresh` says that an earlier demo
    was cleared away."""

    folder: Path
    example: Path
    afresh: bool

    @property
    def file(self) -> Path:
        """The platform's file."""
        return self.folder / "landrail.yaml"

    @property
    def state(self) -> Path:
        """The state folder of its local AWS."""
        return self.folder / STATE


def set_up(where: Path) -> Scene:
    """Make the demo's folder below `where`, clearing an earlier demo away; raises Failure for a
    folder of that name that is not a demo's."""
    folder = where / FOLDER
    afresh = folder.exists()
    if afresh and not (folder / _MARK).exists():
        raise Failure(f"`{folder}` is there and is not a demo of landrail", "move it away")
    if afresh:
        check_free(folder / STATE)
        local.reset(folder / STATE)
        shutil.rmtree(folder)
    example = _examples() / "airline"
    try:
        folder.mkdir(parents=True)
        (folder / _MARK).touch()
        shutil.copy(example / "landrail.yaml", folder / "landrail.yaml")
    except OSError as error:
        raise not_writable(folder, error) from error
    return Scene(folder, example, afresh)


def _examples() -> Path:
    packaged = Path(str(files("landrail"))) / "examples"
    return packaged if packaged.is_dir() else _BESIDE
