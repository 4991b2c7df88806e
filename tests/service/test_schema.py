import json

import pytest
from pydantic import ValidationError

from service.engine import Wishes
from service.schema import AnswerModel, AskRequest, HitModel


def test_an_answer_survives_its_json(seeds_engine):
    answer = seeds_engine.ask("Qu’est-ce que le paradoxe du back-office ?", Wishes(explain=True))
    model = AnswerModel.of(answer)
    assert AnswerModel.model_validate_json(model.model_dump_json()) == model
    data = json.loads(model.model_dump_json())
    assert data["citations"][0]["quote"] == answer.citations[0].quote
    assert data["explanations"][0]["matched"]


def test_the_shape_names_every_field_of_the_answer(seeds_engine):
    answer = seeds_engine.ask("paradoxxe")
    assert set(AnswerModel.model_fields) == set(answer.__dataclass_fields__)
    assert set(HitModel.model_fields) == set(seeds_engine.search("travail", 1)[0].__dataclass_fields__)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": 3},
        {"question": "a", "top_k": 0},
        {"question": "a", "top_k": 51},
        {"question": "a", "since": "hier"},
        {"question": "a", "unknown": 1},
        {"question": "a" * 4001},
        {"question": "a", "sources": [""]},
    ],
)
def test_a_request_outside_its_bounds_is_not_valid(body):
    with pytest.raises(ValidationError):
        AskRequest.model_validate(body)
