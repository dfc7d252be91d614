"""The metric gate of a model: `auc >= baseline + 0.01 and auc >= champion.auc - 0.005`.

A small grammar, not free text, and nothing of a gate is ever evaluated as code. `tokens` knows the
words, `tree` what they make, `reading` makes it, `judging` holds measurements to it.
"""

from landrail.spec.gate.judging import Judged, Judgement, judge
from landrail.spec.gate.reading import Gate, parse_gate
from landrail.spec.gate.tokens import GateError

__all__ = ["Gate", "GateError", "Judged", "Judgement", "judge", "parse_gate"]
