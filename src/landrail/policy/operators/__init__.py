"""Every condition operator, in one list; a test holds it against AWS's.

A condition with an operator that is not here is refused when the policy is parsed.
"""

from landrail.policy.operators.arns import ARNS
from landrail.policy.operators.base import Operator, Test
from landrail.policy.operators.numbers import DATES, NUMBERS
from landrail.policy.operators.others import NULL, OTHERS
from landrail.policy.operators.strings import STRINGS

OPERATORS = {o.name: o for o in (*STRINGS, *NUMBERS, *DATES, *OTHERS, *ARNS)}

__all__ = ["NULL", "OPERATORS", "Operator", "Test"]
