import pytest

from eval.costs import Costs, Stage, Step, memory_megabytes, stages


def test_stages_have_their_first_time_and_the_median_of_the_others():
    warm = ({"search": 1.0, "total": 4.0}, {"search": 3.0, "total": 6.0}, {"search": 2.0, "rerank": 9.0, "total": 5.0})
    costs = Costs(None, Step(20.0, 50.0), {"total": 19.0, "search": 8.0}, warm, (4.0, 6.0, 5.0), 60.0)
    found = stages(costs)
    assert [stage.name for stage in found] == ["search", "rerank", "total"]
    assert found[0] == Stage("search", 8.0, 2.0, pytest.approx(2.9))
    assert found[1] == Stage("rerank", None, 9.0, 9.0)


def test_a_stage_of_the_first_question_only_is_left_out():
    assert stages(Costs(None, Step(1.0, 1.0), {"opening": 1.0}, ({"search": 1.0},), (1.0,), 1.0))[0].name == "search"


def test_this_process_holds_some_memory():
    assert 10 < memory_megabytes() < 100_000
