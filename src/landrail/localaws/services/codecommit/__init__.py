"""CodeCommit: repositories with real git behind them, over the API and over HTTP."""

from landrail.localaws.services.codecommit.service import CodeCommit

__all__ = ["CodeCommit"]
