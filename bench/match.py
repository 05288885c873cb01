"""
How quick and how big `luodi match` is on a register of a million synthetic companies.

    python bench/match.py [--size N] [--asked N]

Every company is invented: places from the division list, brands of random characters, trades from our word list.
Prints one line a figure; docs/benchmarks/match.md is written from it.
"""

from __future__ import annotations

import argparse
import multiprocessing
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
from luodi.kernel.chinese import syllable_sets

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


def build_and_save(register: Path, saved: Path) -> None:
    """Read a register, build its index with pinyin and keep it: in a process of its own, so that memory is its own."""
    start, busy = time.perf_counter(), time.process_time()
    built = indexing.build(tables.read_register(register))
    print(f"read and built in {time.perf_counter() - start:.1f} s ({time.process_time() - busy:.1f} s of processor)")
    built.spell()
    print(f"with pinyin in {time.perf_counter() - start:.1f} s ({time.process_time() - busy:.1f} s of processor)")
    print(f"most memory {memory():.0f} MB")
    built.save(saved)
    print(f"saved index {saved.stat().st_size / 1e6:.0f} MB")


def ask(saved: Path, asked: list[str], typed: list[str]) -> None:
    """Load a saved index and ask it."""
    start = time.perf_counter()
    index = indexing.load(saved)
    resolve(asked=Asked(asked[0]), index=index)
    print(f"loaded the saved index and answered once in {time.perf_counter() - start:.2f} s")
    print("one name:", percentiles(lambda one: resolve(asked=Asked(one), index=index), asked))
    print("one search:", percentiles(lambda one: search(query=one, index=index), typed))
    print(f"most memory {memory():.0f} MB")


def in_a_process(work: Callable[..., None], *arguments: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=20_000)
    options = parser.parse_args()
    made = companies(options.size)
    chance = random.Random(8)
    asked = [ways(chance.choice(made)[1], chance) for _ in range(options.asked)]
    typed = [typing(chance.choice(made)[1], chance) for _ in range(500)]
    with tempfile.TemporaryDirectory() as folder:
        register, saved = Path(folder) / "register.csv", Path(folder) / "saved.names"
        register.write_text("code,name,uscc\n" + "".join(f"{code},{name},\n" for code, name in made), "utf-8")
        in_a_process(build_and_save, register, saved)
        in_a_process(ask, saved, asked, typed)


def typing(name: str, chance: random.Random) -> str:
    """Type a part of a name: two to four characters, as they are, spelt, or by their initials."""
    start = chance.randrange(max(1, len(name) - 8))
    part = syllable_sets(name[start : start + chance.choice((2, 3, 4))])
    spelt = [min(readings) for readings in part]
    return chance.choice(("".join(spelt), "".join(one[0] for one in spelt), name[start : start + len(part)]))


if __name__ == "__main__":
    main()
