"""Guard: the language of custom policy rules, in the parts that ask something of one item.

`parse` reads a text, `judge` asks it of a document. What Guard has beside that (blocks for types of
a template, functions, rules with parameters) is refused by name.
"""

from landrail.localaws.services.config.guard.judging import Judged, judge
from landrail.localaws.services.config.guard.parsing import parse
from landrail.localaws.services.config.guard.syntax import Policy
from landrail.localaws.services.config.guard.words import Mistake

__all__ = ["Judged", "Mistake", "Policy", "judge", "parse"]
