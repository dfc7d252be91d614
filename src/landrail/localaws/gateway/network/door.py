"""The door by which a person's process gets a listener: `POST /_landrail/network`.

Asked for by whoever has the secret of the state folder, as one who has a way into the network of
an account. `GET` tells what is open.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import Answering, ApiError, Operation
from landrail.localaws.api import Door as Doorway
from landrail.localaws.gateway.network.places import Network

_PATH = "/_landrail/network"


class NetworkDoor(Answering):
    """Opens listeners for processes that the local AWS did not start."""

    name = "landrail-network"
    owned = True
    operations: Mapping[str, Operation] = MappingProxyType({})

    def __init__(self, network: Network, secret: str) -> None:
        self._network = network
        self._secret = secret
        self.doors: Mapping[str, Doorway] = {_PATH: self.door}

    def door(self, request: Request) -> Response:
        """Open a listener for the process `pid` in the network of `account` and `region`, or list
        those that are open."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return _json({"error": "the secret of the state folder is needed"}, 403)
        if request.method == "GET":
            return _json({"open": [_shown(origin) for origin in self._network.open]})
        asked = request.get_json(silent=True)
        if request.method != "POST" or not isinstance(asked, dict):
            return _json({"error": "a JSON object is wanted, by POST"}, 400)
        words = {key: asked.get(key) for key in ("account", "region", "role")}
        missing = [key for key, value in words.items() if not isinstance(value, str)]
        place, pid = asked.get("place"), asked.get("pid")
        if missing or not isinstance(place, str | None) or type(pid) is not int or pid < 2:
            return _json({"error": "account, region, role, pid (and place) are wanted"}, 400)
        return self._open(
            str(words["account"]), str(words["region"]), place, str(words["role"]), pid
        )

    def _open(self, account: str, region: str, place: str | None, role: str, pid: int) -> Response:
        try:
            origin = self._network.machine(account, region, place)
        except ApiError as error:
            # An answer like any other: who asked is to tell a person.
            return _json({"error": error.message})
        listener = self._network.listen(origin, role)
        listener.belongs_to(pid)
        return _json({"endpoint": listener.endpoint, **_shown(origin)})


def _shown(origin: Any) -> dict[str, str]:
    return {
        "address": origin.address,
        "account": origin.account,
        "region": origin.region,
        "vpc": origin.vpc,
        "subnet": origin.subnet,
    }


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")
