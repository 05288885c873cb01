"""
How well `luodi decompose` finds assignments on the labelled set, beside two baselines, and how long 1 MB takes.

    python bench/decompose.py

Prints one line a figure; docs/benchmarks/decompose.md is written from it. What the sets gave when they were first run
is history and stands there only.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.spec.texts.labelled import measure, share_without_task, texts
from tests.spec.texts.test_labelled import (
    DETAILED,
    HELD_OUT,
    all_texts,
    detailed,
    every_sentence_with_yao,
    first_unit_leads,
    ours,
)

from luodi.supervision.texts.decompose import decompose


def quality() -> None:
    for file in ("labelled.txt", *HELD_OUT):
        labelled = texts(file)
        count = sum(len(text.labels) for text in labelled)
        print(f"{file}: {count} sentences, {share_without_task(labelled):.0%} of those with 要 or 确保 are no task")
        for finder in (ours, every_sentence_with_yao, first_unit_leads):
            found = measure(labelled, finder)
            print(f"  {finder.__name__}: {found}, precision {found.precision:.3f}, recall {found.recall:.3f}")
        if file in DETAILED:
            said, wrong = detailed(file)
            print(f"  of what was hit: {dict(said)}, wrong: {dict(wrong)}")


def speed() -> None:
    one = "\n".join(text.raw for text in all_texts()) + "\n"
    raw = one * (1_000_000 // len(one.encode()) + 1)
    clock, processor = time.perf_counter(), time.process_time()
    tasks = decompose(raw=raw).tasks
    print(f"{len(raw.encode())} bytes, {len(raw)} characters, {len(tasks)} tasks")
    print(f"  {time.perf_counter() - clock:.2f} s by the clock, {time.process_time() - processor:.2f} s of processor")
    print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    quality()
    speed()
