"""README stays in step with the commands, the settings and the make targets."""

import re
from pathlib import Path

from typer.main import get_command

from ingest.cli import app
from ingest.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_readme_names_every_command() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert {name for name in commands if f"piaoku {name}" not in README} == set()


def test_readme_names_no_command_that_does_not_exist() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"`piaoku ([a-z-]+)", README)) <= commands


def test_readme_names_every_setting_and_no_other() -> None:
    settings = {f"PIAOKU_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"PIAOKU_[A-Z_]+", README)) == settings


def test_readme_names_the_make_targets_that_people_use() -> None:
    for target in ("make run", "make demo", "make test", "make lint", "make bench"):
        assert target in README


def test_the_pictures_that_readme_shows_exist() -> None:
    shown = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert shown
    assert [name for name in shown if not (ROOT / name).is_file()] == []


def test_ci_runs_what_readme_calls_the_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text()
