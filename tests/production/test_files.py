"""The files of the packaging, which no engine runs here, held to their published schema and to a linter."""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

PROGRAMS = Path(sys.executable).parent
COMPOSE = settings.BASE_DIR / "docker-compose.yml"
OURS = ("prepare", "web", "workspace", "worker", "beat", "backup")


def says(program: str, *arguments) -> tuple[int, str]:
    run = subprocess.run(
        [PROGRAMS / program, *arguments], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout + run.stderr


def test_compose_file_follows_the_published_schema():
    """The schema of https://github.com/compose-spec/compose-spec, copied beside this file with its licence."""
    schema = Draft202012Validator(json.loads((Path(__file__).parent / "compose-spec.json").read_text()))
    file = yaml.safe_load(COMPOSE.read_text())
    assert [error.message for error in schema.iter_errors(file)] == []
    file["services"]["web"]["cap_drop"] = "ALL"
    # The schema has an opinion on the service, too: the deepest fault is the one made here.
    faults = [list(error.path) for error in schema.iter_errors(file)]
    assert max(faults, key=len) == ["services", "web", "cap_drop"]


def test_dockerfile_has_nothing_that_the_linter_knows(tmp_path):
    assert says("hadolint", "Dockerfile") == (0, "")
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN cd /tmp\n")
    assert says("hadolint", tmp_path / "Dockerfile")[0] == 1


def test_our_containers_are_read_only_and_can_do_nothing_else():
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    guards = ("read_only", "cap_drop", "security_opt", "stop_grace_period")
    assert {name: [services[name].get(guard) for guard in guards] for name in OURS} == {
        name: [True, ["ALL"], ["no-new-privileges:true"], "60s"] for name in OURS
    }


def test_image_runs_as_an_ordinary_account_and_holds_no_secret():
    stage = (settings.BASE_DIR / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert re.findall(r"^USER (.*)$", stage, re.MULTILINE) == ["10001"]
    assert [word for word in ("SECRET", "PASSWORD", "ARG ") if word in stage] == []


def test_image_copies_all_that_the_commands_need():
    copied = set(
        re.findall(r"^COPY (?!--)(\S+)", (settings.BASE_DIR / "Dockerfile").read_text(), re.MULTILINE)
    )
    allowed = {
        line[1:] for line in (settings.BASE_DIR / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    assert copied == allowed == {
        "events", "fixtures", "manage.py", "organizers", "requirements.txt", "semaine", "static", "templates",
    }  # fmt: skip
