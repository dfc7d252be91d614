"""IAM Access Analyzer: analyzers as records."""

from landrail.localaws.services.accessanalyzer.service import build

__all__ = ["build"]
