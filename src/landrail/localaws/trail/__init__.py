"""The record of every call to the local AWS: who, what, on which resources, decided how."""

from landrail.localaws.trail.categories import data_type
from landrail.localaws.trail.masked import masked
from landrail.localaws.trail.record import is_of_region, record
from landrail.localaws.trail.trail import Trail, accounts_of
from landrail.localaws.trail.types import resource_names, resource_type

__all__ = [
    "Trail",
    "accounts_of",
    "data_type",
    "is_of_region",
    "masked",
    "record",
    "resource_names",
    "resource_type",
]
