"""One entry point for the container: `train`, `evaluate` or `serve`."""

import sys

from mistakes import evaluate, serve, train

COMMANDS = {"train": train.main, "evaluate": evaluate.main, "serve": serve.main}

if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        sys.exit(f"mistakes: expected one of {', '.join(COMMANDS)}; got {command!r}")
    COMMANDS[command]()
