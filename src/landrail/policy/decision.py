"""The answer to a request and why.

A Decision carries the facts the evaluator set where it decided; sentences are made of them in
`wording`, findings per layer by the evaluator when asked. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from landrail.policy.document import Statement
from landrail.policy.findings import Layer, LayerFinding, Outcome, Reason, StatementFinding
from landrail.policy.values import PolicyInForce, Request
from landrail.policy.wording import client_message, reason_text


class Decision:
    """What `authorize` answers. `why` is the reason's key, `layer`, `level`, `policy` and
    `statement` what decided (None where nothing of the kind did, as in an implicit denial).

    The deciding facts are set by the evaluator; `layers` is worked out when asked for, by the same
    evaluator, so that a decision that nobody asks about costs no explanation.
    """

    __slots__ = (
        "_explain",
        "_layers",
        "layer",
        "level",
        "outcome",
        "policy",
        "request",
        "statement",
        "why",
    )

    def __init__(
        self,
        outcome: Outcome,
        why: Reason,
        request: Request,
        *,
        explain: Callable[[], tuple[LayerFinding, ...]],
        layer: Layer | None = None,
        level: str | None = None,
        policy: PolicyInForce | None = None,
        statement: Statement | None = None,
    ) -> None:
        self.outcome = outcome
        self.why = why
        self.request = request
        self.layer = layer
        self.level = level
        self.policy = policy
        self.statement = statement
        self._explain = explain
        self._layers: tuple[LayerFinding, ...] | None = None

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome is Outcome.ALLOW

    @property
    def reason(self) -> str:
        """One sentence in AWS's manner, naming policy, statement and where it is attached."""
        return reason_text(
            self.outcome,
            self.why,
            self.request,
            layer=self.layer,
            level=self.level,
            policy=self.policy,
            statement=self.statement,
        )

    @property
    def client_message(self) -> str:
        """What AWS tells the client of a denied request; it names no policy."""
        return client_message(self.why, self.layer, self.request)

    @property
    def layers(self) -> tuple[LayerFinding, ...]:
        """What each layer said, with the statements that fit and the conditions that failed."""
        if self._layers is None:
            self._layers = self._explain()
        return self._layers

    @property
    def matched(self) -> tuple[StatementFinding, ...]:
        """Every statement that applied to the request, in any layer."""
        return tuple(f for layer in self.layers for f in layer.findings if f.matched)

    def __repr__(self) -> str:
        return f"Decision({self.outcome.value}: {self.reason})"

    def to_json(self) -> dict[str, Any]:
        """Return the plain form: decision, reason key and text, what decided, findings."""
        return {
            "decision": self.outcome.value,
            "why": self.why.value,
            "reason": self.reason,
            "layer": self.layer.value if self.layer else None,
            "level": self.level,
            "policy": self.policy.name if self.policy else None,
            "attachedTo": self.policy.attached_to if self.policy else None,
            "statement": self.statement.number if self.statement else None,
            "sid": self.statement.sid if self.statement else None,
            "layers": [layer.to_json() for layer in self.layers],
        }
