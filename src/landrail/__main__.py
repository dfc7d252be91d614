"""`python -m landrail` is the command `landrail`."""

import sys

from landrail.cli import main

if __name__ == "__main__":
    sys.exit(main())
