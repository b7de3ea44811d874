"""Copy the pinned front-end files into static/vendor/ (run by `make vendor`).

Each package is fetched with `npm pack` at one exact version, its tarball checked
against the integrity written here, then only the listed files are kept, with the
licence. The manifest gives the hash of every file; tests/test_vendor.py checks it.
To upgrade: change version and integrity (`npm view <package>@<version> dist.integrity`).
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

VENDOR = Path(__file__).resolve().parent


class Package(NamedTuple):
    name: str
    version: str
    integrity: str
    licence: str
    files: tuple[str, ...]

    @property
    def folder(self) -> str:
        return f"{self.name.rpartition('/')[2]}-{self.version}"


PACKAGES = (
    Package(
        name="@fontsource/bricolage-grotesque",
        version="5.3.0",
        integrity="sha512-MdOVb/5in11IfN/IQJOExMuu6AroCIQbirl0yX7NUvKk+h0HYIKfGaVAXRS/gCPil4aFxWhjZnOw28tUwv7tFw==",
        licence="OFL-1.1",
        files=("LICENSE", "files/bricolage-grotesque-latin-700-normal.woff2"),
    ),
    Package(
        name="@fontsource/atkinson-hyperlegible-next",
        version="5.3.0",
        integrity="sha512-8p1tHVoPDo6oYwSO3sMw5snGwFwSf3TmeSF9Gcj792GXdsg6oqvhoItbj6Hj/XZIk0Xs+Cwu6pkLBAl3Q5HrwA==",
        licence="OFL-1.1",
        files=(
            "LICENSE",
            "files/atkinson-hyperlegible-next-latin-400-normal.woff2",
            "files/atkinson-hyperlegible-next-latin-700-normal.woff2",
        ),
    ),
    # The same faces for what we draw, PDFs and pictures: typst reads no woff2, and these hold more letters.
    Package(
        name="@expo-google-fonts/bricolage-grotesque",
        version="0.4.1",
        integrity="sha512-uijLLg+thOrFgw+gXtYA3dQJTBqqqleabcNFpamaYXqUUcbFe0J18C+4nfL0CyGzSJUicxUBLY4Zv7jdHmTGMA==",
        licence="OFL-1.1",
        files=("LICENSE_FONT", "700Bold/BricolageGrotesque_700Bold.ttf"),
    ),
    Package(
        name="@expo-google-fonts/atkinson-hyperlegible-next",
        version="0.4.1",
        integrity="sha512-tA5NUQCrb4GnQ8kvghyF6Kqw72zr4zSNmMwhCTcHlsu/jE5JoF8Fje5/WwL44y17Lue99pG9cyq3PW5X/7ZDng==",
        licence="OFL-1.1",
        files=(
            "LICENSE_FONT",
            "400Regular/AtkinsonHyperlegibleNext_400Regular.ttf",
            "700Bold/AtkinsonHyperlegibleNext_700Bold.ttf",
        ),
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """Download one tarball into `folder`; stop if it is not the pinned one."""
    subprocess.run(
        ["npm", "pack", "--ignore-scripts", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (tarball,) = folder.glob("*.tgz")
    algorithm, _, expected = package.integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, tarball.read_bytes()).digest()).decode()
    if found != expected:
        raise SystemExit(f"{package.name}@{package.version}: integrity is {algorithm}-{found}")
    return tarball


def unpack(package: Package, tarball: Path) -> dict[str, dict[str, str]]:
    """Replace the package's folder by the listed files; return their manifest entries."""
    target = VENDOR / package.folder
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    entries = {}
    with tarfile.open(tarball) as archive:
        for name in package.files:
            content = archive.extractfile(f"package/{name}").read()
            file = target / Path(name).name
            file.write_bytes(content)
            entries[f"{package.folder}/{file.name}"] = {
                "sha256": hashlib.sha256(content).hexdigest(),
                "package": package.name,
                "version": package.version,
                "licence": package.licence,
            }
    return entries


def main() -> None:
    manifest = {}
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            manifest |= unpack(package, fetch(package, Path(folder)))
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
