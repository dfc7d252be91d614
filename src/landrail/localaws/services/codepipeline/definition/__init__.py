"""What a pipeline may be: its structure checked before it is kept, in AWS's codes and words.

Everything the engine cannot do is refused here, so that no stage is passed over in silence. All
that is wrong is told at once, under the code of what AWS would find first.
"""

from landrail.localaws.services.codepipeline.definition.checking import actions, check

__all__ = ["actions", "check"]
