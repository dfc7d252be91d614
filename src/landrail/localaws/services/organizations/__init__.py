"""Organizations' policy types: enabled, attached within their quotas, and what they come to."""

from landrail.localaws.services.organizations.service import build

__all__ = ["build"]
