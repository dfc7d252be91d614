"""People who audit or put right by their own name, on the local AWS: an auditor, or one of
security, through management; one of break-glass in each account."""

from __future__ import annotations

from landrail.aws.entering import Entrances
from landrail.aws.sessions import Identity, Loaded
from landrail.compiler import wanted_of
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.people import Way, choose, ways
from landrail.operations.project import Project
from landrail.operations.server import require
from landrail.operations.signin import MANAGEMENT, sign_in
from landrail.operations.target import Target
from landrail.resources import Wanted

_AUDITING = ("auditor", "security")


def as_person(project: Project, target: Target, person: str) -> Entrances:
    """Return the entrances of an auditor, or of one of security, by management's role; raises
    Mistakes for anybody else."""
    wanted = wanted_of(project.document)
    way = way_of(wanted, person, _AUDITING)
    who = signed_in(project, target, wanted, f"{person}/{way.role}@{MANAGEMENT}")
    entrances = target.entrances
    return Entrances(entrances.connection, entrances.management_account, who, None)


def signed_in(project: Project, target: Target, wanted: Wanted, entry: str) -> Identity:
    """Return the identity of `PERSON/ROLE@ACCOUNT`; raises Failure on AWS."""
    if not project.document.target.is_local:
        raise Failure(
            "signing in to AWS by landrail is not built yet",
            "sign in with your identity provider's own client, and leave the name out",
        )
    chosen = choose(wanted, entry)
    server = require(project.state)

    def load() -> Loaded:
        session = sign_in(server, target.entrances, wanted, chosen)
        return session.credentials, session.expires

    return Identity(entry, load)


def way_of(wanted: Wanted, person: str, roles: tuple[str, ...]) -> Way:
    """Return the way by which a person has one of some roles; raises Mistakes that list who has."""
    found = [way for way in ways(wanted) if way.role in roles and person in way.people]
    if found:
        return found[0]
    there = sorted({p for way in ways(wanted) if way.role in roles for p in way.people})
    near = nearest(person, there)
    listed = f"those who can: {', '.join(there) or 'nobody'}"
    hint = f"did you mean `{near}`? {listed}" if near else listed
    raise Mistakes([Diagnostic(f"`{person}` has no role {' or '.join(roles)}", hint)])
