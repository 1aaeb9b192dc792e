"""Tables that can be downloaded: of which catalogs, how many rows, and the rows themselves."""

from collections.abc import Iterator

from ckanext.sdopen.sample.entries.items import names_of
from ckanext.sdopen.sample.records import Entry, SampleTable
from ckanext.sdopen.sample.tables.reading import Value, rows_of

# subject → rows; the first city edition of the subject holds the table
ROWS = {
    "公交站点信息": 2_400,
    "公共停车场信息": 860,
    "公共自行车站点信息": 640,
    "机动车检验机构信息": 120,
    "交通违法自动监控点位信息": 1_500,
    "道路运输经营业户信息": 12_000,
    "电动汽车充电桩信息": 900,
    "定点医疗机构名单": 1_100,
    "定点零售药店名单": 3_200,
    "医疗机构执业登记信息": 2_600,
    "药品经营企业信息": 4_100,
    "社区卫生服务中心信息": 180,
    "预防接种门诊信息": 210,
    "公共场所卫生许可信息": 9_000,
    "生活饮用水水质监测结果": 1_800,
    "公共招聘岗位信息": 5_000,
    "人力资源服务机构信息": 320,
    "养老服务机构信息": 260,
    "社会保障卡服务网点": 240,
    "城乡居民最低生活保障标准": 100,
    "公共厕所信息": 1_200,
    "公园绿地分布信息": 340,
    "加油站分布信息": 420,
    "应急避难场所信息": 150,
    "A级旅游景区名录": 130,
    "公共图书馆信息": 100,
    "体育场馆信息": 180,
    "互联网上网服务营业场所信息": 700,
    "旅行社名录": 300,
    "幼儿园基本信息": 1_600,
    "小学学校基本信息": 700,
    "初中学校基本信息": 300,
    "义务教育学校学区划分": 640,
    "高新技术企业名单": 2_200,
    "专精特新中小企业名单": 800,
    "农产品批发市场价格": 12_000,
    "农民专业合作社示范社名单": 450,
    "规模化畜禽养殖场信息": 900,
    "环境空气质量日报": 30_000,
    "重点排污单位名录": 500,
    "生活垃圾分类投放点": 2_800,
    "市政消火栓信息": 6_000,
    "危险化学品经营许可信息": 1_300,
    "食品安全监督抽检结果": 9_000,
    "食品抽检不合格产品信息": 1_400,
    "食品经营许可信息": 16_000,
    "自动气象站逐小时观测数据": 100_000,
    "企业登记基本信息": 20_000,
    "律师事务所执业许可信息": 160,
    "商品房预售许可信息": 1_100,
}


def table_of(entry: Entry, tabled: bool) -> SampleTable | None:
    """The table of a catalog, None where it has none."""
    if not tabled:
        return None
    name = entry.payload["title"]
    return SampleTable(entry, name, names_of(entry.subject), ROWS[entry.subject.name])


def rows(table: SampleTable) -> Iterator[tuple[Value, ...]]:
    """The rows of a table, one by one."""
    return rows_of(table.entry, table.rows)
