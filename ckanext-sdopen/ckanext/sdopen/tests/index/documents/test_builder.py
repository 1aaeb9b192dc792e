"""Documents made set-based equal those that CKAN sends, as sent and as Solr returns them."""

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search.common import make_connection

from ckanext.sdopen.ckan_seams import index_document, rows
from ckanext.sdopen.ckan_seams.json_text import Carried, readable
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import builder, send
from ckanext.sdopen.tests.corpus import entries

JSON_COPIES = ("data_dict", "validated_data_dict")
# Solr's own
VOLATILE = ("_version_", "indexed_ts")


@pytest.fixture(scope="module")
def ids(clean_portal):
    return entries.everything()


def read(doc):
    """A document with its JSON copies as what they say."""
    copies = {name: json.loads(doc[name]) for name in JSON_COPIES}
    return {str(k): v for k, v in {**doc, **copies}.items()}


def test_every_document_equals_the_one_that_ckan_makes(ids):
    compared = 0
    for entry in rows.load(ids).values():
        own = builder.Builder().document(entry)
        model.Session.expunge_all()
        by_ckan = index_document.document(entry.id)
        assert (own is None) == (by_ckan is None) == (entry.package["state"] == "deleted")
        if own is not None and by_ckan is not None:
            assert read(own) == read(by_ckan)
            # tables within the default copy are texts of their own, as they are stored
            assert "\\u" not in own["validated_data_dict"]
            assert own["data_dict"].replace("\\\\u", "").count("\\u") == 0
            compared += 1
    assert compared == len(ids) - 1


def test_solr_returns_the_same_of_both_ways(ids):
    def returned():
        solr.soft_commit()
        fields = "*,title_sort,title_string,record_count,permission_labels"
        found = make_connection(decode_dates=False).search(
            "*:*", fl=fields, rows=1000, fq=f'site_id:"{tk.config["ckan.site_id"]}"'
        )
        return {
            doc["id"]: {k: v for k, v in read(doc).items() if k not in VOLATILE} for doc in found
        }

    connection = make_connection()
    by_ckan = [doc for one in ids if (doc := index_document.document(one))]
    connection.add(by_ckan, commit=True)
    before = returned()
    assert send.index_entries(ids) == len(ids) - 1
    after = returned()
    assert len(after) == len(ids) - 1
    assert after == before


def test_text_that_carries_its_value_is_text_without_escapes():
    text = Carried.of({"a": ["数据", 1.5, None]})
    assert text == '{"a":["数据",1.5,null]}'
    assert readable(text) == readable(json.dumps({"a": ["数据", 1.5, None]}))
    assert type(readable(text)) is str
    assert readable("no JSON") == "no JSON"
    assert readable(None) is None
