"""Our own STS: sessions of roles that exist, entered by their trust policies.

Whether a caller may enter a role is decided by the gate before any of this runs; here are the
rules of STS itself: durations, names, tags, tokens, and the credentials.
"""

from landrail.localaws.services.sts.service import build

__all__ = ["build"]
