"""The base image `host`: stands for the Python of the machine that builds and runs.

It holds nothing but the lock of the packages installed there, so that its digest is theirs. The
local AWS runs such an image only where the same packages are installed; AWS cannot run it.
"""

from __future__ import annotations

import platform
import sysconfig
from importlib.metadata import distributions

from landrail.images.files import File
from landrail.images.image import OCI_LAYER, Base, digest_of
from landrail.images.layers import layer
from landrail.images.needs import normalised

BASE_LABEL = "dev.landrail.base"
LOCK_LABEL = "dev.landrail.lock"
LOCK_PATH = "etc/landrail/lock.txt"
# Several jobs share this machine's cores: OpenMP's threads must sleep while they wait for each
# other, or two trainings at once spend ten times their work on waiting (measured).
_ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE"}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def host_base() -> Base:
    """Return the base image of this machine's Python."""
    text = lock().encode()
    return Base(
        name="host",
        layers=(layer({LOCK_PATH: File(text)}, OCI_LAYER),),
        env=_ENVIRONMENT,
        labels={BASE_LABEL: "host", LOCK_LABEL: digest_of(text)},
        architecture=_ARCHITECTURES.get(platform.machine(), platform.machine()),
    )


def lock() -> str:
    """Return the sorted `name==version` lines of the packages installed for this interpreter."""
    return "".join(f"{name}=={version}\n" for name, version in sorted(installed().items()))


def installed() -> dict[str, str]:
    """Return the version of each package installed for this interpreter, by its normalised name.

    Only its own site directories count: what `PYTHONPATH` adds is not part of the base.
    """
    paths = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    return {
        normalised(name): distribution.version
        for distribution in distributions(path=paths)
        if (name := distribution.metadata["Name"])
    }
