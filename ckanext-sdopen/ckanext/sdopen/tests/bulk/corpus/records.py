"""Whole records with every field of the schemas, as package_create and package_update take them."""

import json
from typing import Any

from ckanext.sdopen.tests.bulk.corpus.cast import Cast
from ckanext.sdopen.tests.bulk.corpus.plays import Record
from ckanext.sdopen.tests.corpus.examples import PROVIDER_CODE, catalog, harvested, interface

# the class of an entry, and who reads it once it is published
CLOSED = {
    "sharing": "conditional",
    "sharing_condition": "仅限医保监管使用。",
    "opening": "none",
    "closing_basis": "《中华人民共和国个人信息保护法》第二十八条",
}
CLASSES: dict[str, Record] = {
    "public": {"sharing": "unconditional", "opening": "unconditional"},
    "conditional": {
        "sharing": "conditional",
        "sharing_condition": "经省大数据局同意后用于行政审批。",
        "opening": "conditional",
        "opening_condition": "实名认证后申请，审核通过后提供。",
    },
    "government": {
        "sharing": "unconditional",
        "opening": "none",
        "closing_basis": "《中华人民共和国个人信息保护法》第十三条",
    },
    "closed": {
        "sharing": "none",
        "sharing_condition": "《中华人民共和国保守国家秘密法》第九条",
        "opening": "none",
        "closing_basis": "《中华人民共和国保守国家秘密法》第九条",
    },
}
_OF_CLASS = (
    "sharing",
    "sharing_condition",
    "sharing_method",
    "sharing_method_types",
    "usage_requirements",
    "opening",
    "opening_condition",
    "opening_level",
    "closing_basis",
)


def with_class(record: Record, name: str) -> Record:
    """The record in another class, with what the rules ask of it and nothing more."""
    kept = {k: v for k, v in record.items() if k not in _OF_CLASS}
    ways = {
        "sharing_method": "platform",
        "sharing_method_types": ["file" if record["type"] == "dataset" else "interface"],
        "usage_requirements": ["work_reference"],
    }
    return {**kept, **(ways if name != "closed" else {}), **CLASSES[name]}


def resource(number: int, **more: Any) -> Record:
    """A resource known by its address."""
    return {
        "name": f"{2015 + number}年名录",
        "url": f"https://example.org/files/{number}.csv",
        "format": "CSV",
        "description": f"第{number}份",
        **more,
    }


def items(count: int) -> list[Record]:
    """So many items, of all types in turn."""
    types = "CNDTLYBIFMG"
    return [
        {
            "name": f"信息项{n}",
            "data_type": types[n % len(types)],
            "data_length": str(n % 90 + 1),
            "description": f"第{n}项“说明”",
        }
        for n in range(count)
    ]


def whole_catalog(cast: Cast, code: str, **more: Any) -> Record:
    """A catalog with every field of its schema."""
    census = {
        "census_stored_gb": 12.5,
        "census_records_wan": "120.75",
        "census_shared_gb": 3,
        "census_shared_records_wan": "10",
        "census_open_gb": "0",
        "census_open_records_wan": 0,
    }
    return {
        **catalog(cast.bureau, resource_code=code),
        "title": f"全省药店名录（{code}）",
        "tags": [{"name": "药店"}, {"name": "医保 定点"}],
        "industry": "卫生和社会工作",
        "data_level": "general_2",
        "related_codes": ["307002/000009"],
        "library": "medical_health",
        "inner_department": "基金监管处",
        "provider_code": PROVIDER_CODE,
        "format_note": "UTF-8 编码",
        "record_count": 1200,
        "file_count": "2",
        "interface_count": 1,
        "usage_requirements": ["data_verification", "administrative_basis"],
        "update_cycle": "irregular",
        "update_cycle_note": "名录变动后五日内",
        "released_on": "2024-01-05",
        "updated_on": "2025-06-30",
        "contact_name": "王某",
        "contact_phone": "0531-51785000",
        "contact_email": "data@example.org",
        "source_hash": "5d41402abc4b2a76b9719d911017c592",
        "source_downloads": 17,
        "source_views": "230",
        "author": "某处",
        "author_email": "author@example.org",
        "maintainer": "某人",
        "maintainer_email": "maintainer@example.org",
        "license_id": "cc-by",
        "url": "https://example.org/catalog",
        "version": "2.1",
        "resources": [resource(1, record_count="1200", original_filename="名录.csv"), resource(2)],
        **census,
        **more,
    }


def whole_interface(cast: Cast, code: str, catalog_id: str, **more: Any) -> Record:
    """An interface with every field of its schema."""
    return {
        **interface(cast.bureau, resource_code=code),
        "title": f"药店查询接口（{code}）",
        "catalog": catalog_id,
        "tags": [{"name": "药店"}, {"name": "接口"}],
        "service_code": f"SVC{code.replace('/', '')}",
        "service_formats": ["json", "xml"],
        "service_status": "normal",
        "call_limit": "每分钟 60 次",
        "version": "1.0",
        "support": "运维岗",
        "support_phone": "0531-51785001",
        "support_email": "support@example.org",
        "request_headers": [{"name": "Authorization", "required": "true", "description": "令牌"}],
        "paging": "page",
        "page_param": "page",
        "size_param": "size",
        "request_params": [
            {"name": "name", "type": "string", "required": True, "example": "某店"},
            {"name": "page", "type": "integer", "required": "false"},
            {"name": "size", "type": "integer"},
        ],
        "response_fields": [{"name": "药店名称", "type": "string", "description": "全称"}],
        "request_example": "GET /gateway/api/1/pharmacies?name=某店",
        "response_example": json.dumps({"data": [{"药店名称": "某店"}]}, ensure_ascii=False),
        "error_codes": [{"code": "400", "meaning": "参数有误"}, {"code": "429"}],
        "sharing_method": "platform",
        "sharing_method_types": ["interface"],
        "record_count": 12,
        "contact_email": "data@example.org",
        **more,
    }


def plain_harvested(cast: Cast, key: str, **more: Any) -> Record:
    """A harvested catalog with the few required fields."""
    return {**harvested(cast.elsewhere, source_key=key), "title": f"佛山市企业名录{key}", **more}
