"""Made-up names of people, firms, towns and products. Synthetic: any likeness is chance."""

from __future__ import annotations

from random import Random

DISTRICTS = (
    ("YL01", "云城区", "G1"), ("YL02", "东川区", "G1"), ("YL03", "临河县", "G2"), ("YL04", "平原县", "G2"),
    ("YL05", "安丰县", "G2"), ("YL06", "西岭县", "G2"), ("YL07", "北山县", "G2"), ("YL08", "青石县", "G2"),
)  # fmt: skip
PARKS = (("YLP1", "云岭高新区", "G3"), ("YLP2", "云岭经开区", "G3"), ("YLP3", "临港产业园", "G3"))
DEPARTMENTS = (
    "招商局", "项目中心", "发展改革委", "商务局", "工业和信息化局", "税务局", "统计局", "督查室", "考核办", "人力资源和社会保障局",
    "自然资源局", "生态环境局", "住房城乡建设局", "交通运输局", "水务局", "农业农村局", "文化和旅游局", "科学技术局", "财政局", "金融办",
    "市场监管局", "行政审批局", "能源局", "应急管理局", "教育局", "卫生健康委", "林业和草原局", "大数据局", "国资委", "供销社",
)  # fmt: skip
ECONOMIC = 12  # the first so many departments are compared as economic ones
TOWN_NAMES = ("新桥", "石门", "柳林", "河口", "白杨", "枣园", "南湾", "双塔", "青龙", "大王", "清泉", "黄庄")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = (
    "志远",
    "晓东",
    "建国",
    "丽华",
    "海涛",
    "春梅",
    "国强",
    "文静",
    "立新",
    "雪峰",
    "永康",
    "慧敏",
    "向阳",
    "玉兰",
    "思远",
    "成林",
)
BRANDS = (
    "恒岳",
    "瑞川",
    "华辰",
    "中岚",
    "远屿",
    "盛禾",
    "宏岱",
    "天枢",
    "金澜",
    "卓湖",
    "启原",
    "博岭",
    "凯枫",
    "银塔",
    "明湖",
    "永泽",
    "长曜",
    "新岑",
    "东洲",
    "福源",
)
ENDS = (
    "新材料",
    "生物科技",
    "智能装备",
    "食品",
    "电子",
    "新能源",
    "医药",
    "纺织",
    "精密机械",
    "物流",
    "环保科技",
    "汽车零部件",
)
PLACES = {
    "境外": ("香港", "新加坡"),
    "省外": ("上海", "深圳", "苏州", "宁波", "成都"),
    "省内市外": ("省城",),
    "市内": ("云岭",),
}
# industry code (GB/T 4754-2017) and what is made
TRADES = (
    ("3011", "水泥制品", "装配式构件生产线"), ("1353", "肉类加工", "肉制品精深加工"), ("3841", "锂离子电池", "锂电池负极材料"),
    ("2651", "合成材料", "高性能树脂"), ("3670", "汽车零部件", "汽车轻量化部件"), ("2720", "化学药品制剂", "固体制剂车间"),
    ("1751", "化纤织造", "功能性面料"), ("3971", "电子元件", "片式电容器"), ("4415", "风力发电", "风电场"), ("4416", "太阳能发电", "光伏电站"),
    ("5990", "仓储", "智慧物流园"), ("3421", "金属切削机床", "数控机床整机"), ("1495", "食品添加剂", "植物提取物"), ("2927", "日用塑料", "可降解包装"),
)  # fmt: skip
PUBLIC_TRADES = (
    ("4819", "市政道路", "城区路网改造"),
    ("4620", "污水处理", "污水处理厂提标"),
    ("8334", "学校", "职业教育实训基地"),
    ("8411", "医院", "县医院迁建"),
)
CHAINS = ("新材料", "装备制造", "绿色食品", "新能源", "生物医药", "电子信息")


def person(rng: Random) -> str:
    """Make up a person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def firm(rng: Random, origin: str) -> str:
    """Make up an investor from somewhere."""
    return f"{rng.choice(PLACES[origin])}{rng.choice(BRANDS)}{rng.choice(ENDS)}有限公司"


def credit_code(rng: Random) -> str:
    """Make up a unified credit code whose check character is right."""
    from stdnum.cn import uscc

    stem = "91990" + "".join(rng.choice("0123456789") for _ in range(12))
    return stem + uscc.calc_check_digit(stem)
