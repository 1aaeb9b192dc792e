"""What the portal is made of is listed, each part with a licence that may be given on."""

import json
import re
from dataclasses import replace

import pytest

from ckanext.sdopen.services.checking import licences
from ckanext.sdopen.services.checking.inventory import Part, parts, table
from ckanext.sdopen.services.layout import PORTAL, ROOT


@pytest.fixture(scope="module")
def known():
    return table()


@pytest.fixture(scope="module")
def found(known):
    return parts(ROOT, PORTAL.solr_build / "lib", known)


def test_every_library_that_serves_and_no_tool_is_listed(found):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = set(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    assert {(one.name, one.version) for one in found if one.kind == "pypi"} == wanted
    assert not {"pytest", "playwright"} & {one.name for one in found}


def test_solrs_jars_and_the_scripts_of_pages_are_listed(found, tmp_path, known):
    jars = {one.name: one for one in found if one.kind == "maven"}
    assert jars["solr-core"].group == "org.apache.solr"
    assert len(jars) > 100, "the tests build Solr"
    scripts = {one.name: one.version for one in found if one.kind == "npm"}
    assert {"jquery", "bootstrap", "htmx.org", "datatables.net"} <= scripts.keys()
    assert re.fullmatch(r"\d+\.\d+\.\d+", scripts["jquery"])
    unbuilt = [one for one in parts(ROOT, tmp_path, known) if one.kind == "maven"]
    assert {"solr-core", "jetty-server"} <= {one.name for one in unbuilt}
    assert all(re.match(r"\d", one.version) for one in unbuilt)


def test_each_licence_may_be(found, known):
    assert [one for one in found if not licences.may_be(one.licence, known)] == []


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ("MIT", True),
        ("MIT AND BSD-3-Clause", True),
        ("SSPL-1.0 OR Apache-2.0", True),
        ("SSPL-1.0 AND Apache-2.0", False),
        ("SSPL-1.0", False),
        ("all rights reserved", False),
        ("(MIT", False),
        ("", False),
    ],
)
def test_an_unknown_licence_or_one_that_may_not_be_is_none(known, said, may):
    assert licences.may_be(said, known) is may


def test_the_check_fails_for_one_such_part_and_names_it(monkeypatch, tmp_path, capsys, known):
    odd = Part("pypi", "odd", "1.0", "SSPL-1.0")
    good = Part("pypi", "good", "1.0", "MIT")
    monkeypatch.setattr(licences, "PORTAL", replace(PORTAL, root=tmp_path))
    monkeypatch.setattr(licences, "parts", lambda *_: [good])
    assert licences.main() == 0
    monkeypatch.setattr(licences, "parts", lambda *_: [good, odd])
    assert licences.main() == 1
    said = capsys.readouterr().out
    assert "odd 1.0" in said
    assert "SSPL-1.0" in said
    assert "good" not in said
    names = [
        one["name"]
        for one in json.loads((tmp_path / "var/build/sbom.json").read_text())["components"]
    ]
    assert names == ["good", "odd"]


def test_the_list_has_what_the_format_asks_for(found):
    told = json.loads(licences.sbom(found, "0.1.0"))
    assert told["bomFormat"] == "CycloneDX"
    assert told["specVersion"] == "1.6"
    assert told["metadata"]["component"]["name"] == "ckanext-sdopen"
    assert len(told["components"]) == len(found)
    for one in told["components"]:
        assert one["type"] == "library"
        assert one["name"]
        assert re.match(r"pkg:(pypi|npm|maven)/", one["purl"])
        assert one["licenses"]
    references = [one["bom-ref"] for one in told["components"]]
    assert len(set(references)) == len(references)
