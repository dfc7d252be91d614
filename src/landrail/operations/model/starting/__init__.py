"""`landrail model init`: a project of a model to begin with, and its repository."""

from landrail.operations.model.starting.place import Place, place_of
from landrail.operations.model.starting.project import TEMPLATES, Begun, begin

__all__ = ["TEMPLATES", "Begun", "Place", "begin", "place_of"]
