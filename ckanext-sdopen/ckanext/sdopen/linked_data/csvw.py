"""The items of a catalog as the columns of a table (CSV on the Web)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ckanext.sdopen.linked_data import vocabulary
from ckanext.sdopen.linked_data.common import access_right
from ckanext.sdopen.linked_data.triples import EN, ZH, About
from ckanext.sdopen.linked_data.vocabulary import CSVW, DCT, XSD
from ckanext.sdopen.standard import classes

Item = Mapping[str, Any]

# what a column may be called without escapes; CSVW takes names of RFC 6570 variables
_PLAIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.]*$")


def _below(own: Any, bound: Any) -> bool:
    """Whether a class is narrower than the entry's; one that is absent is the entry's."""
    rank = classes.CLASSES.index
    if own not in classes.CLASSES or bound not in classes.CLASSES:
        return False
    return rank(own) > rank(bound)


def is_narrower(item: Item, entry: Mapping[str, Any]) -> bool:
    """Whether an item is less open or less shared than its catalog: then only its name is told."""
    return _below(item.get("opening"), entry.get("opening")) or _below(
        item.get("sharing"), entry.get("sharing")
    )


def _flag(value: Any) -> bool | None:
    text = str(value).lower()
    return {"true": True, "false": False}.get(text)


def _name(item: Item, narrower: bool) -> str:
    english = "" if narrower else str(item.get("english_name") or "")
    return english if _PLAIN.match(english) else quote(str(item["name"]).strip(), safe="")


def _column(graph: Graph, item: Item, entry: Mapping[str, Any]) -> BNode:
    node = BNode()
    narrower = is_narrower(item, entry)
    about = About(graph, node, CSVW.Column)
    about.text(CSVW.name, _name(item, narrower)).text(CSVW.title, item["name"], ZH)
    about.to(DCT.accessRights, access_right(graph, item.get("opening")))
    if narrower:
        return node
    english = item.get("english_name")
    about.text(CSVW.title, english, EN).text(DCT.description, item.get("description"), ZH)
    about.to(CSVW.datatype, vocabulary.data_type(item.get("data_type")))
    nullable = _flag(item.get("nullable"))
    if nullable is not None:
        graph.add((node, CSVW.required, Literal(not nullable, datatype=XSD.boolean)))
    return node


def schema(about: About, items: Sequence[Item], entry: Mapping[str, Any]) -> URIRef | None:
    """State that a catalog conforms to the schema of its items; the schema's address."""
    rows = [item for item in items if isinstance(item, Mapping) and item.get("name")]
    if not rows:
        return None
    term = URIRef(f"{about.subject}#items")
    table = about.new(DCT.conformsTo, CSVW.Schema, DCT.Standard, node=term)
    columns: list[Node] = [_column(about.graph, item, entry) for item in rows]
    head = BNode()
    Collection(about.graph, head, columns)
    table.to(CSVW.column, head)
    for item in rows:
        narrower = is_narrower(item, entry)
        if _flag(item.get("primary_key")) and not narrower:
            table.text(CSVW.primaryKey, _name(item, narrower))
    return term
