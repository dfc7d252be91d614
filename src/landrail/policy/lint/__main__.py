"""Print `docs/policy-lint.md`."""

import sys

from landrail.policy.lint.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
