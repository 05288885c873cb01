"""
How quick and how big `luodi match` is on a register of a million synthetic companies.

    python bench/match.py [--size N] [--asked N]

Every company is invented: places from the division list, brands of random characters, trades from our word list.
Prints one line a figure; docs/benchmarks/match.md is written from it.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from luodi.directory.names import index as indexing
from luodi.directory.names import tables
from luodi.directory.names.lexicon import Kind, lexicon
from luodi.directory.names.resolve import resolve
from luodi.directory.names.search import search
from luodi.directory.names.values import Asked

BRAND = "安邦宝昌长成诚驰创达大德鼎东方丰峰福富港高冠光广桂国海航豪恒宏洪鸿华辉汇嘉佳建江捷金锦京晶景聚凯康科坤蓝乐力立联林龙隆绿茂美"
BRAND += "盟明铭南宁鹏普千乾青庆荣融瑞润森山尚深盛世顺思泰腾天通同万旺伟沃新鑫信兴星旭扬阳益银盈永优宇裕元源远岳云泽展振正志中众卓重行单"


def companies(size: int, seed: int = 7) -> list[tuple[str, str]]:
    """Invent companies: code and name."""
    chance = random.Random(seed)
    words = lexicon()
    places = [name for name in words.places if name[-1] in "省市县区"]
    trades = [word for word, kind in words.kinds.items() if kind in (Kind.TRADE, Kind.DAUGHTER)]
    forms = ["有限公司"] * 8 + ["有限责任公司", "股份有限公司", "集团有限公司"]
    made: dict[str, None] = {}
    while len(made) < size:
        brand = "".join(chance.choices(BRAND, k=chance.choice((2, 2, 2, 3, 4))))
        place = chance.choice(places) if chance.random() < 0.9 else ""
        trade = "".join(chance.sample(trades, chance.choice((1, 1, 2))))
        made[place + brand + trade + chance.choice(forms)] = None
    return [(f"E{at:07}", name) for at, name in enumerate(made)]


def ways(name: str, chance: random.Random) -> str:
    """Write a name as somebody might: as it is, without its form, without its place, as a branch, wrongly."""
    short = name.removesuffix("有限公司").removesuffix("有限责任公司").removesuffix("股份").removesuffix("集团")
    place = next((place for place in lexicon().places if name.startswith(place)), "")
    some = [
        name,
        short,
        short.removeprefix(place),
        f"{name}第二分公司",
        name.replace("市", "", 1),
        name[:-5] + "中心",
        name[2:4],
    ]
    return chance.choice(some)


def memory() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def percentiles(work: Callable[[str], object], asked: list[str]) -> str:
    took = []
    for one in asked:
        start = time.perf_counter()
        work(one)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return (
        f"median {statistics.median(took):.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms, longest {took[-1]:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=5000)
    parser.add_argument("--index", type=Path, help="only load this saved index and ask it")
    options = parser.parse_args()
    made = companies(options.size)
    chance = random.Random(8)
    asked = [ways(chance.choice(made)[1], chance) for _ in range(options.asked)]
    with tempfile.TemporaryDirectory() as folder:
        file, saved = Path(folder) / "register.csv", options.index or Path(folder) / "saved.names"
        if not options.index:
            file.write_text("code,name,uscc\n" + "".join(f"{code},{name},\n" for code, name in made), "utf-8")
            print(f"inventing took {memory():.0f} MB")
            made.clear()
            start = time.perf_counter()
            built = indexing.build(tables.read_register(file))
            print(f"read and built {options.size} in {time.perf_counter() - start:.1f} s, {memory():.0f} MB at most")
            built.save(saved)
            print(f"saved index {saved.stat().st_size / 1e6:.0f} MB")
            del built
        start = time.perf_counter()
        index = indexing.load(saved)
        resolve(asked=Asked(asked[0]), index=index)
        print(f"loaded the saved index in {time.perf_counter() - start:.2f} s")
        print("resolve:", percentiles(lambda one: resolve(asked=Asked(one), index=index), asked))
        typed = [
            chance.choice(("", "haikw", "zhonghua", "xinsheng")) + chance.choice(BRAND) + chance.choice(BRAND)
            for _ in range(300)
        ]
        print("search:", percentiles(lambda one: search(query=one, index=index), typed))
        print(f"most memory {memory():.0f} MB")


if __name__ == "__main__":
    main()
