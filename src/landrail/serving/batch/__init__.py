"""Scoring of whole files by the functions that serve: shards of row groups, one record for each.

A run reads an order (what to keep, what to do with rows that cannot be scored), cuts the files into
shards, scores those that no earlier run has finished, and leaves for each a part and a record of
it. What is written counts once its record stands; a run that is killed is taken up by the next.
`serve` runs it where a job of SageMaker says so; `python -m landrail.serving.batch` runs it by
hand.
"""

from landrail.serving.batch.order import Order, WrongOrder
from landrail.serving.batch.run import Places, Scored, score

__all__ = ["Order", "Places", "Scored", "WrongOrder", "score"]
