"""A caller as the engine's principal, with its own policies, boundary and session policies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from landrail.localaws.api import Caller
from landrail.localaws.layers.circumstances import Circumstances
from landrail.localaws.layers.documents import all_in_force
from landrail.localaws.layers.service_linked import as_service_linked
from landrail.localaws.layers.sources import Sources, StoredRole, StoredUser
from landrail.localaws.store import canonical_id
from landrail.policy import ANONYMOUS, PolicyInForce, Principal

_NOTHING = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"none:none","Resource":"*"}]}'
)


@dataclass(frozen=True, slots=True)
class Own:
    """The principal and what limits or grants on its side."""

    principal: Principal
    identity: tuple[PolicyInForce, ...] = ()
    boundary: tuple[PolicyInForce, ...] | None = None
    session: tuple[PolicyInForce, ...] = ()


def own_side(
    caller: Caller, action: str, owner: str, circumstances: Circumstances, sources: Sources
) -> Own:
    """Return the caller's side. A user or role that is gone has no policies, and a role made anew
    under an old name is not the one that an old session is of."""
    if circumstances.provider is not None and caller.kind == "anonymous":
        return Own(Principal("web", circumstances.provider, None))
    if caller.kind == "anonymous":
        return Own(ANONYMOUS)
    if caller.kind == "service":
        return _service(caller, action, owner)
    if caller.account is None:
        return Own(ANONYMOUS)
    if caller.kind == "user":
        return _user(caller, caller.account, sources)
    if caller.kind == "session":
        return _session(caller, caller.account, sources)
    if caller.kind == "federated":
        return _federated(caller, caller.account, sources)
    root = Principal(
        "root",
        caller.arn,
        caller.account,
        user_id=caller.user_id,
        canonical_id=canonical_id(caller.account),
    )
    return Own(root)


def _service(caller: Caller, action: str, owner: str) -> Own:
    linked = as_service_linked(caller.arn, owner, action)
    if linked is not None:
        return Own(linked[0], (linked[1],))
    return Own(Principal("service", caller.arn, None, user_id=caller.user_id))


def _user(caller: Caller, account: str, sources: Sources) -> Own:
    name = caller.arn.rpartition("/")[2]
    user = sources.iam_user(account, name)
    tags = {**(user.tags if user else {}), **caller.session_tags}
    principal = Principal(
        "user",
        caller.arn,
        account,
        user_id=caller.user_id,
        tags=tags,
        canonical_id=canonical_id(account),
    )
    return _with(principal, user, f"user/{name}", caller)


def _session(caller: Caller, account: str, sources: Sources) -> Own:
    arn = caller.role_arn or ""
    name = arn.rpartition("/")[2]
    role = sources.iam_role(account, name)
    issued_to = caller.user_id.partition(":")[0]
    if role is not None and (role.arn != arn or (issued_to and role.role_id != issued_to)):
        role = None
    session_arn = caller.arn
    if role is None and issued_to:
        # AWS keeps a policy's principals by their ids: one that names the ARN of a role that is
        # gone, or of the one made anew under its name, does not mean this session.
        arn = arn.removesuffix(name) + issued_to
        session_arn = session_arn.replace(f"/{name}/", f"/{issued_to}/")
    tags = {**(role.tags if role else {}), **caller.session_tags}
    principal = Principal(
        "session",
        session_arn,
        account,
        role_arn=arn,
        user_id=caller.user_id,
        session_name=caller.session_name,
        tags=tags,
        canonical_id=canonical_id(account),
    )
    return _with(principal, role, f"role/{name}", caller)


def _federated(caller: Caller, account: str, sources: Sources) -> Own:
    """`role_arn` of a federated caller is the user that asked for the token, if known."""
    user_arn = caller.role_arn
    user = sources.iam_user(account, user_arn.rpartition("/")[2]) if user_arn else None
    principal = Principal(
        "federated",
        caller.arn,
        account,
        user_id=caller.user_id,
        user_arn=user_arn,
        tags=dict(caller.session_tags),
        canonical_id=canonical_id(account),
    )
    if not caller.session_policies:
        # Without a session policy, a federated user has no permission of the user's.
        caller = replace(caller, session_policies=(_NOTHING,))
    return _with(principal, user, f"user/{(user_arn or '').rpartition('/')[2]}", caller)


def _with(
    principal: Principal, stored: StoredUser | StoredRole | None, place: str, caller: Caller
) -> Own:
    session = all_in_force(
        [("session policy", text) for text in caller.session_policies], caller.arn, "session"
    )
    if stored is None:
        return Own(principal, session=session)
    boundary = stored.boundary
    return Own(
        principal,
        all_in_force(stored.policies, place, "identity"),
        all_in_force((boundary,), place, "boundary") if boundary else None,
        session,
    )
