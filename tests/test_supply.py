"""What the site is made of, and what is published about it."""

import http.server
import json
import threading
from contextlib import contextmanager

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from pip_requirements_parser import RequirementsFile

from semaine.text import NBSP
from tests import vulnerabilities
from tests.bill_of_materials import bill_of_materials
from tests.production.compose import free_port
from tests.vulnerabilities import FLAWED, REQUIREMENTS, SOUND, UNKNOWN

SEGNO = f"segno==1.6.6 --hash=sha256:{'a' * 64}\n"
FLAW = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "summary": "A flaw",
    "affected": [
        {
            "package": {"name": "segno", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.6.7"}]}],
        }
    ],
}


@contextmanager
def osv(flaws: list, status: int = 200):
    """A server that speaks the format of OSV; gives its address and the questions it was asked."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps({"vulns": flaws} if flaws else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Nothing is to be said."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        server.shutdown()


@pytest.fixture
def pinned(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text(SEGNO)
    return file


def test_nothing_published_is_sound(pinned, monkeypatch, capsys):
    with osv([]) as (url, asked):
        monkeypatch.setenv("OSV_URL", url)
        assert vulnerabilities.main(pinned) == SOUND
    assert asked == [{"package": {"name": "segno", "ecosystem": "PyPI"}, "version": "1.6.6"}]
    assert capsys.readouterr().out == f"1{NBSP}paquet vérifié, 0{NBSP}faille publiée.\n"


def test_flaw_is_named_with_what_mends_it(pinned, monkeypatch, capsys):
    with osv([FLAW]) as (url, _):
        monkeypatch.setenv("OSV_URL", url)
        assert vulnerabilities.main(pinned) == FLAWED
    assert f"segno 1.6.6{NBSP}: GHSA-aaaa-bbbb-cccc, corrigée dans 1.6.7\n" in capsys.readouterr().out


def test_server_in_trouble_is_no_sound_result(pinned, monkeypatch, capsys):
    with osv([], status=500) as (url, _):
        monkeypatch.setenv("OSV_URL", url)
        assert vulnerabilities.main(pinned) == UNKNOWN
    assert "Rien n’a été vérifié" in capsys.readouterr().out


def test_nobody_there_is_no_sound_result(pinned, monkeypatch, capsys):
    monkeypatch.setenv("OSV_URL", f"http://127.0.0.1:{free_port()}/v1/query")
    assert vulnerabilities.main(pinned) == UNKNOWN
    assert "Rien n’a été vérifié" in capsys.readouterr().out


def test_file_that_is_wrong_is_told_with_what_is_wrong(tmp_path, capsys):
    wrong = tmp_path / "requirements.txt"
    wrong.write_text("segno==1.6.6\n")
    assert vulnerabilities.main(wrong) == UNKNOWN
    said = capsys.readouterr().out
    assert "Rien n’a été vérifié" in said
    assert "segno" in said


def test_bill_of_materials_names_every_pinned_package_and_follows_the_schema():
    told = bill_of_materials(REQUIREMENTS)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    components = json.loads(told)["components"]
    wanted = {each.name: each for each in RequirementsFile.from_file(str(REQUIREMENTS)).requirements}
    assert {each["name"] for each in components} == wanted.keys()
    for each in components:
        pinned = wanted[each["name"]]
        assert f"=={each['version']}" == str(pinned.specifier)
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert {f"sha256:{found['content']}" for found in each["hashes"]} == {*pinned.hash_options}
    licensed = {each["name"] for each in components if each.get("licenses")}
    assert "django" in licensed
    assert len(licensed) > len(components) / 2


def test_bill_of_materials_that_breaks_the_schema_is_seen():
    broken = json.loads(bill_of_materials(REQUIREMENTS))
    broken["components"][0]["type"] = "spoon"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None
