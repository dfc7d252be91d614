"""What the policy layers ask of the store, read from moto's backends at that moment.

One module per service; each answers under the store's lock and makes nothing. The questions are
those of the protocol `Sources` of the layers, which stand above and are not imported here.
"""

from landrail.localaws.store.sources.iam import Role, User
from landrail.localaws.store.sources.kms import Grant
from landrail.localaws.store.sources.sources import StoreSources

__all__ = ["Grant", "Role", "StoreSources", "User"]
