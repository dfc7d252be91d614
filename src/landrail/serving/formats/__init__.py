"""Bodies to rows and predictions to bodies, a format a file; found by their content types."""

from landrail.serving.formats.format import Format, Predictions, accepted, of_content_type

__all__ = ["Format", "Predictions", "accepted", "of_content_type"]
