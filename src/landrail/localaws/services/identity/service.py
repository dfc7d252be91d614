"""The issuer's doors: a token for who has the secret, and its public documents."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.identity.keys import IssuerKey
from landrail.localaws.store import Blobs, Tables

ISSUER = "https://identity.landrail.local"
AUDIENCE = "landrail"
_DOOR = "/_landrail/identity/"
_LIFETIME = 600
_CONFIGURATION = {
    "issuer": ISSUER,
    "jwks_uri": f"{ISSUER}/.well-known/jwks.json",
    "token_endpoint": f"{ISSUER}/token",
    "response_types_supported": ["id_token"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "claims_supported": ["iss", "sub", "aud", "exp", "iat", "amr"],
}


class Identity(Answering):
    """The stand-in issuer."""

    name = "landrail-identity"
    owned = True
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(self, platform: Platform) -> None:
        self._state = platform.state
        self._key = IssuerKey(platform.state / "identity")
        self.doors: Mapping[str, Door] = {_DOOR: self.door}

    def door(self, request: Request) -> Response:
        """Answer below `/_landrail/identity/`."""
        rest = request.path[len(_DOOR) :]
        if rest == "token" and request.method == "POST":
            return self._token(request)
        if rest == ".well-known/openid-configuration" and request.method == "GET":
            return _json(_CONFIGURATION)
        if rest in ("jwks", ".well-known/jwks.json") and request.method == "GET":
            return _json(self._key.jwks)
        return _json({"error": f"there is no {request.method} {request.path}"}, 404)

    def _token(self, request: Request) -> Response:
        form = _fields(request)
        secret = (self._state / "secret").read_text().strip()
        if not hmac.compare_digest(str(form.get("secret", "")).encode(), secret.encode()):
            return _json({"error": "the secret of the state folder is needed"}, 403)
        subject = form.get("sub")
        if not isinstance(subject, str) or not subject:
            return _json({"error": "`sub` is missing: for whom is the token?"}, 400)
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + _LIFETIME,
        }
        methods = form.get("amr")
        if methods:
            claims["amr"] = methods.split(",") if isinstance(methods, str) else list(methods)
        return _json({"token": self._key.token(claims), "expires_in": _LIFETIME})


def _fields(request: Request) -> Mapping[str, Any]:
    if request.mimetype == "application/json":
        fields = request.get_json(silent=True)
        return fields if isinstance(fields, dict) else {}
    fields = {name: request.form[name] for name in request.form}
    amr = request.form.getlist("amr")
    return {**fields, "amr": amr[0] if len(amr) == 1 else amr} if amr else fields


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Identity:
    """Build the issuer."""
    del tables, blobs
    return Identity(platform)
