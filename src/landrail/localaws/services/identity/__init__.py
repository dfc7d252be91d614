"""A stand-in for the enterprise's OpenID Connect issuer, so that people can sign in locally.

Whoever has the secret of the state folder gets a token for any subject: it stands for an identity
provider that has checked a person, and is not one.
"""

from landrail.localaws.services.identity.service import AUDIENCE, ISSUER, build

__all__ = ["AUDIENCE", "ISSUER", "build"]
