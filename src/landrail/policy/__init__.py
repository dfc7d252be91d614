"""AWS's authorization, decided here: documents, requests, layers, `authorize -> Decision`.

Pure: no I/O, no clock, no AWS. Whoever asks gathers the policies in force and the request's
context; this package parses the documents, decides, and says why. Where AWS's documentation leaves
something open, the answer is the one that grants less.
"""

from landrail.policy.authorize import authorize
from landrail.policy.decision import Decision
from landrail.policy.document import Document, DocumentKind, Statement
from landrail.policy.findings import (
    ConditionFinding,
    Layer,
    LayerFinding,
    Outcome,
    Reason,
    StatementFinding,
)
from landrail.policy.lines import evaluate_line, evaluate_text, read_line
from landrail.policy.parse import InvalidPolicy, parse_document
from landrail.policy.principal_arn import ANONYMOUS, principal_from_arn
from landrail.policy.program import asks_resource_tags
from landrail.policy.public import is_public
from landrail.policy.values import (
    ContextValue,
    Grant,
    Level,
    Policies,
    PolicyInForce,
    Principal,
    PrincipalKind,
    Request,
)

__all__ = [
    "ANONYMOUS",
    "ConditionFinding",
    "ContextValue",
    "Decision",
    "Document",
    "DocumentKind",
    "Grant",
    "InvalidPolicy",
    "Layer",
    "LayerFinding",
    "Level",
    "Outcome",
    "Policies",
    "PolicyInForce",
    "Principal",
    "PrincipalKind",
    "Reason",
    "Request",
    "Statement",
    "StatementFinding",
    "asks_resource_tags",
    "authorize",
    "evaluate_line",
    "evaluate_text",
    "is_public",
    "parse_document",
    "principal_from_arn",
    "read_line",
]
