"""The inventory: what is in an account, as tables, one a resource type.

A table says which columns it has and how its rows are read, by AWS's own read operations. Who asks,
and under whose name, is the caller's business: the audit of an organization and the Config service
of the local AWS read the same tables by the same code, so they cannot disagree about what is there.
"""

from landrail.inventory.ask import Ask, Refused, Remembering, items, remembering
from landrail.inventory.realm import Realm
from landrail.inventory.table import Column, Row, Table

__all__ = [
    "Ask",
    "Column",
    "Realm",
    "Refused",
    "Remembering",
    "Row",
    "Table",
    "items",
    "remembering",
]
