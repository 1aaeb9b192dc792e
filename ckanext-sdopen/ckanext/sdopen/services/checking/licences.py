"""Every part has a licence that we may give on; the parts are written as an SBOM (CycloneDX)."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from license_expression import AND, OR, ExpressionError, get_spdx_licensing
from packageurl import PackageURL

from ckanext.sdopen.services.checking.inventory import Part, Table, parts, table
from ckanext.sdopen.services.layout import PORTAL
from ckanext.sdopen.services.messages import text

_SPDX = get_spdx_licensing()


def may_be(licence: str, known: Table) -> bool:
    """Whether an SPDX expression leaves a way that the table allows."""
    try:
        return _holds(_SPDX.parse(licence), known)
    except ExpressionError:
        return False


def _holds(said: object, known: Table) -> bool:
    if isinstance(said, AND):
        return all(_holds(one, known) for one in said.args)
    if isinstance(said, OR):
        return any(_holds(one, known) for one in said.args)
    return str(said) in known.may


def sbom(found: Sequence[Part], release: str) -> str:
    """The parts as CycloneDX JSON 1.6."""
    licences = LicenseFactory()
    whole = Component(name="ckanext-sdopen", version=release, type=ComponentType.APPLICATION)
    components = [_component(one, licences) for one in found]
    bom = Bom(components=components, metadata=BomMetaData(component=whole))
    bom.register_dependency(whole, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def _component(one: Part, licences: LicenseFactory) -> Component:
    *scope, name = one.name.split("/")
    group = one.group or "/".join(scope)
    purl = PackageURL(one.kind, group or None, name, one.version or None)
    return Component(
        name=name,
        group=group or None,
        version=one.version or None,
        type=ComponentType.LIBRARY,
        licenses=[licences.make_from_string(one.licence)] if one.licence else (),
        purl=purl,
        bom_ref=str(purl),
    )


def write(found: Sequence[Part], release: str, path: Path) -> None:
    """Write the SBOM; half of it is never seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".new")
    half.write_text(sbom(found, release) + "\n", encoding="utf-8")
    half.replace(path)


def main() -> int:
    """Write the SBOM and name each part whose licence is unknown or may not be."""
    known = table()
    found = parts(PORTAL.root, PORTAL.solr_build / "lib", known)
    write(found, version("ckanext-sdopen"), PORTAL.build / "sbom.json")
    wrong = [one for one in found if not may_be(one.licence, known)]
    for one in wrong:
        print(text("licence_wrong", part=one, licence=one.licence or "?"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
