"""CodeBuild: projects whose builds really run a buildspec, under the project's role."""

from landrail.localaws.services.codebuild.service import CodeBuild

__all__ = ["CodeBuild"]
