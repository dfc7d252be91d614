"""Advanced queries: the part of SQL that Config takes, over configuration items."""

from landrail.localaws.services.config.select.parsing import parse
from landrail.localaws.services.config.select.running import run
from landrail.localaws.services.config.select.statement import Statement, Wrong

__all__ = ["Statement", "Wrong", "parse", "run"]
