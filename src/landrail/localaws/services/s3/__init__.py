"""S3, where the store's answers name every account's owner alike: the canonical user ids."""

from landrail.localaws.services.s3.access_points import build_control
from landrail.localaws.services.s3.service import build

__all__ = ["build", "build_control"]
