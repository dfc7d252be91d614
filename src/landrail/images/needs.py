"""What a project depends on, held against what its image will have.

An image on the base `host` has what this machine has; every other gets wheels for its own Python
and machine, fetched and never built, so that the image does not hang on who made it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError
from importlib.metadata import requires as requires_of
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from landrail.images.image import Base, ImageError

OWN = "landrail"
_PLATFORMS = {
    "amd64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "arm64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
}


def normalised(name: str) -> str:
    """Return the name by which an index knows a package (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parsed(requirement: str) -> Requirement | None:
    """Return a requirement (PEP 508), or None for a text that is none."""
    try:
        return Requirement(requirement)
    except InvalidRequirement:
        return None


def unmet(
    requirements: Iterable[Requirement], installed: Mapping[str, str]
) -> list[tuple[Requirement, str | None]]:
    """Return the requirements that a set of packages (name -> version) does not meet, each with the
    version that is there. Those whose marker says that they do not count here are left out."""
    found = []
    for one in requirements:
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        version = installed.get(normalised(one.name))
        if version is None or not one.specifier.contains(version, prereleases=True):
            found.append((one, version))
    return found


def for_image(requirements: Iterable[Requirement]) -> list[str]:
    """Return what is to be fetched: Landrail itself is put into the image by whoever builds it, so
    only what its extras ask for is."""
    found = []
    for one in requirements:
        if normalised(one.name) != OWN:
            found.append(str(one))
            continue
        for extra in sorted(one.extras):
            found += _of_extra(extra)
    return found


def fetch(requirements: Iterable[str], base: Base, index: str, into: Path) -> list[Path]:
    """Download wheels of the requirements and of all that they need, for the base's Python and
    machine, from one index (a URL with its credentials) and no other. Raises ImageError with pip's
    own words, and for a base that does not say which Python it has."""
    asked = list(requirements)
    if not asked:
        return []
    version = ".".join(base.env.get("PYTHON_VERSION", "").split(".")[:2])
    platforms = _PLATFORMS.get(base.architecture)
    if not version or platforms is None:
        raise ImageError(
            f"the base image {base.name} does not say its Python (`PYTHON_VERSION`), or is of an "
            f"architecture that wheels are not fetched for ({base.architecture})"
        )
    tag = f"cp{version.replace('.', '')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--dest", str(into), "--python-version", version]
    command += ["--implementation", "cp", "--abi", tag, "--abi", "abi3", "--abi", "none"]
    command += [part for platform in platforms for part in ("--platform", platform)]
    # The index goes by the environment: an argument could be read by every process.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    environment |= {"PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull}
    ended = subprocess.run(
        [*command, *asked], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        words = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")]
        raise ImageError("; ".join(words) or ended.stderr.strip()[-500:] or "pip failed")
    return sorted(into.glob("*.whl"))


def _of_extra(extra: str) -> list[str]:
    try:
        every = requires_of(OWN) or []
    except PackageNotFoundError as error:
        raise ImageError("landrail is not installed here as a package") from error
    found = []
    for text in every:
        one = Requirement(text)
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            continue
        if one.marker.evaluate({"extra": extra}):
            one.marker = None
            found.append(str(one))
    return found
