"""The command line: arguments, text and JSON. It decides nothing.

Commands are imported only when they run (`catalogue`), so that `landrail --help` stays light.
"""

from landrail.cli.entry import main

__all__ = ["main"]
