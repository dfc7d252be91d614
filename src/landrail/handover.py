"""Words that the compiler writes into pipelines and that the steps inside their builds read.

They stand apart so that a step, which starts for every build, need not load the compiler.
"""

from __future__ import annotations

AUTHOR, NOBODY = "Author", "-"
"""The variable of an execution that names who pushed, and what it says by default."""
BUILDS, TRAINED, REGISTERED = "builds", "trained", "registered"
"""Where in the artifact bucket lies what a pipeline leaves for another one."""
NEWEST = "newest"
"""What a variable says that names nothing."""
VARIANT = "live"
"""The one variant of a model's endpoint; roles may scale nothing else."""
ALARMS = "landrail"
"""Where the names of the alarms of deployments begin, before the endpoint's: `landrail/ENDPOINT/`.
Nobody but a release may change them."""
DEFAULT_INSTANCE_TYPE = "ml.m5.large"
"""What jobs and endpoints run on where the repository says nothing."""
