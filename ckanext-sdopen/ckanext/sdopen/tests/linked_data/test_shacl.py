"""The sample province breaks no shape of DCAT-AP 3.0.1; what is broken is found."""

import multiprocessing
from collections import Counter
from itertools import count, islice
from queue import Empty

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from ckanext.sdopen.linked_data import entries
from ckanext.sdopen.linked_data.triples import new_graph
from ckanext.sdopen.linked_data.vocabulary import CSVW, DCAT, DCT
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.tests.linked_data.corpus import sample, shacl

PROCESSES = 2


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shapes and ranges of DCAT-AP 3.0.1, which stay outside the repository."""
    if not shacl.FOLDER.is_dir():
        pytest.skip(f"the shapes of DCAT-AP are absent: {shacl.FOLDER}")
    return shacl.read(shacl.FOLDER, *shacl.FILES)


@pytest.fixture(scope="module")
def compiled(shapes):
    return shacl.Shapes(shapes)


@pytest.fixture(scope="module")
def province():
    """(entries as shown, their neighbours) of the whole sample."""
    whole = Province()
    related = sample.related(whole)
    services = [service for served in related.services.values() for service in served]
    return [*related.catalogs.values(), *services], related


def broken_in_every_way(shapes: Graph) -> Graph:
    """For every class and path of the shapes: nothing, a text, things of no class, two values."""
    graph = Graph()
    number = count()
    for shape, target in shapes.subject_objects(SH.targetClass):
        for constraint in shapes.objects(shape, SH.property):
            path = shapes.value(constraint, SH.path)
            inverse = shapes.value(path, SH.inversePath)
            for values in (
                [],
                [Literal("text"), Literal("2026-13-77", datatype=DCT.W3CDTF)],
                [URIRef("http://broken.example/nothing")],
                [BNode()],
                [Literal("2026-01-31"), Literal("1", datatype=URIRef(str(SH) + "none"))],
            ):
                focus = URIRef(f"http://broken.example/{next(number)}")
                graph.add((focus, RDF.type, target))
                for value in values:
                    if inverse and not isinstance(value, Literal):
                        graph.add((value, inverse, focus))
                    elif not inverse:
                        graph.add((focus, path, value))
    return graph


def graph_of(shown, related) -> Graph:
    graph = new_graph()
    for entry in shown:
        entries.state(graph, entry, related)
    return graph


def test_the_compiled_check_finds_what_pyshacl_finds_in_broken_entries(shapes, compiled):
    graph = broken_in_every_way(shapes)
    found = shacl.by_pyshacl(graph, shapes)
    assert {component for _, _, component in found} == {
        *("MinCount", "MaxCount", "NodeKind", "Class", "Datatype", "Node")
    }
    assert sum(found.values()) > 1000
    assert compiled.check(shacl.Data().add(graph)) == found


@pytest.mark.parametrize("start", [0, 2200])
def test_a_page_of_the_sample_conforms_by_pyshacl_itself(shapes, compiled, province, start):
    shown, related = province
    # pyshacl wants rdflib's default store
    graph = Graph() + graph_of(islice(shown, start, start + 60), related)
    assert shacl.by_pyshacl(graph, shapes) == Counter()
    # one statement less, one more: both checks find them
    subject = next(graph.subjects(RDF.type, DCAT.DataService))
    graph.remove((subject, DCAT.endpointURL, None))
    graph.add((subject, DCT.title, URIRef("http://broken.example/title")))
    found = shacl.by_pyshacl(graph, shapes)
    assert found == {
        (str(subject), str(DCAT.endpointURL), "MinCount"): 1,
        (str(subject), str(DCT.title), "NodeKind"): 1,
    }
    assert compiled.check(shacl.Data().add(graph)) == found


def _share(compiled, province, share: int, answers) -> None:
    """Check every entry of a share by itself, as its page serves it, then all of them together."""
    shown, related = province
    together, broken = shacl.Data(), Counter()
    for entry in islice(shown, share, None, PROCESSES):
        graph = graph_of([entry], related)
        broken += compiled.check(shacl.Data().add(graph))
        together.add(graph)
    broken += compiled.check(together)
    own = {str(sample.addresses.entry(entry)) for entry in islice(shown, share, None, PROCESSES)}
    kinds = Counter(
        kind
        for kind in (DCAT.Dataset, DCAT.DataService)
        for node in together.instances.get(kind, ())
        if str(node) in own
    )
    columns = len(together.instances.get(CSVW.Column, ()))
    answers.put((broken, kinds, columns))


def _answer(answers, processes):
    """The next answer, however long it takes while nothing fails."""
    while True:
        try:
            return answers.get(timeout=1)
        except Empty:
            assert not any(process.exitcode for process in processes)


def test_no_entry_of_the_whole_sample_breaks_a_shape(compiled, province):
    shown, _ = province
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    processes = [
        context.Process(target=_share, args=(compiled, province, share, answers))
        for share in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    found = [_answer(answers, processes) for _ in processes]
    for process in processes:
        process.join()
    assert sum((broken for broken, _, _ in found), Counter()) == Counter()
    kinds = sum((kinds for _, kinds, _ in found), Counter())
    services = sum(1 for entry in shown if entry["type"] == "interface")
    assert kinds == {DCAT.Dataset: len(shown) - services, DCAT.DataService: services}
    assert sum(columns for _, _, columns in found) == sum(
        len(entry.get("info_items", ())) for entry in shown
    )
