"""A run of `deploy/pages.yml` without GitHub: its `run` steps by the shell, in order, with its variables."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.checkout import environment, git

# A repository's address on Pages, as the action `configure-pages` gives it.
BASE_URL = "https://workshop.github.io/site"
SUB_PATH = "/site"
RUNS_WITHIN_SECONDS = 300
_EXPRESSION = re.compile(r"\$\{\{ *(.+?) *\}\}")


def read_workflow(file: Path) -> dict[str, Any]:
    """A workflow; YAML 1.1 reads its key `on` as true."""
    workflow: dict[Any, Any] = yaml.safe_load(file.read_text())
    return {"on" if key is True else key: value for key, value in workflow.items()}


@dataclass(frozen=True)
class Runner:
    """A runner's machine, which begins each run with a new clone; ``publish`` is where Pages serves from."""

    folder: Path
    repository: Path
    pages: Path

    def run(self, workflow: str) -> None:
        """Run a workflow of the repository as it is there now, and publish the folder that it uploads."""
        checkout, temporary = self.folder / "checkout", self.folder / "temp"
        for folder in (checkout, temporary):
            shutil.rmtree(folder, ignore_errors=True)
        temporary.mkdir(parents=True)
        git(self.folder, "clone", "--quiet", self.repository, checkout)
        read = read_workflow(checkout / ".github" / "workflows" / workflow)
        values = {"steps.pages.outputs.base_url": BASE_URL, "runner.temp": str(temporary)}
        # As `setup-python` leaves it: a Python of the runner's own, first on the path.
        if not (self.folder / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", self.folder / "python"], check=True)
        base = environment(self.folder / "python" / "bin", RUNNER_TEMP=str(temporary), **_filled(read["env"], values))
        for step in read["jobs"]["freeze"]["steps"]:
            if "run" in step:
                self._step(step, checkout, {**base, **_filled(step.get("env", {}), values)})
            elif "upload-pages-artifact" in step["uses"]:
                self._publish(Path(_filled(step["with"], values)["path"]))

    def _step(self, step: dict[str, Any], folder: Path, variables: dict[str, str]) -> None:
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUNS_WITHIN_SECONDS,
        )
        if done.returncode:
            raise StepFailed(step["name"], done.stdout + done.stderr)

    def _publish(self, site: Path) -> None:
        """Serve what was uploaded instead of what was there, without the hidden files, which the action leaves out."""
        shutil.rmtree(self.pages, ignore_errors=True)
        shutil.copytree(site, self.pages, ignore=shutil.ignore_patterns(".*"))


class StepFailed(Exception):
    """A step's name, and what it printed."""

    def __init__(self, name: str, printed: str) -> None:
        super().__init__(f"{name}: {printed}")
        self.name, self.printed = name, printed


def _filled(variables: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """Variables with their expressions replaced; KeyError for one that the test does not know."""
    return {name: _EXPRESSION.sub(lambda found: values[found[1]], str(text)) for name, text in variables.items()}
