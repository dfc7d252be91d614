"""The kinds of things that a platform wants in AWS, as plain values.

The compiler makes them, the plan compares them with what is there, and `aws` observes and changes
them. A value that is known only after an apply (an account id, an output of a stack) stands in a
text as a token; see `tokens`.
"""

from landrail.resources.kinds import (
    Account,
    AccountDefaults,
    Address,
    Attachment,
    EnabledControl,
    Organization,
    OrganizationalUnit,
    Policy,
    Pool,
    Registration,
    Resource,
    Stack,
    Unattached,
    Wanted,
)
from landrail.resources.tokens import Token, account_id, organization_id, output, substitute, tokens

__all__ = [
    "Account",
    "AccountDefaults",
    "Address",
    "Attachment",
    "EnabledControl",
    "Organization",
    "OrganizationalUnit",
    "Policy",
    "Pool",
    "Registration",
    "Resource",
    "Stack",
    "Token",
    "Unattached",
    "Wanted",
    "account_id",
    "organization_id",
    "output",
    "substitute",
    "tokens",
]
