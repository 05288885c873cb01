"""What a model says is taken only where it quotes the text; here the model is a plain function."""

import json

from pytest import mark, raises

from luodi.supervision.texts.decompose import decompose
from luodi.supervision.texts.model import PIECE, NoAnswer, add_model, read_answer
from luodi.supervision.texts.naming import finder
from luodi.supervision.texts.when import Reader


@mark.parametrize("content", ["", "{no json}", '{"tasks": 3}', '{"others": []}'])
def test_an_answer_without_tasks_is_none(content):
    with raises(NoAnswer):
        read_answer(content)


def test_a_blank_stretch_is_not_sent_and_a_quote_given_twice_counts_once():
    raw = "\n" * PIECE + "市统计局的同志们辛苦。"
    sent = []

    def ask(piece):
        sent.append(piece)
        return json.dumps({"tasks": [{"quote": "市统计局的同志们辛苦"}, {"quote": "市统计局的同志们辛苦"}]})

    found = add_model(decompose(raw=raw), raw=raw, ask=ask, matcher=finder(()), reader=Reader(None, ()))
    assert sent == [raw[PIECE:]]
    assert [task.found_by for task in found.tasks] == [("model",)]
