"""The check of templates on pages whose faults are planted."""

import pytest

from ckanext.sdopen.paths import PACKAGE
from ckanext.sdopen.services.checking import templates
from ckanext.sdopen.services.checking.templates import Known

KNOWN = Known(frozenset({"url_for"}), frozenset({"page.html", "base.html"}))


def faults(tmp_path, source: str) -> list[str]:
    """What is wrong with a page, without its name."""
    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    found = templates.of_folder(tmp_path, KNOWN)
    return [fault.removeprefix("page.html:") for fault in found]


@pytest.mark.parametrize(
    "source",
    [
        "{% ckan_extends %}{% block a %}{{ super() }}{% endblock %}",
        "<p title=\"{{ _('Saved') }}\">{{ _('Saved') }} · 12</p>",
        "{% trans n=3 %}There are {{ n }}{% endtrans %}",
        "<code>ckan sdopen</code><script>var saved = 1;</script>",
        "{% snippet 'base.html', data=h.url_for('x'), more=1 %}{% asset 'a/b' %}",
        "{# safe: numbers only #}{{ numbers|safe }}",
    ],
)
def test_a_sound_page_has_no_fault(tmp_path, source):
    assert faults(tmp_path, source) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (
            "<p>\n{% if %}</p>",
            "2: cannot be read: Expected an expression, got 'end of statement block'",
        ),
        ("{{ 1 }}\n{{ h.no_such() }}", "2: no such helper: h.no_such"),
        ("{{ x|no_such }}", "1: no such filter: no_such"),
        ("{{ x|safe }}", "1: safe without a reason on its line: {# safe: … #}"),
        ("{{ _(message) }}", "1: a message that is not constant"),
        ("{% extends 'gone.html' %}", "1: no such template: gone.html"),
        ("{% snippet 'gone.html', a=1 %}", "1: no such template: gone.html"),
        ("{% include 'gone.html' %}", "1: no such template: gone.html"),
        ("<p>\n  Saved   <b>{{ x }}</b></p>", "1: not translated: Saved"),
        ("<p>保存</p>", "1: not translated: 保存"),
        ("<img alt='Chart' src='a.png'>", "1: not translated: Chart"),
        ("{% trans %}Saved{% endtrans %}\n<p>now</p>", "2: not translated: now"),
    ],
)
def test_a_fault_is_found_on_its_line(tmp_path, source, fault):
    assert faults(tmp_path, source) == [fault]


def test_what_no_page_asks_for_is_found(tmp_path):
    for name in ("used.html", "left.html", "scheming/form_snippets/ours.html"):
        (tmp_path / "templates" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "templates" / name).write_text("{{ h.ours_asked() }}", encoding="utf-8")
    (tmp_path / "pages.py").write_text("render('used.html')", encoding="utf-8")
    (tmp_path / "entry.yaml").write_text("form_snippet: ours.html", encoding="utf-8")
    (tmp_path / "helpers.py").write_text("__all__ = ['ours_asked', 'ours_left']", encoding="utf-8")
    found = sorted(templates.unused(tmp_path, templates.known(tmp_path)))
    assert found == [
        "left.html: nothing asks for it",
        "no template or schema asks for the helper ours_left",
    ]


def test_our_own_templates_have_no_fault(capsys):
    assert templates.main() == 0, capsys.readouterr().out
    assert "url_for" in templates.known(PACKAGE).helpers
