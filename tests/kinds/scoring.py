"""The project of the model as one that serves by `landrail.serving` and is scored by shards."""

from __future__ import annotations

from pathlib import Path

from tests.kinds.kinds_world import World

_SERVE = '''
def serve() -> None:
    """Serve, or score files, by the border that a training left."""
    from landrail.serving import serve as run

    def load(folder):
        return json.loads((folder / "model.json").read_text())["border"]

    run(load, lambda border, rows: (rows["value"] > border).astype(float))


'''
_RECIPE = """
[tool.landrail.batch]
format = "csv"
keep = ["id"]
shard_rows = 40
"""


def project(world: World) -> Path:
    """Begin a working copy of it."""
    copy = world.begin("tiny")
    file = copy / "pyproject.toml"
    depends = '"\ndependencies = ["landrail[serving]"]\n\n[tool.hatch'
    file.write_text(file.read_text().replace('"\n\n[tool.hatch', depends) + _RECIPE)
    program = copy / "src/tiny/__main__.py"
    text = program.read_text()
    schema = '\n    columns = [{"name": "value", "type": "number"}]\n    '
    schema += '(model / "schema.json").write_text(json.dumps({"columns": columns}))\n'
    text = text.replace('"asked": asked}))\n', f'"asked": asked}})){schema}')
    before, _, rest = text.partition("def serve()")
    program.write_text(before.rstrip() + "\n\n" + _SERVE + rest[rest.index("if __name__") :])
    return copy
