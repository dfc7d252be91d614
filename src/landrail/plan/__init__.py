"""Wanted and observed values compared into a plan; the graph and the walk that performs one.

Pure: reads nothing, changes nothing. `aws` observes and changes, `operations` joins the two.
"""

from landrail.plan.codec import basis, digest, from_json, plain, to_json
from landrail.plan.compare import Given, make_plan, previewable
from landrail.plan.destroying import kept, make_destroy_plan
from landrail.plan.graph import Walked, cycle, edges, reverse, walk
from landrail.plan.observed import (
    Observed,
    ObservedAccount,
    ObservedAttachment,
    ObservedContents,
    ObservedDefaults,
    ObservedDrift,
    ObservedOrganization,
    ObservedPolicy,
    ObservedStack,
    ObservedUnit,
)
from landrail.plan.packing import settled
from landrail.plan.stacks import Preview, Previews
from landrail.plan.values import Action, Change, Detail, Difference, Effect, Notice, Plan

__all__ = [
    "Action",
    "Change",
    "Detail",
    "Difference",
    "Effect",
    "Given",
    "Notice",
    "Observed",
    "ObservedAccount",
    "ObservedAttachment",
    "ObservedContents",
    "ObservedDefaults",
    "ObservedDrift",
    "ObservedOrganization",
    "ObservedPolicy",
    "ObservedStack",
    "ObservedUnit",
    "Plan",
    "Preview",
    "Previews",
    "Walked",
    "basis",
    "cycle",
    "digest",
    "edges",
    "from_json",
    "kept",
    "make_destroy_plan",
    "make_plan",
    "plain",
    "previewable",
    "reverse",
    "settled",
    "to_json",
    "walk",
]
