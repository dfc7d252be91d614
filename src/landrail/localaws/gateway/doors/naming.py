"""Callers and resources as people name them: from an ARN or a short name to what is there."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import pairwise

from landrail.localaws.api import Caller
from landrail.localaws.store import StoreSources
from landrail.policy.lint.arns import fits_format
from landrail.policy.reference.actions import ResourceType, find_action

_IAM = re.compile(r"arn:aws:iam::(?P<account>\d{12}):(?P<rest>root|(user|role)/.+)\Z")
_SESSION = re.compile(
    r"arn:aws:sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/(?P<name>[^/]+)\Z"
)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com\Z")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ASKING = "can"
_SHOWN = 3


class NotNamed(Exception):
    """A name that nothing here has."""

    def __init__(self, summary: str, remedy: str | None = None) -> None:
        super().__init__(summary)
        self.remedy = remedy


def named_caller(arn: str, sources: StoreSources) -> Caller:
    """Return the caller of an ARN (a user, a role, a session, the root user) or of a service's
    name; raises NotNamed."""
    if _SERVICE.match(arn):
        return Caller(kind="service", arn=arn, account=None, user_id=arn)
    session = _SESSION.match(arn)
    if session:
        return _in_role(session["account"], session["role"], session["name"], sources)
    iam = _IAM.match(arn)
    if iam is None:
        raise NotNamed(
            f"`{arn}` names nobody", "write WHO@ACCOUNT, or the ARN of a user, role or session"
        )
    account, rest = iam["account"], iam["rest"]
    name = rest.rpartition("/")[2]
    if rest == "root":
        return Caller(kind="root", arn=arn, account=account, user_id=account)
    if rest.startswith("role/"):
        return _in_role(account, name, _ASKING, sources, arn)
    user = sources.iam_user(account, name)
    if user is None or user.arn != arn:
        raise NotNamed(f"there is no user `{arn}`")
    return Caller(kind="user", arn=arn, account=account, user_id=user.user_id)


def _in_role(
    account: str, name: str, session: str, sources: StoreSources, arn: str | None = None
) -> Caller:
    role = sources.iam_role(account, name)
    if role is None or (arn is not None and role.arn != arn):
        raise NotNamed(f"there is no role `{arn or name}` in {account}")
    return Caller(
        kind="session",
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        account=account,
        user_id=f"{role.role_id}:{session}",
        role_arn=role.arn,
        session_name=session,
        issued_at=time.time(),
    )


def named_resource(
    written: str, action: str, account: str, region: str, sources: StoreSources
) -> str:
    """Return a resource's ARN: as written, or from a short name by the formats of what the action
    is about (`bucket/key` for s3:GetObject), in the caller's account; raises NotNamed."""
    if written == "*":
        return written
    if written.startswith("arn:") and written.count(":") < 5:
        raise NotNamed(f"the ARN `{written}` is incomplete", "write all six fields")
    prefix, _, name = action.partition(":")
    known = find_action(prefix, name)
    kinds = known.resources if known else ()
    if written.startswith("arn:"):
        if kinds and not any(fits_format(written, kind.arn) for kind in kinds):
            raise NotNamed(f"`{action}` is not about `{written}`", f"it is about {_formats(kinds)}")
        return written
    if not kinds:
        raise NotNamed(f"`{action}` is not about single resources", "write `*`")
    short = written.removeprefix("s3://") if prefix == "s3" else written
    required = [kind for kind in kinds if kind.required] or list(kinds)
    fitting = [arn for kind in required if (arn := _filled(kind, short, account, region, sources))]
    if not fitting:
        said = f"`{written}` cannot be read for `{action}`"
        raise NotNamed(said, f"write the ARN: {_formats(required)}")
    return min(fitting, key=len) if prefix == "s3" else fitting[0]


def _formats(kinds: Sequence[ResourceType]) -> str:
    arns = sorted((kind.arn.replace("${Partition}", "aws") for kind in kinds), key=len)
    return ", ".join(arns[:_SHOWN])


def _filled(
    kind: ResourceType, name: str, account: str, region: str, sources: StoreSources
) -> str | None:
    """Return the ARN of a name by one format; None where it does not fit."""
    if ":iam::" in kind.arn and (found := _iam_arn(kind.name, name, account, sources)):
        return found
    given = {"Partition": "aws", "Region": region, "Account": account}
    text = _VARIABLE.sub(lambda m: given.get(m[1], m[0]), kind.arn)
    open_ones = list(_VARIABLE.finditer(text))
    if not open_ones:
        return None
    between = [text[one.end() : other.start()] for one, other in pairwise(open_ones)]
    parts, rest = [], name
    for separator in between:
        part, found_separator, rest = rest.partition(separator)
        if not (separator and found_separator and part):
            return None
        parts.append(part)
    if not rest or (kind.name == "bucket" and "/" in rest):
        return None
    parts.append(rest)
    values = iter(parts)
    return _VARIABLE.sub(lambda _: next(values), text)


def _iam_arn(kind: str, name: str, account: str, sources: StoreSources) -> str | None:
    if kind not in ("user", "role", "group", "policy", "instance-profile"):
        return None
    return sources.iam_arn(account, kind, name.rpartition("/")[2])


def owner_of(resource: str, home: str, sources: StoreSources) -> str:
    """Return the account that a resource is of; the caller's own where its ARN does not say."""
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return home
    if fields[2] == "s3" and not fields[4]:
        return sources.bucket_account(fields[5].partition("/")[0]) or home
    return fields[4] if fields[4].isdigit() else home
