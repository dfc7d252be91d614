"""What the file says, as a typed and frozen document.

`landrail.spec.load.load` makes it from text with every mistake at once; the values here know
nothing of YAML. Importing this package loads pydantic: the command line does so only in the
commands that read the file.
"""

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
