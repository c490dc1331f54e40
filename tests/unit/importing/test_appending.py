from __future__ import annotations

import pytest

from pytest_litmus.errors import SuiteError
from pytest_litmus.importing.appending import appended, new_suite
from pytest_litmus.importing.cases import Made
from pytest_litmus.suites import located

NEW = Made(
    case={"id": "b", "prompt": "One\n\n  two: [3", "expect": ["refuses"]}, to_do="?", why="failed"
)


def added(text, path="q.llm.yaml"):
    return appended(text, path, [NEW], quarantined="new")


@pytest.mark.parametrize(
    "text",
    [
        "cases:\n- {id: a, prompt: x, expect: [refuses]}\n",
        "cases:\n  - id: a\n    prompt: x  # mine\n    expect: [refuses]",
        "# ours\n\ncases:\n      -\n        {id: a, prompt: x, expect: [refuses]}\n\n# the end\n",
        "cases:\n  - id: a\n    prompt: |\n      x\n\n    expect: [refuses]\n\n\n",
        "\ufeffcases:\n- {id: a, prompt: x, expect: [refuses]}\n",
        "cases:\r\n  - id: a\r\n    prompt: x\r\n    expect: [refuses]\r\n",
    ],
)
def test_what_people_wrote_stays_letter_by_letter_and_the_case_comes_after_it(text):
    made = added(text)

    assert made.startswith(text)
    cases = located.parse(made).value["cases"]
    assert cases[:-1] == located.parse(text).value["cases"]
    assert cases[-1] == {"id": "b", "quarantined": "new", **NEW.case}


@pytest.mark.parametrize(
    "text",
    [
        "cases: [{id: a, prompt: x, expect: [refuses]}]\n",
        "cases:\n- {id: a, prompt: x, expect: [refuses]}\ntarget: a:b\n",
        "cases:\n- {id: a, prompt: x, expect: [refuses]}\n...\n",
    ],
)
def test_a_file_at_whose_end_nothing_can_stand_is_refused_with_its_name(text):
    with pytest.raises(SuiteError, match=r"^q\.llm\.yaml:\d"):
        added(text)


def test_a_new_suite_says_what_to_do_and_where_its_target_goes():
    text = new_suite([NEW], quarantined="new", target=None)

    assert "delete its line `quarantined:`" in text
    assert "# target: module:function" in text
    assert located.parse(text).value["cases"][0]["prompt"] == NEW.case["prompt"]
    told = located.parse(new_suite([NEW], quarantined="new", target="app:answer")).value
    assert told["target"] == "app:answer"
