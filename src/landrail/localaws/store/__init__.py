"""Where the local AWS keeps state, and the only package that knows moto.

`Store` performs operations of ordinary services; `Tables` and `Blobs` keep what our own services
need; `route`, `parse`, `serialize` read and write the AWS protocols. Nothing here authorizes.
"""

# First of all: moto reads its settings when it is imported, and then its tables.
from landrail.localaws.store import settings as settings
from landrail.localaws.store import unread as unread
from landrail.localaws.store.access_points import ALIAS_SUFFIX, AccessPoint, AccessPoints
from landrail.localaws.store.access_points import place_of as access_point_place
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.calls import read
from landrail.localaws.store.constraints import broken
from landrail.localaws.store.credentials import CredentialStore
from landrail.localaws.store.effective_policies import effective_policy
from landrail.localaws.store.engine import Store
from landrail.localaws.store.incoming import Answer, Incoming
from landrail.localaws.store.mends.assertions import Assertion, Assertions
from landrail.localaws.store.mends.canonical import MOTOS as MOTOS_OWNER
from landrail.localaws.store.mends.canonical import canonical_id
from landrail.localaws.store.mfa import Device, MfaCodes
from landrail.localaws.store.mfa import device as mfa_device
from landrail.localaws.store.models import candidates, operation_model, operation_names, protocol
from landrail.localaws.store.organization_blocks import assigned_blocks, organization_blocks
from landrail.localaws.store.reads import UserKey, access_key, stands
from landrail.localaws.store.serving import serialize, serialize_error
from landrail.localaws.store.sources import StoreSources
from landrail.localaws.store.tables import Table, Tables
from landrail.localaws.store.wire import Routed, parse, route
from landrail.localaws.store.writes import changes_state

__all__ = [
    "ALIAS_SUFFIX",
    "MOTOS_OWNER",
    "AccessPoint",
    "AccessPoints",
    "Answer",
    "Assertion",
    "Assertions",
    "Blobs",
    "CredentialStore",
    "Device",
    "Incoming",
    "MfaCodes",
    "Routed",
    "Store",
    "StoreSources",
    "Table",
    "Tables",
    "UserKey",
    "access_key",
    "access_point_place",
    "assigned_blocks",
    "broken",
    "candidates",
    "canonical_id",
    "changes_state",
    "effective_policy",
    "mfa_device",
    "operation_model",
    "operation_names",
    "organization_blocks",
    "parse",
    "protocol",
    "read",
    "route",
    "serialize",
    "serialize_error",
    "stands",
]
