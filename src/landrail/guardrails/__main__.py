"""Print `docs/guardrails.md`."""

import sys

from landrail.guardrails.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
