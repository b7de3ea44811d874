"""`make sbom`: what production is made of, as a CycloneDX 1.6 file; each package with its hashes and its licence."""

import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from pip_requirements_parser import InstallRequirement, RequirementsFile

HOME = Path(__file__).parent.parent
REQUIREMENTS, FILE = HOME / "requirements.txt", HOME / ".data" / "sbom.cdx.json"
LICENCES = LicenseFactory()


def bill_of_materials(requirements: Path) -> str:
    """Return the file of pinned packages as CycloneDX in JSON; licences as the installed packages state them."""
    bom = Bom()
    bom.metadata.component = site = Component(
        name="semaine-industrie", type=ComponentType.APPLICATION, bom_ref="semaine-industrie"
    )
    components = [_component(each) for each in RequirementsFile.from_file(str(requirements)).requirements]
    bom.components.update(components)
    bom.register_dependency(site, components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(pinned: InstallRequirement) -> Component:
    [specifier] = pinned.specifier
    digests = [each.removeprefix("sha256:") for each in pinned.hash_options]
    url = PackageURL("pypi", name=pinned.name, version=specifier.version)
    return Component(
        name=pinned.name,
        version=specifier.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=str(url),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in digests],
        licenses=_licences(pinned.name),
    )


def _licences(name: str) -> list:
    """The SPDX expression of a package, or the words that it uses for its licence; none when it states nothing."""
    try:
        stated = metadata(name)
    except PackageNotFoundError:
        return []
    if expression := stated.get("License-Expression"):
        return [LICENCES.make_from_string(expression)]
    classifiers = [each for each in stated.get_all("Classifier", ()) if each.startswith("License :: ")]
    return [LICENCES.make_with_name(each.rpartition(" :: ")[2]) for each in classifiers]


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(bill_of_materials(REQUIREMENTS))
    sys.stdout.write(f"{FILE.relative_to(HOME)}\n")
