"""The labelled set: how many assignments are found, with the right lead, beside two simple ways of looking."""

import re

from luodi.kernel.gov_units import build
from luodi.supervision.texts.decompose import decompose
from tests.spec.texts.labelled import measure, share_without_task, texts

SENTENCE = re.compile(r"[^。！？；\n]+")


def ours(text):
    return [(task.start, task.end, task.units) for task in decompose(raw=text.raw, day=text.day).tasks]


def every_sentence_with_yao(text):
    """First baseline: a sentence with 要 is a task; its lead is what stands before 要, if that is a unit."""
    found = []
    for sentence in SENTENCE.finditer(text.raw):
        at = sentence[0].find("要")
        if at >= 0:
            groups = build().groups(sentence[0][:at])
            leads = tuple(one.text for one in groups[-1].mentions) if groups else ()
            found.append((*sentence.span(), leads))
    return found


def first_unit_leads(text):
    """Second baseline: a sentence that names a unit is a task of the first."""
    found = []
    for sentence in SENTENCE.finditer(text.raw):
        mentions = build().find(sentence[0])
        if mentions:
            found.append((*sentence.span(), (mentions[0].text,)))
    return found


def test_the_set_is_full_of_sentences_that_only_sound_like_orders():
    everything = [*texts(), *texts("held_out.txt")]
    assert share_without_task(everything) >= 0.4
    assert sum(len(text.labels) for text in everything) >= 130


def test_labels_stand_where_they_say():
    for text in texts():
        for label in text.labels:
            assert text.raw[label.start : label.end] == label.text


def test_assignments_are_found_with_their_leads():
    found = measure(texts(), ours)
    assert found.precision >= 0.95 and found.recall >= 0.95


def test_so_they_are_in_texts_that_no_rule_was_made_for():
    found = measure(texts("held_out.txt"), ours)
    assert found.precision >= 0.8 and found.recall >= 0.8


def test_simple_ways_of_looking_are_far_behind():
    everything = [*texts(), *texts("held_out.txt")]
    found = measure(everything, ours)
    for baseline in (every_sentence_with_yao, first_unit_leads):
        simple = measure(everything, baseline)
        assert found.precision > simple.precision + 0.2, baseline.__name__
        assert found.recall > simple.recall + 0.2, baseline.__name__
