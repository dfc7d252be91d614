"""Print `docs/resource-types.md`."""

import sys

from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.page import page

sys.stdout.write(page(TYPES))
