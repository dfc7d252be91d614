"""Lambda: a version or alias of a function is a resource of its own.

Source: Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies": the
ARN of an invocation ends with the version or alias that is asked for, in the name or as qualifier.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests.general import account_of
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup, Unresolved

_ACTIONS = {"InvokeAsync": "lambda:InvokeAsync"}
_PARTS = 3


def invoked(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """Return what an invocation needs on the function, its version or its alias."""
    given = str(call.params.get("FunctionName") or "")
    if not given:
        raise Unresolved("lambda", call.operation, "which function it is about")
    if given.startswith("arn:"):
        arn = given
    else:
        # `NAME`, `NAME:QUALIFIER` or `ACCOUNT:function:NAME`
        parts = given.split(":")
        partial = len(parts) >= _PARTS and parts[1] == "function"
        account, name = (parts[0], ":".join(parts[2:])) if partial else (call.account, given)
        arn = f"arn:aws:lambda:{call.region}:{account}:function:{name}"
    qualifier = call.params.get("Qualifier")
    if qualifier and not arn.endswith(f":{qualifier}"):
        arn = f"{arn}:{qualifier}"
    action = _ACTIONS.get(call.operation, "lambda:InvokeFunction")
    return [Authorization(action, arn, account_of(arn, call.account))]
