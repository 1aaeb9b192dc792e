"""What the graphs of catalogs and interfaces have in common."""

import re
from collections.abc import Mapping
from typing import Any

from rdflib import Graph, URIRef

from ckanext.sdopen import codes
from ckanext.sdopen.linked_data import addresses, vocabulary
from ckanext.sdopen.linked_data.related import Department, Related
from ckanext.sdopen.linked_data.triples import EN, ZH, About, concept, typed
from ckanext.sdopen.linked_data.vocabulary import ADMS, DCAT, DCT, FOAF, RDFS, SKOS, VCARD

Entry = Mapping[str, Any]

_TELEPHONE = re.compile(r"^\+?[0-9][0-9 ()-]{4,}[0-9]$")
_MAIL = re.compile(r"^[^\s@<>\"]+@[^\s@<>\"]+$")


def topic(graph: Graph, code: str) -> URIRef:
    """A topic as a concept of the portal's scheme."""
    known = codes.load("topics")
    term = addresses.topic(code)
    about = concept(graph, term, known.label(code, "zh"), known.label(code, "en"))
    about.to(SKOS.inScheme, addresses.scheme("topic"))
    return term


def place(graph: Graph, code: str) -> URIRef:
    """A region as a location with its code of GB/T 2260 and its name."""
    known = codes.load("regions")
    about = About(graph, addresses.region(code), DCT.Location)
    about.text(DCT.identifier, code)
    about.text(SKOS.prefLabel, known.label(code, "zh"), ZH)
    about.text(SKOS.prefLabel, known.label(code, "en"), EN)
    return addresses.region(code)


def agent(graph: Graph, identity: str, known: Department) -> URIRef:
    """A department as an agent with its code and its type."""
    term = addresses.department(identity)
    about = About(graph, term, FOAF.Agent)
    about.text(FOAF.name, known.title, ZH).text(DCT.identifier, known.provider_code)
    kind = vocabulary.publisher_type(known.kind or None, known.level or None)
    if kind:
        concept(graph, kind[0], kind[1]["zh"], kind[1]["en"])
        about.to(DCT.type, kind[0])
    return term


def _publisher(about: About, shown: Entry, related: Related) -> None:
    identity = str(shown.get("owner_org") or "")
    known = related.departments.get(identity)
    title = (known.title if known else "") or (shown.get("organization") or {}).get("title")
    if not identity or not title:
        return
    code = str(shown.get("provider_code") or (known.provider_code if known else ""))
    level = known.level if known else ""
    if not level and shown.get("region") in codes.regions():
        level = codes.region(shown["region"]).level
    described = Department(title, code, known.kind if known else "", level)
    about.to(DCT.publisher, agent(about.graph, identity, described))


def _contact(about: About, shown: Entry) -> None:
    phone = str(shown.get("contact_phone") or "").strip()
    mail = str(shown.get("contact_email") or "").strip()
    name = shown.get("contact_name") or (shown.get("organization") or {}).get("title")
    if not (phone or mail):
        return
    card = about.new(DCAT.contactPoint, VCARD.Kind, VCARD.Organization)
    card.text(VCARD.fn, name or shown.get("title"), ZH)
    if _TELEPHONE.match(phone):
        card.to(VCARD.hasTelephone, URIRef("tel:" + re.sub(r"[^0-9+-]", "", phone)))
    if _MAIL.match(mail):
        card.to(VCARD.hasEmail, addresses.mail(mail))


def access_right(graph: Graph, opening: str | None) -> URIRef | None:
    """An opening class as an EU access right with its label here; None where there is no class."""
    right = typed(graph, vocabulary.access_right(opening), DCT.RightsStatement)
    if right is not None:
        About(graph, right).text(RDFS.label, codes.load("opening").label(str(opening), "zh"), ZH)
    return right


def _rights(about: About, shown: Entry) -> None:
    about.to(DCT.accessRights, access_right(about.graph, shown.get("opening")))
    if shown.get("opening") == "conditional":
        about.statement(DCT.rights, DCT.RightsStatement, shown.get("opening_condition"))


def named(graph: Graph, shown: Entry, kind: URIRef) -> About:
    """The least that is said of a catalog or an interface: what it is, its title and abstract."""
    about = About(graph, addresses.entry(shown), kind)
    about.text(DCT.title, shown.get("title") or shown["name"], ZH)
    about.text(DCT.description, shown.get("notes") or shown.get("title") or shown["name"], ZH)
    return about


def described(graph: Graph, shown: Entry, kind: URIRef, related: Related) -> About:
    """All that catalogs and interfaces share: names, subject, provider, rights, days, place."""
    about = named(graph, shown, kind)
    code = str(shown.get("resource_code") or "")
    about.text(DCT.identifier, shown["id"])
    if code:
        about.new(ADMS.identifier, ADMS.Identifier).text(SKOS.notation, code)
    about.to(DCT.language, typed(graph, vocabulary.language(), DCT.LinguisticSystem))
    about.to(DCAT.landingPage, typed(graph, addresses.page(shown), FOAF.Document))
    about.texts(DCAT.keyword, (tag.get("name") for tag in shown.get("tags") or []))
    known = codes.load("topics")
    about.to(DCAT.theme, *(topic(graph, t) for t in shown.get("topics") or [] if t in known))
    _publisher(about, shown, related)
    _contact(about, shown)
    _rights(about, shown)
    cycle = vocabulary.frequency(shown.get("update_cycle"))
    about.to(DCT.accrualPeriodicity, typed(graph, cycle, DCT.Frequency))
    about.day(DCT.issued, shown.get("released_on"), shown.get("metadata_created"))
    about.day(DCT.modified, shown.get("updated_on"), shown.get("metadata_modified"))
    if shown.get("region") in codes.regions():
        about.to(DCT.spatial, place(graph, shown["region"]))
    return about
