"""The server in a model's container: SageMaker's contract of `/ping` and `/invocations`.

A project gives two functions and, if it likes, a schema:

    serve(load, predict)

`load(folder)` reads the model from `/opt/ml/model`; `predict(model, rows)` returns a value for each
row. Rows come as JSON, JSON lines, CSV, Arrow or Parquet and are checked by the schema that the
training left; requests that arrive together are predicted together. Needs the `serving` extra.

It stands alone: it imports nothing else of Landrail, because it runs inside the model's image.
"""

from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Column, Schema, SchemaError
from landrail.serving.server import serve

__all__ = ["Column", "Refusal", "Rows", "Schema", "SchemaError", "serve"]
