"""The catalogue of guardrails: what must hold on the platform, and what keeps it so.

Each guardrail is a value in a file of its own below `catalogue`. How statements become policies and
rules stacks is the compiler's business.
"""

from landrail.guardrails.all import guardrails, recommended
from landrail.guardrails.guardrail import EVERYWHERE, SUSPENDED, Detective, Facts, Guardrail

__all__ = [
    "EVERYWHERE",
    "SUSPENDED",
    "Detective",
    "Facts",
    "Guardrail",
    "guardrails",
    "recommended",
]
