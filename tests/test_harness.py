"""What catches whole classes of mistakes: in templates, settings, static files and on bare machines."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import storage
from django.core.management import call_command
from django.template import Context, Engine, Template
from django.test import override_settings
from django.utils.functional import empty

from tests import factories

ROOT = settings.BASE_DIR
CODE = ("semaine", "organizers", "events")
# Called by name: by Django for errors, by allauth for its pages and messages.
KNOWN_BY_OTHERS = re.compile(
    r"^(4\d\d|500|403_csrf)\.html$|^admin/index\.html$|^(account|mfa|socialaccount)/"
)
# Python and GNU/Linux find a shared library by these; here they find neither GDAL nor GEOS.
WITHOUT_GEO = """
import ctypes, ctypes.util, sys
real = ctypes.util.find_library
hidden = ("gdal", "geos")
ctypes.util.find_library = lambda name: None if name.lower().startswith(hidden) else real(name)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check"])
assert not [name for name in sys.modules if name.startswith("django.contrib.gis")]
"""


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.*"))


def test_every_template_is_used():
    sources = [*templates(), *(each for app in CODE for each in (ROOT / app).rglob("*.py"))]
    texts = {path: path.read_text() for path in sources}
    unused = []
    for path in templates():
        name = str(path.relative_to(ROOT / "templates"))
        named = any(f"{name}" in text for other, text in texts.items() if other != path)
        if not named and not KNOWN_BY_OTHERS.search(name):
            unused.append(name)
    assert unused == []


def test_templates_hold_no_inline_script_or_style():
    # A data block for search engines runs nothing.
    inline = r'<script(?![^>]*(?:src=|"application/ld\+json"))|<style|\sstyle=|\son\w+='
    found = [
        f"{path.name}: {match}"
        for path in templates()
        if "emails" not in path.parts
        for match in re.findall(inline, path.read_text())
    ]
    assert found == []


def test_undefined_variable_fails():
    template = Template("{{ absent }}", engine=Engine.get_default())
    template.origin.name = str(ROOT / "templates" / "x.html")
    with pytest.raises(AssertionError, match="undefined variable “absent”"):
        template.render(Context())


def test_project_starts_without_gdal_and_geos():
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT_GEO],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), run.stderr


@pytest.mark.django_db
def test_static_files_collect_as_in_production(tmp_path, client):
    names = {
        "default": settings.STORAGES["default"],
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    factories.labelled()
    with override_settings(STORAGES=names, STATIC_ROOT=tmp_path):
        storage.staticfiles_storage._wrapped = empty
        call_command("collectstatic", interactive=False, verbosity=0)
        page = client.get("/carte/").content.decode()
    storage.staticfiles_storage._wrapped = empty
    linked = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert [name for name in linked if not (tmp_path / name).is_file()] == []
    assert len(linked) > 5


class Ids(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name == "id"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/programme/", "/carte/", "/compte/inscription/"])
def test_ids_are_unique(client, address):
    factories.labelled()
    found = Ids(client.get(address).content.decode()).found
    assert sorted(set(found)) == sorted(found)


def test_health_answers_each_part(client, db):
    assert client.get("/sante").json() == {"database": "ok", "cache": "ok", "queue": "ok"}
