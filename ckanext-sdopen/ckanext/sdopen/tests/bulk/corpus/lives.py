"""Lives of single entries: whole records one after the other, each life named by what it shows."""

from collections.abc import Callable

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.tests.bulk.corpus.cast import AUTHORITY, EDITOR, SITE, Cast
from ckanext.sdopen.tests.bulk.corpus.plays import WITHDRAW, Record, Step
from ckanext.sdopen.tests.bulk.corpus.records import (
    items,
    plain_harvested,
    resource,
    whole_catalog,
    whole_interface,
    with_class,
)

Life = list[Step]
_CODE = "307001/{:06d}"


def entry_id(code: str, kind: str = "catalog") -> str:
    """The id of an entry of the province's departments."""
    return ids.entry_id(kind, "370000", code)


def _life(*records: Record, by: str = AUTHORITY) -> Life:
    return [Step(record, by) for record in records]


def _without(record: Record, *names: str) -> Record:
    return {name: value for name, value in record.items() if name not in names}


def created_and_edited(cast: Cast, code: str) -> Life:
    """Every field, then other values of many of them."""
    first = whole_catalog(cast, code)
    edits = {"title": f"改名后的药店名录 {code}", "notes": "改过的摘要。", "record_count": 1300}
    return _life(
        first,
        {**first, **edits},
        {
            **first,
            **edits,
            "topics": ["finance"],
            "info_items": items(3),
            "data_level": "general_1",
        },
    )


def resources_moved(cast: Cast, code: str) -> Life:
    """Resources change places, go, come back, are edited and added; some have ids, some not."""
    a, b, c = resource(1), resource(2, source_key="file-2"), resource(3)
    base = whole_catalog(cast, code)
    known = ids.resource_id(entry_id(code), c["url"])
    return _life(
        {**base, "resources": [a, b, c]},
        {**base, "resources": [c, a, b]},
        {**base, "resources": [c, {**b, "url": "https://example.org/moved.csv"}]},
        {**base, "resources": [a, {**c, "id": known, "name": "另一个名称"}, b]},
        {**base, "resources": [resource(4), {**c, "id": known, "url": "https://example.org/x"}]},
        {**base, "resources": []},
        {**base, "resources": [b, a]},
        _without(base, "resources"),
    )


def resources_odd(cast: Cast, code: str) -> Life:
    """Resources with empty values, unknown keys, no address, a file that was uploaded."""
    base = whole_catalog(cast, code)
    upload = {
        "id": "0a1b2c3d-0000-5000-8000-00000000" + code[-4:],
        "url": "https://example.org/dataset/x/resource/y/download/name.csv",
        "url_type": "upload",
        "name": "上传的文件",
        "format": "csv",
        "mimetype": "text/csv",
        "size": 1234,
        "hash": "abc",
    }
    bare = {"url": "https://example.org/bare", "name": "", "description": None, "format": ""}
    odd = resource(5, colour="红", rank=3, flags=["a", "b"], last_modified="2024-01-05T10:00:00")
    return _life(
        {**base, "resources": [bare, odd]},
        {**base, "resources": [{**bare, "description": "", "name": "有名"}, upload, odd]},
        {**base, "resources": [{**upload, "name": "换名的文件"}, {**odd, "colour": "蓝"}]},
        {**base, "resources": [{**upload, "size": "", "hash": None}, {**odd, "colour": ""}]},
        {**base, "resources": [{"name": "没有地址"}, _without(odd, "colour", "flags")]},
    )


def tags_and_topics(cast: Cast, code: str) -> Life:
    """Tags are added, removed, returned, sent twice, sent as a form does; topics change."""
    base = _without(whole_catalog(cast, code), "tags")
    one, two, three = ({"name": name} for name in ("甲标签", "乙标签", "Mixed-case_1"))
    return _life(
        {**base, "tags": [one, two]},
        {**base, "tags": [two, three, dict(three)], "topics": "医疗，卫生"},
        {**base, "tags": [one], "topics": ["health", "medical", "finance"]},
        {**base, "tag_string": "乙标签, 丙标签", "topics": '["ecology"]'},
        base,
        {**base, "tags": [{**one, "state": "active", "display_name": "甲标签"}]},
        {**base, "tags": [], "tag_string": ""},
    )


def organization_and_back(cast: Cast, code: str) -> Life:
    """From one department to another and back, named by id and by name."""
    base = _without(whole_catalog(cast, code), "provider_code")
    return _life(
        base,
        {**base, "owner_org": cast.other},
        base,
        {**base, "id": entry_id(code), "owner_org": cast.city},
        {**base, "id": entry_id(code)},
    )


def classes_there_and_back(cast: Cast, code: str) -> Life:
    """Public, government only, closed and back; what a client says of `private` counts nothing."""
    base = whole_catalog(cast, code)
    names = ("public", "government", "closed", "conditional", "closed", "government", "public")
    return _life(*({**with_class(base, name), "private": name == "public"} for name in names))


def catalog_with_interface(cast: Cast, code: str) -> list[Life]:
    """A catalog changes its class: the interface that serves it follows."""
    base = whole_catalog(cast, code)
    names = ("public", "closed", "government", "public")
    service = whole_interface(cast, code, entry_id(code))
    edited = {**service, "title": f"改名的接口 {code}"}
    return [
        _life(*(with_class(base, name) for name in names)),
        # both become narrower in one round
        _life(service, with_class(edited, "government"), edited),
    ]


def interface_edited(cast: Cast, code: str) -> Life:
    """An interface of no catalog: other parameters, other class, empty tables, a new address."""
    base = _without(whole_interface(cast, code, ""), "catalog")
    return _life(
        base,
        {**base, "request_params": base["request_params"][::-1], "service_status": "maintenance"},
        {**with_class(base, "government"), "error_codes": [], "request_headers": []},
        {**base, "paging": "none", "page_param": "", "size_param": "", "service_path": "/v2/p"},
    )


def interface_by_service(cast: Cast, code: str) -> Life:
    """An interface without a resource code is known by its service code, else by its address."""
    number = code[-4:]
    base = whole_interface(cast, "", "")
    base |= {"title": f"无代码接口{number}", "service_code": f"YB-{number}", "catalog": ""}
    return _life(base, {**base, "notes": "改过。", "service_path": f"/moved/{number}"})


def interface_by_address(cast: Cast, code: str) -> Life:
    """An interface known by method and address."""
    number = code[-4:]
    base = whole_interface(cast, "", "")
    base |= {"title": f"地址接口{number}", "service_code": "", "service_path": f"/by/{number}"}
    return _life(base, {**base, "notes": "改过。"})


def emptied(cast: Cast, code: str) -> Life:
    """Values become empty in every way that clients know, and are left out."""
    base = whole_catalog(cast, code)
    soft = ("industry", "data_level", "related_codes", "library", "record_count", "contact_email")
    return _life(
        base,
        {**base, **dict.fromkeys(soft, "")},
        {**base, **dict.fromkeys(soft, None), "author": "", "url": None, "license_id": ""},
        _without(base, *soft, "released_on", "updated_on", "author", "version", "provider_code"),
        {**base, "related_codes": [], "format_note": "", "info_items": base["info_items"][:1]},
        {**base, "notes": "  空白\x0b在两边 ", "contact_name": "\u3000"},
        {**base, "usage_requirements": [], "census_open_gb": ""},
    )


def as_forms_send(cast: Cast, code: str) -> Life:
    """Values as forms and workbooks send them: texts for lists, numbers, truth; rows by keys."""
    base = _without(whole_catalog(cast, code), "info_items", "tags")
    rows = {
        "info_items-0-name": "药店名称",
        "info_items-0-data_type": "C",
        "info_items-0-data_length": "100",
        "info_items-0-primary_key": "true",
        "info_items-1-name": "",
        "info_items-2-name": "地址",
        "info_items-2-data_type": "C",
        "info_items-2-data_length": 200,
        "info_items-2-nullable": "False",
    }
    form = {
        "topics": "医疗,卫生",
        "format_types": "XLSX，csv、XLSX",
        "sharing_method_types": "file",
        "usage_requirements": '["work_reference"]',
        "record_count": " 12 ",
        "census_stored_gb": "1e2",
        "tag_string": "药店,医保",
        "save": "save",
    }
    return _life({**base, **rows, **form}, {**base, **rows, **form, "info_items-0-name": "名称"})


def drafts(cast: Cast, code: str) -> Life:
    """An editor's draft, his edit of it, its publication; then he may not touch it any more."""
    base = _without(whole_catalog(cast, code), "released_on")
    edited = {**base, "title": f"草稿改名 {code}"}
    return [
        Step(base, EDITOR),
        Step(edited, EDITOR),
        Step({**edited, "state": "active"}),
        Step({**edited, "notes": "编目员想改。"}, EDITOR),
        Step({**edited, "notes": "主管部门改。"}),
    ]


def deleted_and_returned(cast: Cast, code: str) -> Life:
    """A draft is deleted and comes back; so does a published entry that trusted code deletes."""
    base = whole_catalog(cast, code)
    by_hand = {**base, "id": entry_id(code), "state": "deleted"}
    return [
        Step({**base, "state": "draft"}),
        Step(by_hand, AUTHORITY, "package_update"),
        Step({**base, "state": "active"}),
        Step(by_hand, SITE, "package_update"),
        Step({**base, "state": "draft", "title": f"回来的名录 {code}"}),
        Step({"id": entry_id(code)}, SITE, "package_delete"),
        Step({**base, "state": "active"}),
    ]


def withdrawn_and_published(cast: Cast, code: str) -> Life:
    """Withdrawn by hand, edited as what it is, published again."""
    base = whole_catalog(cast, code)
    return [
        Step(base),
        Step({"id": entry_id(code), "reason": "数据有误"}, AUTHORITY, "sdopen_entry_withdraw"),
        Step({**base, "state": "draft", "notes": "订正。"}),
        Step({**base, "state": "active", "notes": "订正。"}),
    ]


def withdrawn_together(cast: Cast, code: str) -> list[Life]:
    """A catalog and its interface are withdrawn in one batch and published again."""
    base = whole_catalog(cast, code)
    service = whole_interface(cast, code, entry_id(code))

    def life(record: Record, kind: str) -> Life:
        asked = {"id": entry_id(code, kind), "reason": "数据源停用"}
        withdrawals = [Step(asked, by, WITHDRAW) for by in (EDITOR, AUTHORITY)]
        return [Step(record), *withdrawals, Step({**record, "state": "active"})]

    return [life(base, "catalog"), life(service, "interface")]


def made_by_hand(cast: Cast, code: str) -> Life:
    """What the form or a client made before, with extras of its own, then comes in a batch."""
    base = whole_catalog(cast, code)
    extras = [{"key": "旧系统编号", "value": "A-17"}, {"key": "batch", "value": "3"}]
    patch = {"id": entry_id(code), "notes": "手工改过。"}
    return [
        Step({**base, "extras": extras}, AUTHORITY, "package_create"),
        Step({**base, "title": f"批量改名 {code}"}),
        Step(patch, AUTHORITY, "package_patch"),
        Step({**base, "title": f"批量改名 {code}"}),
    ]


def of_a_source(cast: Cast, code: str) -> Life:
    """A harvested entry: few fields, its own key, no code; later its interface counts."""
    base = plain_harvested(cast, code[-4:])
    return _life(
        base,
        {**base, "source_downloads": "18", "resources": [resource(1, source_key="f1")]},
        {**base, "tags": [{"name": "企业"}], "update_cycle": "自定义"},
        {**base, "tags": [{"name": "企业"}], "update_cycle": "annual"},
        {**base, "resources": [resource(2, source_key="f1")], "released_on": "2020-02-29"},
    )


def many_items(cast: Cast, code: str) -> Life:
    """The most items that an entry may have."""
    base = whole_catalog(cast, code, info_items=items(2000))
    return _life(base, {**base, "info_items": items(1999)[::-1]})


def odd_keys(cast: Cast, code: str) -> Life:
    """Keys that no schema knows, keys that the server sets, what package_show shows sent back."""
    base = whole_catalog(cast, code)
    shown = {
        "organization": {"id": cast.other, "title": "别的"},
        "num_tags": 99,
        "isopen": True,
        "creator_user_id": "nobody",
        "relationships_as_subject": [],
        "metadata_created": "2001-01-01T00:00:00",
        "name": "my-own-name",
        "no_such_field": "文字",
        "metadata_modified": "2001-01-01T00:00:00",
    }
    again = {**shown, "no_such_field": {"a": 1}, "groups": [{"name": "finance"}]}
    return _life({**base, **shown}, {**base, **again}, base)


def by_trusted_code(cast: Cast, code: str) -> Life:
    """What trusted code writes: a withdrawn entry, its own moments, then an edit."""
    base = whole_catalog(cast, code)
    withdrawn = {"state": "draft", "withdrawn_on": "2026-01-05", "withdrawn_reason": "待核对"}
    return [
        Step({**base, **withdrawn}, SITE),
        Step({**base, "state": "active"}, SITE),
        Step({**base, "notes": "改。"}, SITE),
    ]


SINGLE: tuple[Callable[[Cast, str], Life], ...] = (
    created_and_edited,
    resources_moved,
    resources_odd,
    tags_and_topics,
    organization_and_back,
    classes_there_and_back,
    interface_edited,
    interface_by_service,
    interface_by_address,
    emptied,
    as_forms_send,
    drafts,
    deleted_and_returned,
    withdrawn_and_published,
    made_by_hand,
    of_a_source,
    many_items,
    odd_keys,
    by_trusted_code,
)


def named(cast: Cast) -> list[Life]:
    """One life of each kind, each with a code of its own."""
    lives: list[Life] = []
    for number, life in enumerate(SINGLE, 1):
        lives.append(life(cast, _CODE.format(number)))
    lives += catalog_with_interface(cast, _CODE.format(len(SINGLE) + 1))
    lives += withdrawn_together(cast, _CODE.format(len(SINGLE) + 2))
    return lives


def rounds(lives: list[Life]) -> list[list[Step]]:
    """The steps of all lives side by side: a round has at most one of each entry."""
    longest = max(map(len, lives))
    return [[life[n] for life in lives if n < len(life)] for n in range(longest)]
