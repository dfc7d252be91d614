"""What a request is answered that cannot be predicted: a status and every reason at once."""

from __future__ import annotations

import json
from collections.abc import Sequence

MOST = 20
"""How many reasons an answer lists; how many there were in all is told."""


class Refusal(Exception):
    """A request of the client's that is wrong; `status` is 400 to 499. `reasons` are sentences
    for the author of the request."""

    def __init__(self, status: int, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons[:MOST]))
        self.status = status
        self.reasons = tuple(reasons)

    def body(self) -> bytes:
        """Return the answer: `{"error": {"message", "reasons", "more"}}`."""
        count = len(self.reasons)
        message = self.reasons[0] if count == 1 else f"{count} mistakes in the request"
        error = {"message": message, "reasons": self.reasons[:MOST], "more": max(count - MOST, 0)}
        return json.dumps({"error": error}).encode()
