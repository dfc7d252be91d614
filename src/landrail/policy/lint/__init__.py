"""Checks of a policy's text for whoever writes it: what AWS refuses, and what means something else
than it seems, each with its place and what to do.

Pure. `lint` runs all checks, `errors` only those of what AWS refuses to store, which need no
reference data. A new check is a function in one of the modules and a line in `table`.
"""

from landrail.policy.lint.finding import Finding, Level, Lint
from landrail.policy.lint.run import errors, guess_kind, lint
from landrail.policy.lint.table import CHECKS

__all__ = ["CHECKS", "Finding", "Level", "Lint", "errors", "guess_kind", "lint"]
