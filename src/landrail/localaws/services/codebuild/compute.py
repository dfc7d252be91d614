"""What a build may use: the memory and the disk of its compute type, by AWS's figures.

It has no more memory than this machine.
"""

from __future__ import annotations

from landrail.localaws.runtimes.limits import Limits, machine

# Gibibytes of memory and gigabytes of disk, of Linux containers.
COMPUTE = {
    "BUILD_GENERAL1_SMALL": (4, 64),
    "BUILD_GENERAL1_MEDIUM": (8, 128),
    "BUILD_GENERAL1_LARGE": (16, 128),
    "BUILD_GENERAL1_XLARGE": (72, 256),
    "BUILD_GENERAL1_2XLARGE": (144, 824),
}
_PROCESSES = 1024
_GIBIBYTE, _GIGABYTE = 1024**3, 10**9
KILLED = {
    "memory": "The build used more memory than its compute type has",
    "processes": f"The build had more than {_PROCESSES} processes",
    "disk": "The build filled the disk of its compute type, or of this machine",
}


def limits(compute_type: str) -> Limits:
    """Return what a build of a compute type may use."""
    memory, disk = COMPUTE[compute_type]
    return Limits(min(memory * _GIBIBYTE, machine()), _PROCESSES, disk * _GIGABYTE)
