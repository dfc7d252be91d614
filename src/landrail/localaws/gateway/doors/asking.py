"""The door by which one asks whether somebody may do something: `POST /_landrail/can`.

For whoever has the secret of the state folder. The policies in force are collected as for a call,
the engine decides, nothing is performed and nothing recorded. The question is about one action on
one resource; what a whole call needs besides is for the call to show.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.diagnostics import nearest
from landrail.localaws.api import Answering, Caller, Operation
from landrail.localaws.api import Door as Doorway
from landrail.localaws.gateway.doors.naming import NotNamed, named_caller, named_resource, owner_of
from landrail.localaws.layers import Circumstances, Layers, Unreadable, Way
from landrail.localaws.store import CredentialStore, StoreSources
from landrail.policy import ContextValue
from landrail.policy.reference.actions import find_action
from landrail.policy.reference.keys import global_key
from landrail.policy.reference.services import action_names, prefixes

_PATH = "/_landrail/can"
_HERE = "127.0.0.1"
_REGION = re.compile(r"[a-z0-9-]+\Z")


class AskingDoor(Answering):
    """Answers what the gate would decide."""

    name = "landrail-can"
    owned = True
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(
        self, layers: Layers, sources: StoreSources, credentials: CredentialStore, secret: str
    ) -> None:
        self._layers = layers
        self._sources = sources
        self._credentials = credentials
        self._secret = secret
        self.doors: Mapping[str, Doorway] = {_PATH: self.door}

    def door(self, request: Request) -> Response:
        """Decide `action` on `resource` for `arn`, or for the session of `access_key_id`."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return _json({"error": "the secret of the state folder is needed"}, 403)
        asked = request.get_json(silent=True)
        if request.method != "POST" or not isinstance(asked, dict):
            return _json({"error": "a JSON object is wanted, by POST"}, 400)
        words = {name: asked.get(name) for name in ("action", "resource", "region")}
        context = _context(asked.get("context") or {})
        if context is None or not all(isinstance(w, str) and w for w in words.values()):
            return _json({"error": "action, resource, region (and context) are wanted"}, 400)
        try:
            caller = self._caller(asked)
            return _json(self._decide(caller, {k: str(v) for k, v in words.items()}, context))
        except NotNamed as error:
            # An answer like any other: who asked is to tell a person.
            return _json({"error": str(error), "remedy": error.remedy})
        except Unreadable as error:
            return _json({"error": f"{error}; nothing can be allowed under it", "remedy": None})

    def _caller(self, asked: Mapping[str, Any]) -> Caller:
        key = asked.get("access_key_id")
        if key is None:
            return named_caller(str(asked.get("arn")), self._sources)
        found = self._credentials.find(str(key))
        if found is None or found.expiration <= time.time():
            raise NotNamed("there is no such session, or it has ended")
        return found.caller

    def _decide(
        self, caller: Caller, words: Mapping[str, str], context: Mapping[str, ContextValue]
    ) -> dict[str, Any]:
        region = words["region"] if _REGION.match(words["region"]) else "us-east-1"
        action = _action(words["action"])
        resource = named_resource(
            words["resource"], action, caller.account or "", region, self._sources
        )
        fields = resource.split(":", 5)
        owner = owner_of(resource, caller.account or "", self._sources)
        circumstances = Circumstances(
            region=fields[3] if len(fields) > 3 and fields[3] else region,
            now=time.time(),
            way=Way(source_ip=_HERE),
            prefix=action.partition(":")[0],
            extra=context,
        )
        decision = self._layers.decide(caller, action, resource, owner, circumstances)
        return {
            "allowed": decision.allowed,
            "caller": {"arn": caller.arn, "account": caller.account},
            "owner": owner,
            "decision": {"action": action, "resource": resource, **decision.to_json()},
        }


def _action(written: str) -> str:
    """Return an action as AWS spells it; raises NotNamed for one that is not known."""
    prefix, _, name = written.partition(":")
    prefix = prefix.lower()
    if prefix not in prefixes():
        near = nearest(prefix, prefixes())
        raise NotNamed(
            f"`{written}` is not an action: there is no service `{prefix}`",
            f"did you mean `{near}:{name}`?" if near else "write SERVICE:ACTION",
        )
    found = find_action(prefix, name)
    if found is None:
        folded = {one.lower(): one for one in action_names(prefix)}
        near = nearest(name, folded)
        remedy = f"did you mean `{prefix}:{folded[near]}`?" if near else "write one action"
        raise NotNamed(f"there is no action `{written}`", remedy)
    return f"{prefix}:{found.name}"


def _context(given: Any) -> dict[str, ContextValue] | None:
    """Return the context that was given, global keys as AWS spells them; None: not a context."""
    if not isinstance(given, dict):
        return None
    context: dict[str, ContextValue] = {}
    for key, value in given.items():
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            context[_spelled(key)] = tuple(value)
        elif isinstance(value, str):
            context[_spelled(key)] = value
        else:
            return None
    return context


def _spelled(key: str) -> str:
    known = global_key(key.lower())
    if known is None:
        return key
    return f"{known.name}{key.partition('/')[2]}" if known.name.endswith("/") else known.name


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")
