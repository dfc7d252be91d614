"""Wheels unpacked so that they import: what an installer would put into `site-packages`.

Nothing is resolved and nothing is run: the wheels given are the packages there will be.
"""

from __future__ import annotations

import base64
import configparser
import csv
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from landrail.images.files import File
from landrail.images.image import ImageError

_SCRIPT = """#!/usr/bin/env python
import sys
from {module} import {first}
sys.exit({function}())
"""


def unpack(wheels: Sequence[bytes]) -> dict[str, File]:
    """Return the files of some wheels by their path below a site folder.

    Raises ImageError for a damaged wheel, or where two wheels hold one path with other contents.
    """
    site: dict[str, File] = {}
    for wheel in wheels:
        for name, file in _one(wheel).items():
            if site.setdefault(name, file) != file:
                raise ImageError(f"two wheels hold different files at `{name}`")
    return site


def _one(wheel: bytes) -> dict[str, File]:
    try:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            files = {
                info.filename: File(archive.read(info), bool(info.external_attr >> 16 & 0o100))
                for info in archive.infolist()
                if not info.is_dir()
            }
    except (zipfile.BadZipFile, EOFError) as error:
        raise ImageError(f"not a wheel: {error}") from error
    record = next((n for n in files if n.endswith(".dist-info/RECORD")), None)
    if record is None:
        raise ImageError("not a wheel: it has no RECORD")
    _verify(files, record)
    placed = {place: file for name, file in files.items() for place, file in _place(name, file)}
    return placed | _scripts(files, record.rpartition("/")[0])


def _verify(files: Mapping[str, File], record: str) -> None:
    rows = list(csv.reader(io.StringIO(files[record].content.decode())))
    known = {row[0]: row[1] for row in rows if len(row) > 1}
    for name, file in files.items():
        if name.startswith(record.rpartition("/")[0]) and name.endswith(("RECORD", ".jws", ".p7s")):
            continue
        method, _, wanted = known.get(name, "").partition("=")
        if method not in ("sha256", "sha384", "sha512"):
            raise ImageError(f"the wheel's RECORD has no digest of `{name}`")
        found = base64.urlsafe_b64encode(hashlib.new(method, file.content).digest()).decode()
        if found.rstrip("=") != wanted:
            raise ImageError(f"the wheel is damaged: `{name}` is not what its RECORD says")


def _place(name: str, file: File) -> list[tuple[str, File]]:
    parts = PurePosixPath(name).parts
    if not parts[0].endswith(".data"):
        return [(name, file)]
    rest = "/".join(parts[2:])
    if parts[1] in ("purelib", "platlib"):
        return [(rest, file)]
    if parts[1] == "scripts":
        return [(f"bin/{rest}", File(_shebang(file.content), executable=True))]
    # Headers and data files of a prefix are nothing that runs.
    return []


def _shebang(script: bytes) -> bytes:
    if not script.startswith(b"#!python"):
        return script
    return b"#!/usr/bin/env python" + script[len(b"#!python") :]


def _scripts(files: Mapping[str, File], information: str) -> dict[str, File]:
    points = files.get(f"{information}/entry_points.txt")
    if points is None:
        return {}
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # names keep their case
    parser.read_string(points.content.decode())
    if not parser.has_section("console_scripts"):
        return {}
    return {
        f"bin/{name}": File(_script(point), executable=True)
        for name, point in parser.items("console_scripts")
    }


def _script(point: str) -> bytes:
    module, _, function = point.split("[")[0].strip().partition(":")
    first = function.split(".")[0]
    return _SCRIPT.format(module=module, first=first, function=function).encode()
