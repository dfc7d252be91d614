"""Identity Center: permission sets that become roles in accounts, and the portal that enters them.

Users, groups and permission sets are records of the store; here an assignment makes the reserved
role in its account, and a person who has one gets its credentials.
"""

from landrail.localaws.services.sso.service import build

__all__ = ["build"]
