"""A compiled check of the SHACL terms that the shapes of DCAT-AP use; equal to pyshacl, and quick.

pyshacl takes half a minute for the sample province; test_shacl.py proves that both find the same on
entries broken in every way. A term that is not known here is an error, never skipped.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyshacl
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ckanext.sdopen.tests.corpus.folders import SHARED

Triples = Iterable[tuple[Node, Node, Node]]
Test = Callable[["Data", Node], bool]
# (focus node, path, constraint component)
Violations = Counter[tuple[str, str, str]]

FOLDER = SHARED / "shacl"
FILES = ("sh_shapes.ttl", "sh_range.ttl")
# looked up once: 300,000 statements are compared with it
_TYPE = RDF.type
_SHAPE = URIRef(f"{SH}shape")
_SILENT = {SH.property, SH.path, SH.severity, SH.message, SH.targetClass}
_KINDS: dict[Node, tuple[type, ...]] = {
    SH.Literal: (Literal,),
    SH.IRI: (URIRef,),
    SH.BlankNodeOrIRI: (URIRef, BNode),
}


@dataclass
class Data:
    """The statements to check: values by node and predicate, both ways, and types by node."""

    values: dict[Node, dict[Node, set[Node]]] = field(default_factory=dict)
    inverse: dict[Node, dict[Node, set[Node]]] = field(default_factory=dict)
    types: dict[Node, set[Node]] = field(default_factory=dict)
    instances: dict[Node, set[Node]] = field(default_factory=dict)

    def add(self, triples: Triples) -> "Data":
        for subject, predicate, node in triples:
            self.values.setdefault(subject, {}).setdefault(predicate, set()).add(node)
            self.inverse.setdefault(node, {}).setdefault(predicate, set()).add(subject)
            if predicate == _TYPE:
                self.types.setdefault(subject, set()).add(node)
                self.instances.setdefault(node, set()).add(subject)
        return self


@dataclass
class Property:
    """A property shape: its path, how many values, what each value must be."""

    path: Node
    is_inverse: bool
    least: int
    most: int | None
    tests: list[tuple[str, Test]]

    def of(self, data: Data, focus: Node) -> set[Node]:
        index = data.inverse if self.is_inverse else data.values
        return index.get(focus, {}).get(self.path, set())

    def check(self, data: Data, focus: Node, found: Violations) -> None:
        values = self.of(data, focus)
        path = "^" + str(self.path) if self.is_inverse else str(self.path)
        if len(values) < self.least:
            found[str(focus), path, "MinCount"] += 1
        if self.most is not None and len(values) > self.most:
            found[str(focus), path, "MaxCount"] += 1
        for component, test in self.tests:
            for value in values:
                if not test(data, value):
                    found[str(focus), path, component] += 1


def read(folder: Path, *names: str) -> Graph:
    """The shapes of the files; DCAT-AP writes `sh:shape` where SHACL has `sh:node`."""
    shapes = Graph()
    for name in names:
        shapes.parse(folder / name)
    for subject, node in list(shapes.subject_objects(_SHAPE)):
        shapes.remove((subject, _SHAPE, node))
        shapes.add((subject, SH.node, node))
    return shapes


class Shapes:
    """Shapes made into Python functions."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._targets: list[tuple[Node, list[Property]]] = []
        for shape, target in shapes.subject_objects(SH.targetClass):
            others = set(shapes.predicates(shape)) - {SH.targetClass, SH.property}
            assert not [p for p in others if str(p).startswith(str(SH))], f"{shape}: {others}"
            properties = [self._property(node) for node in shapes.objects(shape, SH.property)]
            self._targets.append((target, properties))
        assert self._targets

    def check(self, data: Data) -> Violations:
        """What the data break."""
        found: Violations = Counter()
        for target, properties in self._targets:
            for focus in data.instances.get(target, ()):
                for shape in properties:
                    shape.check(data, focus, found)
        return found

    def _property(self, node: Node) -> Property:
        path = self._shapes.value(node, SH.path)
        inverse = self._shapes.value(path, SH.inversePath)
        least, most = (self._shapes.value(node, term) for term in (SH.minCount, SH.maxCount))
        return Property(
            inverse or path,
            inverse is not None,
            int(str(least or 0)),
            None if most is None else int(str(most)),
            self._tests(node),
        )

    def _tests(self, shape: Node) -> list[tuple[str, Test]]:
        tests: list[tuple[str, Test]] = []
        for predicate, term in self._shapes.predicate_objects(shape):
            if not str(predicate).startswith(str(SH)) or predicate in _SILENT:
                continue
            if predicate in (SH.minCount, SH.maxCount):
                continue
            makers: dict[Node, tuple[str, Callable[[Node], Test]]] = {
                SH.nodeKind: ("NodeKind", self._node_kind),
                SH["class"]: ("Class", self._class),
                SH.datatype: ("Datatype", self._datatype),
                SH.node: ("Node", self._node),
                SH["or"]: ("Or", self._any),
            }
            maker = makers.get(predicate)
            assert maker, f"a term of SHACL that is not known here: {predicate}"
            tests.append((maker[0], maker[1](term)))
        return tests

    def _node_kind(self, kind: Node) -> Test:
        allowed = _KINDS[kind]
        return lambda data, value: isinstance(value, allowed)

    def _class(self, wanted: Node) -> Test:
        return lambda data, value: wanted in data.types.get(value, ())

    def _datatype(self, datatype: Node) -> Test:
        def test(data: Data, value: Node) -> bool:
            return isinstance(value, Literal) and value.datatype == datatype and _legal(value)

        return test

    def _node(self, shape: Node) -> Test:
        assert not list(self._shapes.objects(shape, SH.property)), f"{shape}: nested properties"
        tests = self._tests(shape)
        return lambda data, value: all(test(data, value) for _, test in tests)

    def _any(self, members: Node) -> Test:
        choices = [self._node(shape) for shape in Collection(self._shapes, members)]
        return lambda data, value: any(choice(data, value) for choice in choices)


def _legal(value: Literal) -> bool:
    """Whether the text is one of its datatype."""
    return not Literal(str(value), datatype=value.datatype).ill_typed


def by_pyshacl(graph: Graph, shapes: Graph) -> Violations:
    """What pyshacl finds, as the compiled check says it."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    found: Violations = Counter()
    for result in report.objects(None, SH.result):
        path = report.value(result, SH.resultPath)
        inverse = report.value(path, SH.inversePath)
        component = str(report.value(result, SH.sourceConstraintComponent))
        found[
            str(report.value(result, SH.focusNode)),
            "^" + str(inverse) if inverse else str(path),
            component.removeprefix(str(SH)).removesuffix("ConstraintComponent"),
        ] += 1
    return found
