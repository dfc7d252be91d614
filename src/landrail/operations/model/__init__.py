"""What the pipelines do with a model, one module per step of `docs/platform.md`.

The steps run inside a build, on AWS and on the local AWS alike: configured by the `LANDRAIL_*`
variables of the build project, signed in by the build's own role, and crossing into the stage's
account only by its release role. Each reads what the step before left and leaves files in `out/`.
"""
