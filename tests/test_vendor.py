"""Vendored files are the ones the manifest names, byte for byte, each with a licence."""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
OUR_OWN = {"manifest.json", "update.py"}
FONT_BUDGET = 60 * 1024


def manifest():
    return json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def vendored_files():
    files = (path.relative_to(VENDOR) for path in VENDOR.rglob("*") if path.is_file())
    return {
        file.as_posix()
        for file in files
        if file.as_posix() not in OUR_OWN and "__pycache__" not in file.parts
    }


def test_manifest_names_every_vendored_file():
    assert vendored_files() == set(manifest())


def test_manifest_hashes_match_the_files():
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in vendored_files()}
    assert found == {name: entry["sha256"] for name, entry in manifest().items()}


def test_manifest_gives_each_folder_a_licence_file():
    folders = {name.split("/")[0] for name in manifest()}
    licensed = {name.split("/")[0] for name in manifest() if name.split("/")[1].startswith("LICEN")}
    assert licensed == folders


def test_fonts_stay_within_their_budget():
    fonts = VENDOR.glob("*/*.woff2")
    assert sum(font.stat().st_size for font in fonts) <= FONT_BUDGET
