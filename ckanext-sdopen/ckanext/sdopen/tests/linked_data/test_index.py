"""ckanext-dcat's own hook on documents of the index changes none of ours."""

import ckan.plugins as p
from ckan.lib.search.common import make_connection

from ckanext.sdopen.index.documents import send
from ckanext.sdopen.tests.corpus.examples import catalog, created, department, interface


def test_the_document_of_an_entry_is_the_same_with_and_without_dcat(clean_portal):
    bureau = department("济南市医疗保障局", "370100")
    made = [created(catalog(bureau["id"])), created(interface(bureau["id"]))]
    send.make_visible()
    assert p.plugin_loaded("dcat")
    for entry in made:
        (stored,) = make_connection().search(f'id:"{entry["id"]}"', fl="*")
        flattened = [name for name in stored if "__" in name and not name.startswith("_")]
        assert not flattened
        shown = p.get_plugin("dcat").before_dataset_index(dict(stored) | {"type": entry["type"]})
        assert shown == dict(stored) | {"type": entry["type"]}
