"""Detective rules: SQL predicates over the inventory, the same in the audit and in Config.

A rule that AWS has as a managed Config rule bears its identifier; `evaluate` runs any number of
them over tables in one pass. Nothing here knows guardrails or reads an account.
"""

from landrail.rules.rule import Rule, Trigger

__all__ = ["Rule", "Trigger"]
