"""Which code a result comes from."""

import subprocess
from functools import cache
from pathlib import Path

import dood

__all__ = ["code_version"]


@cache
def code_version() -> str:
    """The package's version; from a git checkout with the commit, and `+changes` where files differ from it."""
    commit = _git("rev-parse", "--short=10", "HEAD")
    if not commit or not _git("ls-files", Path(__file__).name):
        return dood.__version__
    return f"{dood.__version__} {commit}{'+changes' if _git('status', '--porcelain', '.') else ''}"


def _git(*arguments: str) -> str:
    """What git says about the folder of this file; nothing where it is no checkout or there is no git."""
    folder = Path(__file__).parent
    try:
        answer = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()
