"""Print `docs/rules.md`."""

import sys

from landrail.rules.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
