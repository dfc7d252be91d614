"""What the demo computes itself: the area under the ROC curve, by ranks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the chance that a late flight scores above one that is not; ties count half. Raises
    ValueError where one of the two kinds is missing. (Mann and Whitney's U over its largest.)"""
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        raise ValueError("both kinds are needed to measure an area under the curve")
    order = sorted(range(len(scores)), key=scores.__getitem__)
    rank, total = 0, 0.0
    for _, tied in groupby(order, key=scores.__getitem__):
        members = list(tied)
        middle = rank + (len(members) + 1) / 2
        total += middle * sum(truth[i] for i in members)
        rank += len(members)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
