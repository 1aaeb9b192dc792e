"""The pages of linked data on a real portal: what they say, to whom, and what they never say."""

import json
import re

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib import RDF, Graph, Literal, URIRef

from ckanext.sdopen.index.documents import send
from ckanext.sdopen.linked_data import addresses
from ckanext.sdopen.linked_data.vocabulary import ADMS, CSVW, DCAT, DCT, FOAF, HYDRA, SKOS
from ckanext.sdopen.numbering import aliases
from ckanext.sdopen.tests.corpus.examples import (
    PROVIDER_CODE,
    as_site,
    catalog,
    created,
    department,
    editor_of,
    harvested,
    interface,
)
from ckanext.sdopen.tests.linked_data.corpus import shacl

pytestmark = pytest.mark.usefixtures("clean_portal")

EU = "http://publications.europa.eu/resource/authority/"
READ = {"ttl": "turtle", "n3": "n3", "rdf": "xml", "xml": "xml", "jsonld": "json-ld"}
CLOSED = {"opening": "none", "closing_basis": "《政府信息公开条例》第十六条"}


@pytest.fixture(scope="module")
def bureau(clean_portal):
    return department("济南市医疗保障局", "370100", provider_code=PROVIDER_CODE, kind="government")


@pytest.fixture(scope="module")
def entries(bureau):
    """An open catalog with two interfaces, one of them closed; a closed one with an interface."""
    items = [
        {"name": "药店名称", "english_name": "name", "data_type": "C", "primary_key": True},
        {
            "name": "负责人电话",
            "english_name": "canary_phone",
            "data_type": "C",
            "description": "canary 描述",
            "opening": "none",
        },
    ]
    files = [
        {"name": "名录", "url": "https://data.example/a b.csv", "format": "CSV", "source_key": "1"},
        {"name": "表", "url": "javascript:alert(1)", "format": "ET", "source_key": "2"},
    ]
    made = {
        "open": created(
            catalog(
                bureau["id"],
                info_items=items,
                resources=files,
                opening="conditional",
                opening_condition="用于公益或科研",
                contact_phone="0531-12345678",
                tags=[{"name": "药店"}],
            )
        ),
        "closed": created(
            catalog(bureau["id"], resource_code="307001/000124", title="canary 内部名录", **CLOSED)
        ),
    }
    made["service"] = created(interface(bureau["id"], catalog=made["open"]["id"]))
    made["closed service"] = created(
        interface(
            bureau["id"],
            resource_code="307001/000125",
            title="canary 内部接口",
            catalog=made["open"]["id"],
            **CLOSED,
        )
    )
    made["orphan"] = created(
        interface(bureau["id"], resource_code="307001/000126", catalog=made["closed"]["id"])
    )
    send.make_visible()
    return made


@pytest.fixture(scope="module")
def member_token(bureau):
    """The token of a user of the provider."""
    user = editor_of(bureau)
    made = call_action("api_token_create", as_site(), user=user["name"], name="test")
    return made["token"]


@pytest.fixture(scope="module")
def token(bureau):
    """The authorization of a user of another department."""
    user = editor_of(department("青岛市气象局", "370200"))
    made = call_action("api_token_create", as_site(), user=user["name"], name="test")
    return {"Authorization": made["token"]}


@pytest.fixture
def graph(portal_app):
    """Get an address; the graph that it answers."""

    def get(address, headers=None):
        answer = portal_app.get(address, headers=headers, status=200)
        ending = address.partition("?")[0].rsplit(".", 1)[1]
        return Graph().parse(data=answer.body, format=READ[ending])

    return get


@pytest.mark.parametrize("ending", READ)
@pytest.mark.parametrize(("which", "kind"), [("open", "dataset"), ("service", "interface")])
def test_an_entry_says_the_same_in_every_format_and_under_both_addresses(
    entries, graph, portal_app, ending, which, kind
):
    shown = entries[which]
    wanted = graph(f"/dataset/{shown['name']}.ttl")
    found = graph(f"/{kind}/{shown['name']}.{ending}")
    assert len(wanted) > 40
    assert found.isomorphic(wanted)


def test_a_catalog_is_a_dataset_with_its_provider_rights_place_and_subject(entries, bureau, graph):
    shown = entries["open"]
    found = graph(f"/dataset/{shown['name']}.ttl")
    it = addresses.entry(shown)
    assert (it, RDF.type, DCAT.Dataset) in found
    assert found.value(it, DCT.title) == Literal("全省定点零售药店名录", "zh")
    assert found.value(it, DCT.accessRights) == URIRef(EU + "access-right/RESTRICTED")
    assert found.value(it, DCT.accrualPeriodicity) == URIRef(EU + "frequency/MONTHLY")
    assert found.value(it, DCT.language) == URIRef(EU + "language/ZHO")
    provider = found.value(it, DCT.publisher)
    assert found.value(provider, FOAF.name) == Literal("济南市医疗保障局", "zh")
    assert found.value(provider, DCT.identifier) == Literal(PROVIDER_CODE)
    assert str(found.value(provider, DCT.type)).endswith("publishertype/LocalAuthority")
    place = found.value(it, DCT.spatial)
    assert found.value(place, DCT.identifier) == Literal("370100")
    assert Literal("济南市", "zh") in set(found.objects(place, SKOS.prefLabel))
    themes = set(found.objects(it, DCAT.theme))
    assert themes == {addresses.topic("medical"), addresses.topic("health")}
    assert found.value(found.value(it, ADMS.identifier), SKOS.notation) == Literal("307001/000123")
    assert Literal("用于公益或科研", "zh") in set(found.objects())


def test_files_have_their_format_and_only_web_addresses(entries, graph, portal_app, member_token):
    found = graph(f"/dataset/{entries['open']['name']}.ttl")
    files = {str(found.value(f, DCT.title)): f for f in found.subjects(RDF.type, DCAT.Distribution)}
    assert found.value(files["名录"], DCT["format"]) == URIRef(EU + "file-type/CSV")
    assert str(found.value(files["名录"], DCAT.mediaType)).endswith("media-types/text/csv")
    # conditional data are given on application: everybody reads that there are files
    assert found.value(files["名录"], DCAT.downloadURL) is None
    member = {"Authorization": member_token}
    text = portal_app.get(f"/dataset/{entries['open']['name']}.ttl", headers=member).body
    told = Graph().parse(data=text, format="turtle")
    assert told.value(files["名录"], DCAT.downloadURL) == URIRef("https://data.example/a%20b.csv")
    assert told.value(files["表"], DCAT.downloadURL) is None
    assert found.value(files["表"], DCAT.accessURL) == addresses.page(entries["open"])


def test_of_an_item_that_is_narrower_only_its_name_and_class_are_told(entries, graph, portal_app):
    page = f"/dataset/{entries['open']['name']}"
    found = graph(f"{page}.ttl")
    columns = {str(found.value(c, CSVW.title)): c for c in found.subjects(RDF.type, CSVW.Column)}
    assert "药店名称" in {str(title) for title in found.objects(None, CSVW.title)}
    narrow = columns["负责人电话"]
    assert found.value(narrow, DCT.accessRights) == URIRef(EU + "access-right/NON_PUBLIC")
    assert found.value(narrow, CSVW.datatype) is None
    text = portal_app.get(f"{page}.ttl").body
    assert "canary" not in text
    assert "canary" not in json.dumps(structured(portal_app, page))


def test_a_catalog_and_an_interface_name_each_other(entries, graph):
    catalog_graph = graph(f"/dataset/{entries['open']['name']}.ttl")
    service_graph = graph(f"/interface/{entries['service']['name']}.ttl")
    service, served = addresses.entry(entries["service"]), addresses.entry(entries["open"])
    assert set(catalog_graph.objects(None, DCAT.accessService)) == {service}
    assert set(service_graph.objects(service, DCAT.servesDataset)) == {served}
    assert (service, RDF.type, DCAT.DataService) in service_graph
    endpoint = URIRef(addresses.portal() + "/gateway/api/1/pharmacies")
    assert service_graph.value(service, DCAT.endpointURL) == endpoint


def test_a_neighbour_that_the_reader_may_not_read_is_not_named(entries, graph, portal_app, token):
    hidden = {entries["closed"]["id"], entries["closed service"]["id"]}
    for address in (
        f"/dataset/{entries['open']['name']}.ttl",
        f"/interface/{entries['orphan']['name']}.ttl",
        "/catalog.ttl",
    ):
        anonymous = portal_app.get(address).body
        assert not [text for text in ("canary", *hidden) if text in anonymous]
    closed, service = (addresses.entry(entries[name]) for name in ("closed", "closed service"))
    read = graph(f"/interface/{entries['orphan']['name']}.ttl", token)
    assert closed in set(read.objects(None, DCAT.servesDataset))
    read = graph(f"/dataset/{entries['open']['name']}.ttl", token)
    assert service in set(read.objects(None, DCAT.accessService))
    read = graph("/catalog.ttl", token)
    assert closed in set(read.objects(None, DCAT.dataset))


def without_token(answer) -> str:
    """The body of an answer without its token against forged requests, which tells the second."""
    return re.sub(r'name="_csrf_token" (content|value)="[^"]*"', "", answer.body)


def test_what_may_not_be_read_is_answered_like_what_is_not_there(entries, portal_app, token):
    closed = entries["closed"]["name"]
    answers = [
        without_token(portal_app.get(f"/{kind}/{name}.{ending}", status=404)).replace(name, "NAME")
        for name in (closed, "c-370100-307001-999999")
        for kind in ("dataset", "interface")
        for ending in ("ttl", "jsonld")
    ]
    alike = {one.replace("interface", "dataset").replace("jsonld", "ttl") for one in answers}
    assert len(alike) == 1
    assert portal_app.get(f"/dataset/{closed}.ttl", headers=token, status=200)
    for name in (closed, "c-370100-307001-999999"):
        path = "/api/3/action/dcat_dataset_show"
        answer = portal_app.get(path, query_string={"id": name, "format": "ttl"}, status=404)
        assert answer.json["error"]["__type"] == "Not Found Error"


def test_the_address_of_another_code_leads_to_the_entry_where_it_may_be_read(entries, portal_app):
    for number, name in enumerate(("open", "closed")):
        old = f"c-370100-307001-90000{number}"
        aliases.add(old, f"307001/90000{number}", entries[name]["id"], None, "改革")
    model.Session.commit()
    answer = portal_app.get("/dataset/c-370100-307001-900000.ttl", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{addresses.page(entries['open'])}.ttl"
    portal_app.get("/dataset/c-370100-307001-900001.ttl", follow_redirects=False, status=404)


def test_an_unknown_format_or_a_strange_name_is_not_found(entries, portal_app):
    name = entries["open"]["name"]
    for path in (f"dataset/{name}.exe", "catalog.exe", "topic-scheme.exe"):
        portal_app.get(f"/{path}", status=404)
    portal_app.get("/dataset/%00.ttl", status=400)
    portal_app.get(f"/dataset/{name}.ttl?profiles=schemaorg", status=409)


def test_the_directory_is_the_portal_with_datasets_and_services(entries, graph):
    found = graph("/catalog.ttl")
    portal = URIRef(addresses.portal())
    assert (portal, RDF.type, DCAT.Catalog) in found
    assert set(found.objects(portal, DCAT.dataset)) == {addresses.entry(entries["open"])}
    # the interface of a closed catalog is as closed
    services = {addresses.entry(entries["service"])}
    assert set(found.objects(portal, DCAT.service)) == services
    assert found.value(portal, DCAT.themeTaxonomy) == addresses.scheme("topic")


def test_the_pages_of_the_directory_lead_through_all_entries_once(entries, graph, ckan_config):
    ckan_config["ckanext.dcat.datasets_per_page"] = 1
    seen, address, pages = [], "/catalog.xml", 0
    while address:
        found = graph(address)
        portal = URIRef(addresses.portal())
        seen += [*found.objects(portal, DCAT.dataset), *found.objects(portal, DCAT.service)]
        following = next(found.objects(None, HYDRA.next), None)
        address = str(following).removeprefix(addresses.portal()) if following else ""
        pages += 1
    assert pages == 2
    assert len(seen) == len(set(seen)) == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=0", 409),
        ("page=-1", 409),
        ("page=²", 409),
        ("page=99999999999999999999", 409),
        ("page=7", 404),
        ("modified_since=yesterday", 409),
        ("modified_since=0001-01-01T00:00:00%2B14:00", 409),
        ("fq=title:[", 409),
        ("modified_since=2020-01-01T00:00:00+08:00", 200),
        ("q=药店", 200),
    ],
)
def test_wrong_parameters_of_the_directory_get_a_clear_answer(entries, portal_app, query, status):
    portal_app.get(f"/catalog.ttl?{query}", status=status)


def test_only_what_changed_since_is_listed(entries, graph):
    assert set(graph("/catalog.ttl?modified_since=2020-01-01").objects(None, DCAT.dataset))
    assert not set(graph("/catalog.ttl?modified_since=2999-01-01").objects(None, DCAT.dataset))


@pytest.mark.parametrize(
    "address", ["/catalog.ttl", "/topic-scheme.ttl", "/region-scheme.ttl", "/topic-scheme"]
)
def test_what_the_portal_serves_conforms_to_the_shapes(entries, portal_app, address):
    if not shacl.FOLDER.is_dir():
        pytest.skip(f"the shapes of DCAT-AP are absent: {shacl.FOLDER}")
    found = Graph().parse(data=portal_app.get(address).body, format="turtle")
    assert len(found) > 60
    assert not shacl.by_pyshacl(found, shacl.read(shacl.FOLDER, *shacl.FILES))


def test_the_topics_are_a_scheme_in_two_languages(graph):
    found = graph("/topic-scheme.ttl")
    scheme = addresses.scheme("topic")
    topics = set(found.objects(scheme, SKOS.hasTopConcept))
    assert len(topics) == 21
    health = set(found.objects(addresses.topic("health"), SKOS.prefLabel))
    assert health == {Literal("卫生", "zh"), Literal("Public health", "en")}


def test_characters_that_rdf_cannot_hold_do_not_break_it(bureau, graph):
    hard = '"引号" <b>&amp;</b> \\ {x}\u2028\U0001f600'
    made = created(
        harvested(
            bureau["id"],
            title=hard,
            source_key="hard",
            tags=[{"name": "标签"}],
            resources=[
                {"name": hard, "url": 'https://data.example/<>{}|\\^`"x', "format": "a/b<>"}
            ],
        )
    )
    for ending in READ:
        found = graph(f"/dataset/{made['name']}.{ending}")
        assert found.value(addresses.entry(made), DCT.title) == Literal(hard, "zh")


def structured(app, address):
    page = app.get(address).body
    script = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    return json.loads(script)


def test_pages_tell_search_engines_what_they_show(entries, portal_app):
    data = structured(portal_app, f"/dataset/{entries['open']['name']}")
    assert data["@type"] == "Dataset"
    assert data["name"] == "全省定点零售药店名录"
    assert data["variableMeasured"] == ["药店名称"]
    assert data["publisher"]["name"] == "济南市医疗保障局"
    service = structured(portal_app, f"/interface/{entries['service']['name']}")
    assert service["@type"] == "WebAPI"


def test_a_title_cannot_end_the_script_of_a_page(bureau, portal_app):
    title = "</script><script>alert(1)</script>"
    made = created(harvested(bureau["id"], title=title, source_key="script"))
    assert structured(portal_app, f"/dataset/{made['name']}")["name"] == title


def test_pages_link_to_their_linked_data(entries, portal_app):
    for name in ("open", "service"):
        page = portal_app.get(f"/dataset/{entries[name]['name']}").body
        assert f"/dataset/{entries[name]['id']}.ttl" in page
        assert portal_app.get(f"/dataset/{entries[name]['id']}.ttl", status=200)


def test_dcats_own_serializer_writes_our_profile(entries):
    anonymous = {"user": "", "ignore_auth": False}
    shown = call_action("package_show", anonymous, id=entries["open"]["id"])
    text = RDFSerializer().serialize_dataset(shown, _format="ttl")
    found = Graph().parse(data=text, format="turtle")
    assert (addresses.entry(shown), RDF.type, DCAT.Dataset) in found
    assert "canary" not in text


def test_another_portal_harvests_the_directory_by_ckanext_dcat(entries, portal_app, ckan_config):
    ckan_config["ckanext.dcat.datasets_per_page"] = 1
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(portal_app.get("/catalog.xml").body, "xml")
    (found,) = parser.datasets()
    assert found["title"] == entries["open"]["title"]
    extras = {extra["key"]: extra["value"] for extra in found["extras"]}
    assert extras["frequency"] == EU + "frequency/MONTHLY"
    assert extras["publisher_name"] == "济南市医疗保障局"
    assert parser.next_page() == f"{addresses.portal()}/catalog.xml?page=2"


def test_nothing_is_fetched_to_write_json_ld(entries, portal_app, monkeypatch):
    import socket

    def refuse(*args):
        raise AssertionError(f"a connection to {args}")

    body = portal_app.get(f"/dataset/{entries['open']['name']}.jsonld").body
    context = json.loads(body)["@context"]
    assert isinstance(context, dict)
    assert all(isinstance(value, str | dict) for value in context.values())
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    Graph().parse(data=body, format="json-ld")


def test_a_sysadmin_reads_a_draft_as_linked_data(bureau, portal_app):
    admin = factories.Sysadmin()
    draft = created(catalog(bureau["id"], resource_code="307001/000130", state="draft"))
    draft = call_action("package_patch", as_site(), id=draft["id"], state="draft")
    made = call_action("api_token_create", as_site(), user=admin["name"], name="t")
    address = f"/dataset/{draft['name']}.ttl"
    portal_app.get(address, status=404)
    portal_app.get(address, headers={"Authorization": made["token"]}, status=200)
