"""How moto is set up before it is first imported.

moto reads these from the environment, some at import; so every module of the store that imports
moto imports this one first. Nothing else of the environment is moto's business: whatever the user
has set for it is removed.
"""

from __future__ import annotations

import os

_SETTINGS = {
    # Roles of the platform attach policies managed by AWS (`AdministratorAccess`, ...).
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # The gate decides who may reach a bucket of another account.
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "true",
    # Delivery of events is ours; the store makes no connection.
    "MOTO_EVENTS_INVOKE_HTTP": "false",
    # 600 images that nobody looks at cost half a second.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}
_STRANGERS = ("INITIAL_NO_AUTH_ACTION_COUNT", "S3_IGNORE_SUBDOMAIN_BUCKETNAME", "TEST_SERVER_MODE")


def prepare() -> None:
    """Set moto's environment; must run before `import moto`."""
    for name in [n for n in os.environ if n.startswith("MOTO_")] + list(_STRANGERS):
        os.environ.pop(name, None)
    os.environ.update(_SETTINGS)


prepare()
