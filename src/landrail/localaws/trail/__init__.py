"""The record of every call to the local AWS: who, what, on which resources, decided how."""

from landrail.localaws.trail.masked import masked
from landrail.localaws.trail.trail import Trail

__all__ = ["Trail", "masked"]
