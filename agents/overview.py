"""What a model is shown of the workspace first."""

from agents.expectation import Expectation
from tools.survey import survey
from tools.texts import fenced
from tools.workspace import Workspace

SURVEY = 6000
"""Characters of the survey: about a quarter of a window of 8192 tokens."""
SHOWN = 14_000
"""Characters of a file that is to be changed which are shown: half of such a window."""


def overview(workspace: Workspace, task: str, expects: Expectation) -> str:
    """The file that is to be changed, else what the task is about and what lies beside it."""
    if expects.source:
        return fenced(expects.file, expects.source[:SHOWN])
    if expects.git:
        return "The folder is a git repository."
    return survey(workspace, SURVEY, task)
