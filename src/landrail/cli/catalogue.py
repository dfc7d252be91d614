"""The list of commands: where each lives and its line in `landrail --help`.

A command is imported when it is run or its own help is asked for; the help lines stand here so
that listing them imports nothing. A test holds them against the commands.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its module, the name of the click command in it, and its help line."""

    module: str
    attribute: str
    help: str


def _entry(name: str, help: str) -> Entry:
    return Entry(f"landrail.cli.commands.{name}", f"{name}_command", help)


COMMANDS: dict[str, Entry] = {
    "init": _entry("init", "Write a commented file to start from."),
    "check": _entry("check", "Check the file: keys, references, names and quotas."),
    "schema": _entry("schema", "Print the JSON Schema of the file."),
    "plan": _entry("plan", "Show what apply would change."),
    "apply": _entry("apply", "Build or change the platform to match the file."),
    "destroy": _entry("destroy", "Take the platform down; data and accounts are kept."),
    "show": _entry("show", "Show what stands: accounts, roles, guardrails, models."),
    "audit": _entry("audit", "Find what in the accounts does not hold to the guardrails."),
    "guardrails": _entry("guardrails", "List guardrails, show one, and what each reaches."),
    "explain": _entry("explain", "Explain a decision of the local AWS."),
    "can": _entry("can", "Ask whether somebody may do something, without doing it."),
    "policy": _entry("policy", "Decide requests by any policies, and check policies."),
    "as": Entry("landrail.cli.commands.enter", "as_command", "Run one command as WHO@ACCOUNT."),
    "shell": Entry("landrail.cli.commands.enter", "shell_command", "Open a shell as WHO@ACCOUNT."),
    "model": _entry("model", "A model's project; run its pipelines, approve, roll back."),
    "local": _entry("local", "Start, stop and look after the local AWS."),
    "demo": _entry("demo", "Build the example platform and take a model to production."),
    "version": _entry("version", "Print the version."),
}


def _of_model(name: str, module: str, help: str) -> Entry:
    return Entry(f"landrail.cli.commands.model_{module}", f"{name}_command", help)


MODEL_COMMANDS: dict[str, Entry] = {
    "init": _of_model("init", "init", "Write a project with its tests, as a repository of git."),
    "run": _of_model("run", "run", "Start a pipeline."),
    "status": _of_model("status", "watch", "Show what the pipelines are doing and what is live."),
    "log": _of_model("log", "watch", "Show what the pipelines did, stage by stage."),
    "logs": _of_model("logs", "watch", "Print the log lines of an execution."),
    "stop": _of_model("stop", "run", "Stop an execution."),
    "retry": _of_model("retry", "run", "Run the failed stage of an execution again."),
    "approve": _of_model("approve", "answer", "Approve a release."),
    "reject": _of_model("reject", "answer", "Reject a release."),
    "rollback": _of_model("rollback", "answer", "Put an earlier release into production again."),
    "step": _of_model("step", "step", "Do steps of a pipeline, inside a build."),
}
"""Those of `landrail model`."""
