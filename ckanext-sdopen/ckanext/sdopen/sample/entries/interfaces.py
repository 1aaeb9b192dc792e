"""Service interfaces of the sample: each serves an open catalog and returns its items."""

import json
from collections.abc import Mapping
from typing import Any

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.sample.entries.examples import Value, example
from ckanext.sdopen.sample.records import Entry

_TYPES = dict.fromkeys("NBYF", "number") | {
    "I": "integer",
    "L": "boolean",
    "D": "date",
    "T": "datetime",
}
_VARIANTS = (("查询接口", "分页查询"), ("更新数据接口", "按更新日期查询"))
# one of sixty is under maintenance, one of sixty stopped
_STATUSES = {7: "maintenance", 31: "stopped"}
# §9 of the catalog standard: how the province's gateway is called
_HEADERS = (
    {"name": "X-Client-Id", "example": "示例客户端编号", "description": "应用的客户端编号"},
    {
        "name": "X-Timestamp",
        "example": "1764120000000",
        "description": "毫秒时间戳，十分钟内有效",
    },
    {"name": "X-Nonce", "example": "4f8a2c91", "description": "一次性随机字符串"},
    {
        "name": "X-Signature",
        "example": "示例签名",
        "description": "Base64(HmacSHA256(客户端编号 + 时间戳 + 随机字符串, 密钥))",
    },
)
_ERRORS = (
    {"code": "200", "meaning": "成功"},
    {"code": "300", "meaning": "权限认证失败"},
    {"code": "400", "meaning": "请求参数有误"},
    {"code": "429", "meaning": "超过调用频次"},
    {"code": "500", "meaning": "服务异常"},
)


def _params(entry: Entry, variant: int, record: Mapping[str, Value]) -> list[dict[str, str]]:
    params = [
        {
            "name": "PAGE",
            "type": "integer",
            "required": "true",
            "example": "1",
            "description": "页码，从 1 开始",
        },
        {
            "name": "PAGENUM",
            "type": "integer",
            "required": "true",
            "example": "20",
            "description": "每页条数，最多 1000",
        },
    ]
    if variant:
        since = {"name": "SINCE", "type": "date", "required": "false", "example": "2026-10-01"}
        return [*params, {**since, "description": "只返回该日期之后更新的记录"}]
    first = entry.subject.items[0]
    keyword = {"name": "KEYWORD", "type": "string", "required": "false"}
    return [
        *params,
        {**keyword, "example": str(record[first]), "description": f"按{first}模糊查询"},
    ]


def _open_items(entry: Entry) -> list[dict[str, str]]:
    """The catalog's items that an interface may return: those that are not closed."""
    return [item for item in entry.payload["info_items"] if item.get("opening") != "none"]


def _fields(entry: Entry) -> list[dict[str, str]]:
    return [
        {
            "name": item["name"],
            "type": _TYPES.get(item["data_type"], "string"),
            "description": item["description"],
        }
        for item in _open_items(entry)
    ]


def interface(catalog: Entry, variant: int) -> Entry:
    """The interface of a catalog: `variant` 0 is asked page by page, 1 for what changed."""
    suffix, way = _VARIANTS[variant]
    source = catalog.payload
    code = f"{source['resource_code']}{variant + 1}"
    stem = source["title"].removesuffix("信息").removesuffix("统计")
    record = {item["name"]: example(catalog, item["name"]) for item in _open_items(catalog)}
    answer = {"code": "200", "total": source["record_count"], "data": [record]}
    path = f"/gateway/api/1/{catalog.name[2:]}-{variant + 1}"
    kept = (
        "region",
        "owner_org",
        "inner_department",
        "provider_code",
        "topics",
        "tags",
        "sharing",
        "sharing_condition",
        "sharing_method",
        "opening",
        "opening_condition",
        "opening_level",
        "update_cycle",
        "update_cycle_note",
        "released_on",
        "updated_on",
        "record_count",
        "contact_name",
        "contact_phone",
    )
    payload: dict[str, Any] = {
        **{name: source[name] for name in kept if name in source},
        "type": "interface",
        "title": f"{stem}{suffix}",
        "resource_code": code,
        "service_code": f"SVC{code.replace('/', '')}",
        "service_status": _STATUSES.get(int(code[-7:-1]) % 60, "normal"),
        "catalog": catalog.id,
        "notes": f"{way}{source['title']}，返回{'、'.join(list(record)[:6])}等字段。",
        "sharing_method_types": ["interface"],
        "service_path": path,
        "http_method": "GET",
        "service_formats": ["json", "xml"] if variant else ["json"],
        "call_limit": "每分钟 60 次，每日 10000 次",
        "version": "1.0",
        "support": "数据开放服务岗",
        "support_phone": source["contact_phone"],
        "request_headers": [{**header, "required": "true"} for header in _HEADERS],
        "paging": "page",
        "page_param": "PAGE",
        "size_param": "PAGENUM",
        "request_params": _params(catalog, variant, record),
        "response_fields": _fields(catalog),
        "request_example": f"GET {path}?PAGE=1&PAGENUM=20",
        "response_example": json.dumps(answer, ensure_ascii=False, indent=1),
        "error_codes": list(_ERRORS),
    }
    region = catalog.department.region
    entry_id = ids.entry_id("interface", region, code)
    name = ids.entry_name("interface", region, code)
    return Entry(entry_id, name, "interface", catalog.department, catalog.subject, payload)
