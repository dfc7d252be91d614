"""People who audit or put right by their own name, on the local AWS: an auditor, or one of
security, through management; one of break-glass in each account."""

from __future__ import annotations

from landrail.aws.entering import Entrances
from landrail.compiler import wanted_of
from landrail.operations.persons import signed_in, way_of
from landrail.operations.project import Project
from landrail.operations.signin import MANAGEMENT
from landrail.operations.target import Target

_AUDITING = ("auditor", "security")


def as_person(project: Project, target: Target, person: str) -> Entrances:
    """Return the entrances of an auditor, or of one of security, by management's role; raises
    Mistakes for anybody else."""
    wanted = wanted_of(project.document)
    way = way_of(wanted, person, _AUDITING)
    who = signed_in(project, target, wanted, f"{person}/{way.role}@{MANAGEMENT}")
    entrances = target.entrances
    return Entrances(entrances.connection, entrances.management_account, who, None)
