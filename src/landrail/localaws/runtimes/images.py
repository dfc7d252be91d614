"""Images unpacked from their layers, kept by digest, and the work that one of them does.

Reads layers from files that are already here; where they come from is not known. A path that
leaves the image, or a layer that is not what its digest says, is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from landrail.localaws.runtimes.host import BASE_LABEL, LOCK_LABEL, lock_digest, search_path
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.sandbox import Bind, CannotRun, Work
from landrail.localaws.runtimes.warm import warm

PROGRAM = "/opt/program"
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
_unpacking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Settings:
    """What an image's config says of the process to start."""

    env: Mapping[str, str]
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    workdir: str
    labels: Mapping[str, str]

    @property
    def on_host(self) -> bool:
        """Whether the image stands on this machine's Python."""
        return self.labels.get(BASE_LABEL) == "host"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An image ready to run from a folder."""

    folder: Path
    settings: Settings


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A layer's file, with its digest (`sha256:...`) and media type."""

    digest: str
    media_type: str
    path: Path = field(repr=False)


def settings(config: bytes) -> Settings:
    """Read an image's config blob."""
    document: dict[str, Any] = json.loads(config).get("config") or {}
    return Settings(
        env=dict(entry.split("=", 1) for entry in document.get("Env") or () if "=" in entry),
        entrypoint=tuple(document.get("Entrypoint") or ()),
        command=tuple(document.get("Cmd") or ()),
        workdir=document.get("WorkingDir") or "/",
        labels=document.get("Labels") or {},
    )


def unpack(cache: Path, config: bytes, layers: Sequence[LayerFile]) -> Unpacked:
    """Return the image with these layers, unpacked below `cache` unless it is there already.

    Raises CannotRun for an unsafe or damaged layer, and for an image built on another set of the
    host's packages than are installed now.
    """
    read = settings(config)
    if read.on_host and read.labels.get(LOCK_LABEL) != lock_digest():
        raise CannotRun(
            "the image was built on other packages than this machine's Python has now "
            f"(lock {read.labels.get(LOCK_LABEL)}, installed {lock_digest()}): build it again"
        )
    chain = hashlib.sha256("\n".join(layer.digest for layer in layers).encode()).hexdigest()
    folder = cache / chain
    with _unpacking:
        if not folder.is_dir():
            cache.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(dir=cache))
            try:
                for layer in layers:
                    _apply(layer, fresh)
                fresh.chmod(0o755)
                fresh.rename(folder)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
    return Unpacked(folder, read)


def work(
    image: Unpacked,
    argv: Sequence[str],
    env: Mapping[str, str],
    binds: Sequence[Bind],
    scratch: Path,
    *,
    network: bool = True,
    limits: Limits | None = None,
    may_be_warm: bool = False,
) -> Work:
    """Return the work of running `argv` in an image; `env` wins over the image's own."""
    merged = {**image.settings.env, **env}
    if not image.settings.on_host:
        return Work(
            tuple(argv),
            merged,
            image.settings.workdir,
            scratch,
            tuple(binds),
            root=image.folder,
            network=network,
            limits=limits or Limits(),
        )
    own = [part for part in merged.get("PATH", "").split(":") if part.startswith(PROGRAM)]
    merged["PATH"] = ":".join([*own, search_path()])
    program = image.folder / PROGRAM.lstrip("/")
    program.mkdir(parents=True, exist_ok=True)
    return Work(
        tuple(argv),
        merged,
        image.settings.workdir,
        scratch,
        (Bind(program, PROGRAM), *binds),
        network=network,
        limits=limits or Limits(),
        warm=warm(program, argv, image.settings.env, env)
        if may_be_warm and not network and image.settings.workdir == PROGRAM
        else None,
    )


def _apply(layer: LayerFile, folder: Path) -> None:
    with layer.path.open("rb") as file:
        found = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
        if found != layer.digest:
            raise CannotRun(f"the layer {layer.digest} is damaged")
        file.seek(0)
        packed = layer.media_type.endswith("gzip")
        stream: Any = gzip.GzipFile(fileobj=file) if packed else file
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    _member(archive, member, folder)
        except (tarfile.TarError, EOFError, OSError) as error:
            raise CannotRun(f"the layer {layer.digest} cannot be unpacked: {error}") from error


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    parts = [part for part in PurePosixPath(member.name).parts if part not in ("/", ".")]
    if ".." in parts:
        raise CannotRun(f"the image holds `{member.name}`, which leaves it")
    if not parts:
        return
    parent = _parent(folder, parts[:-1])
    name, target = parts[-1], parent / parts[-1]
    if name == _OPAQUE:
        for child in list(parent.iterdir()):
            _remove(child)
    elif name.startswith(_WHITEOUT):
        _remove(parent / name.removeprefix(_WHITEOUT))
    elif member.isdir():
        if target.is_symlink() or not target.is_dir():
            _remove(target)
            target.mkdir()
    else:
        _remove(target)
        _write(archive, member, folder, target)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, target: Path) -> None:
    if member.issym():
        target.symlink_to(member.linkname)
    elif member.islnk():
        parts = [part for part in PurePosixPath(member.linkname).parts if part not in ("/", ".")]
        if ".." in parts or not parts:
            raise CannotRun(f"the image links `{member.name}` to a place outside of it")
        os.link(_parent(folder, parts[:-1]) / parts[-1], target, follow_symlinks=False)
    elif member.isreg():
        source: IO[bytes] | None = archive.extractfile(member)
        assert source is not None
        with source, target.open("xb") as out:
            shutil.copyfileobj(source, out)
        target.chmod(0o755 if member.mode & 0o100 else 0o644)
    elif not member.ischr() and not member.isblk() and not member.isfifo():
        raise CannotRun(f"the image holds `{member.name}` of a kind that cannot be unpacked")


def _parent(folder: Path, parts: Sequence[str]) -> Path:
    """Return a folder of the image, made if needed; a link may not lead out of the image."""
    root = folder.resolve()
    here = root
    for part in parts:
        here = here / part
        if here.is_symlink():
            link = os.readlink(here)
            here = Path(
                os.path.normpath(root / link.lstrip("/") if link[0] == "/" else here.parent / link)
            )
        if here.resolve() != here or not here.is_relative_to(root):
            raise CannotRun(f"the image holds a link that leaves it at `{'/'.join(parts)}`")
        here.mkdir(exist_ok=True)
    return here


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
