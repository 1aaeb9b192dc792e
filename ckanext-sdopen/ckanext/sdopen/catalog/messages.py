"""The sentences that belong to the findings of the rules, in the user's language."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.catalog.findings import Finding


def _sentences() -> dict[str, str]:
    # built on each call: the language is the request's
    return {
        "sharing_condition_missing": tk._(
            "Conditional sharing needs its condition: say under which condition others may use it"
        ),
        "sharing_basis_missing": tk._(
            "What is not shared needs its basis: name the law, regulation or policy and its article"
        ),
        "sharing_method_missing": tk._("Say how it is shared: choose a way of sharing"),
        "sharing_method_types_missing": tk._(
            "Say as what it is shared: choose database, file or interface"
        ),
        "opening_condition_missing": tk._(
            "Conditional opening needs its condition: say who may use it and for what"
        ),
        "closing_basis_missing": tk._(
            "What is not opened needs its basis: name the law, regulation or policy and its article"
        ),
        "format_note_missing": tk._("A self-describing format needs a description of the format"),
        "items_missing": tk._(
            "A spreadsheet or database lists its items: add a row for each column"
        ),
        "classification_differs": tk._(
            'The code says "{expected}", here stands "{given}": correct one of them'
        ),
    }


def text(finding: Finding) -> str:
    """The sentence of a finding."""
    return _sentences()[finding.rule].format(**finding.params)
