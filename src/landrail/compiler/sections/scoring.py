"""What the file says of a model's batch job, as its build project hands it to the step."""

from __future__ import annotations

import json

from landrail.spec import Platform


def batch_variables(platform: Platform, model: str) -> dict[str, str]:
    """Return the variables of the project that scores; what the file leaves out is the
    repository's to say."""
    batch = platform.models[model].batch
    return {"LANDRAIL_BATCH": json.dumps(dict(batch.said()) if batch is not None else {})}


def scored(platform: Platform, model: str) -> tuple[str, ...]:
    """Return the data set that the file names for scoring, if it does."""
    batch = platform.models[model].batch
    return (batch.data,) if batch is not None and batch.data is not None else ()
