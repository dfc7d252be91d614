"""IAM's operations on MFA devices that ask for codes; the rest of IAM is the store's."""

from landrail.localaws.services.mfa.service import build

__all__ = ["build"]
