"""People who act by their own name in a command of their own: signed in as for `landrail as`."""

from __future__ import annotations

from landrail.aws.sessions import Identity, Loaded
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.people import Way, choose, ways
from landrail.operations.project import Project
from landrail.operations.server import require
from landrail.operations.signin import sign_in
from landrail.operations.target import Target
from landrail.resources import Wanted


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
    """Return the way by which a person has one of some roles, the first of them that they have;
    raises Mistakes that list who has."""
    found = [way for way in ways(wanted) if way.role in roles and person in way.people]
    if found:
        return min(found, key=lambda way: roles.index(way.role))
    there = sorted({p for way in ways(wanted) if way.role in roles for p in way.people})
    near = nearest(person, there)
    listed = f"those who can: {', '.join(there) or 'nobody'}"
    hint = f"did you mean `{near}`? {listed}" if near else listed
    raise Mistakes([Diagnostic(f"`{person}` has no role {' or '.join(roles)}", hint)])
