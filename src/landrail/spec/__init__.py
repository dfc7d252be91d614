"""What the file says, as a typed and frozen document.

`landrail.spec.load.load` makes it from text with every mistake at once; the values here know
nothing of YAML. The values load pydantic when they are first asked for: the command line does so
only in the commands that read the file.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landrail.spec.document import AccountMade, Platform, Source
    from landrail.spec.sections import (
        AccountEntry,
        AwsTarget,
        Dataset,
        Identity,
        Model,
        Network,
        Target,
        Team,
    )

__all__ = [
    "AccountEntry",
    "AccountMade",
    "AwsTarget",
    "Dataset",
    "Identity",
    "Model",
    "Network",
    "Platform",
    "Source",
    "Target",
    "Team",
]

_OF_THE_DOCUMENT = ("AccountMade", "Platform", "Source")


def __getattr__(name: str) -> Any:
    """Load a value's module when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place = "document" if name in _OF_THE_DOCUMENT else "sections"
    return getattr(import_module(f"{__name__}.{place}"), name)
