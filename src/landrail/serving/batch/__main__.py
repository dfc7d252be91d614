"""`python -m landrail.serving.batch MODULE`: score a folder by hand, as a job does it."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from landrail.serving.batch.order import ENGINES, Order, WrongOrder
from landrail.serving.batch.run import CannotScore, Places, score, told


def main() -> int:
    """Run it; return its status."""
    given = _arguments()
    document = json.loads(given.order.read_text()) if given.order else {}
    for key in ("format", "engine", "workers", "keep", "errors"):
        if getattr(given, key) is not None:
            document[key] = getattr(given, key)
    try:
        order = Order.from_json(document)
        module = importlib.import_module(given.module)
        places = Places(given.model, given.data, given.output)
        scored = score(module.load, module.predict, order, places, say=told)
    except (CannotScore, WrongOrder) as error:
        sys.stderr.write("".join(f"landrail: {reason}\n" for reason in error.reasons))
        return 2
    told(
        f"{scored.document['status']}: {scored.document['rows']} rows, "
        f"{scored.document['aside']} put aside, {scored.document['skipped']} of "
        f"{len(scored.document['outputs'])} shards were there before"
    )
    return 1 if scored.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m landrail.serving.batch", description=__doc__)
    parser.add_argument("module", help="has `load` and `predict`, such as delays.serve")
    parser.add_argument("--model", type=Path, required=True, help="folder of the model")
    parser.add_argument("--data", type=Path, required=True, help="folder of the files to score")
    parser.add_argument("--output", type=Path, required=True, help="folder of the parts")
    parser.add_argument("--order", type=Path, help="a file with more of the order, JSON")
    parser.add_argument("--format", choices=("parquet", "csv"))
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--workers", type=int, metavar="N")
    parser.add_argument("--errors", choices=("fail", "aside"))
    parser.add_argument("--keep", action="append", metavar="COLUMN", help="`*` keeps all")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
