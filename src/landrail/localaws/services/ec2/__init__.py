"""EC2's settings of an account in a region; all else of EC2 is the store's."""

from landrail.localaws.services.ec2.service import build

__all__ = ["build"]
