"""The model card of a version: what SageMaker's registry keeps with it, and a page to read.

`told` is what a project says of its model, `content` the card by SageMaker's schema for versions,
`page` the same for people. Nothing in it is typed by hand twice: figures, data, commit and people
are those of the candidate.
"""

from landrail.operations.model.cards.content import card
from landrail.operations.model.cards.page import page
from landrail.operations.model.cards.told import wrong_card

__all__ = ["card", "page", "wrong_card"]
