"""Systems Manager's settings of an account in a region; all else of it is the store's."""

from landrail.localaws.services.ssm.service import build

__all__ = ["build"]
