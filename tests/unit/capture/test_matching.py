from __future__ import annotations

import json
import re

import pytest

from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.matching import Matching, nearest

URL = "https://api.example.com/v1/chat/completions"


def post(body, *, url=URL, method="POST", headers=()):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method=method, url=url, headers=headers, body=data)


def chat(*contents, **fields):
    return post({"messages": [{"role": "user", "content": text} for text in contents], **fields})


def same(one, other, **matching):
    return Matching(**matching).key(one) == Matching(**matching).key(other)


def test_white_space_key_order_and_the_way_numbers_are_written_do_not_count():
    assert same(post(b'{"a": 1.0, "b": [1e2]}'), post(b'{"b":[100],\n"a":1}'))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"a":1}', b'{"a":2}'),
        (b'{"a":1}', b'{"a":true}'),
        (b'{"a":1}', b'{"a":"1"}'),
        (b'{"a":null}', b"{}"),
        (b"[1,2]", b"[2,1]"),
        (b'{"a":9007199254740993}', b'{"a":9007199254740992}'),
        (b"", b"{}"),
        (b"not json", b"not  json"),
    ],
)
def test_another_value_is_another_request(one, other):
    assert not same(post(one), post(other))


def test_numbers_that_json_has_not_are_read():
    assert same(post(b'{"a": NaN}'), post(b'{"a":NaN}'))
    assert not same(post(b'{"a": NaN}'), post(b'{"a": Infinity}'))


def test_scheme_and_port_do_not_count_and_the_query_is_in_any_order():
    one = post({}, url="http://localhost:8000/v1?a=1&b=2")

    assert same(one, post({}, url="http://localhost:9000/v1?b=2&a=1"))
    assert not same(one, post({}, url="http://localhost:8000/v1?a=1&b=3"))
    assert not same(one, post({}, url="http://localhost:8000/v2?a=1&b=2"))


def test_the_parts_that_count_can_be_chosen():
    one, other = post({}, url="http://a/v1"), post({}, url="http://b/v1")

    assert same(one, other, on=("method", "path", "body"))
    assert not same(one, other)


def test_a_function_of_the_request_can_count():
    def model(request):
        return request.json["model"]

    assert same(post({"model": "a", "n": 1}), post({"model": "a", "n": 2}), on=("path", model))
    assert not same(post({"model": "a"}), post({"model": "b"}), on=("path", model))


def test_a_set_that_a_function_gives_counts_alike_in_every_order():
    one, other = post(b"abcdefgh"), post(b"hgfedcba")

    assert same(one, other, on=(lambda request: set(request.body.decode()),))


def test_ignored_paths_do_not_count():
    ignore = ("metadata.run_id", "messages[*].name", '["a.b"].c', "list[0]", "$.extra.*")
    one = {
        "metadata": {"run_id": 1, "x": 1},
        "messages": [{"name": "a"}, {"name": "b"}],
        "a.b": {"c": 1},
        "list": [1, 2],
        "extra": {"q": 1},
    }
    other = {
        "metadata": {"run_id": 2, "x": 1},
        "messages": [{}, {"name": "c"}],
        "a.b": {},
        "list": [7, 2],
        "extra": {"z": 1},
    }

    assert same(post(one), post(other), ignore=ignore)
    assert not same(post(one), post({**other, "list": [7, 3]}), ignore=ignore)
    assert not same(post(one), post({**other, "messages": [{}]}), ignore=ignore)


def test_an_ignored_path_that_is_not_there_changes_nothing():
    assert same(post([1]), post([1]), ignore=("a.b", "[9]", "[0].x"))


def test_a_multipart_boundary_does_not_count():
    def upload(boundary, text):
        part = f'Content-Disposition: form-data; name="file"\r\n\r\n{text}'
        body = f"--{boundary}\r\n{part}\r\n--{boundary}--"
        content_type = f'multipart/form-data; boundary="{boundary}"'
        return post(body.encode(), headers=(("Content-Type", content_type),))

    assert same(upload("aaaa1", "hello"), upload("zzzz2", "hello"))
    assert not same(upload("aaaa1", "hello"), upload("zzzz2", "bye"))


def test_a_body_nested_too_deeply_counts_by_its_bytes():
    deep = b"[" * 100_000 + b"]" * 100_000

    assert same(post(deep), post(deep))
    assert not same(post(deep), post(deep + b" "))


def test_a_lone_surrogate_is_a_text_like_others():
    assert not same(post(b'{"a":"\\ud800"}'), post(b'{"a":"\\ud801"}'))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"on": ("boddy",)}, "on: 'boddy' is no part of a request, did you mean 'body'?"),
        ({"on": ("xyzzy",)}, "on: 'xyzzy' is no part of a request; known are method,"),
        ({"on": "body"}, "on='body' is one text: write on=('body',)"),
        ({"on": ()}, "on is empty"),
        ({"ignore": ("a..b",)}, "ignore: 'a..b' cannot be read at '..b'; a path is written as"),
        ({"ignore": ("a[x]",)}, "ignore: 'a[x]' cannot be read at '[x]'"),
        ({"ignore": ("",)}, "ignore: '' cannot be read"),
        ({"ignore": ('["\\x"]',)}, "cannot be read at"),
    ],
)
def test_a_mistake_is_named_with_the_nearest_right_word(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Matching(**arguments)


def test_nothing_recorded_is_nearest_to_nothing():
    assert nearest(chat("refund?"), []) is None


def test_the_nearest_names_the_path_that_changed():
    recorded = [chat("hello", "weather?"), chat("be kind", "refund?"), chat("translate this")]

    found = nearest(chat("be kind", "refund please"), recorded)

    assert found.index == 1
    assert [str(each) for each in found.differences] == [
        "messages[1].content differs: 'refund?' and 'refund please'"
    ]
    assert found.more == 0


def test_the_same_endpoint_is_nearer_than_the_same_body():
    recorded = [
        post({"input": "abc"}, url="https://api.example.com/v1/embeddings"),
        post({"input": "something else"}),
    ]

    assert nearest(post({"input": "abc"}), recorded).index == 1


def test_a_changed_endpoint_is_told():
    found = nearest(
        post({"method": "a"}, url="http://b/y?v=2", method="PUT"),
        [post({"method": "b"}, url="http://a/x?v=1&w=1")],
    )

    assert [str(each) for each in found.differences] == [
        "method differs: 'POST' and 'PUT'",
        "host differs: 'a' and 'b'",
        "path differs: '/x' and '/y'",
        "?v differs: '1' and '2'",
        "?w is missing: '1'",
    ]
    assert found.more == 1


def test_what_came_and_went_is_told():
    found = nearest(chat("x", seed=7), [chat("x", top_p=0.5)])

    assert [str(each) for each in found.differences] == [
        "top_p is missing: 0.5",
        "seed is added: 7",
    ]


def test_an_item_put_in_front_does_not_change_all_that_follow():
    found = nearest(chat("new", "a", "b"), [chat("a", "b")])

    assert [(each.kind, each.path) for each in found.differences] == [("added", "messages[0]")]


def test_at_most_five_differences_are_shown_and_the_rest_is_counted():
    found = nearest(post(dict.fromkeys("abcdefgh", 1)), [post(dict.fromkeys("abcdefgh", 2))])

    assert [each.path for each in found.differences] == list("abcde")
    assert found.more == 3


def test_long_texts_are_cut_around_their_first_difference():
    before, after = "x" * 500 + "ONE" + "y" * 500, "x" * 500 + "TWO" + "y" * 500

    (difference,) = nearest(chat(after), [chat(before)]).differences

    assert difference.old == repr("…" + "x" * 20 + "ONE" + "y" * 37 + "…")
    assert difference.new == repr("…" + "x" * 20 + "TWO" + "y" * 37 + "…")


def test_a_long_conversation_is_told_apart_by_its_end():
    history = "word " * 10_000
    recorded = [chat(history, f"question {number}") for number in range(5)]

    assert nearest(chat(history, "question 3!"), recorded).index == 3


def test_the_nearest_of_many_is_found_by_its_words():
    recorded = [chat(f"what is {number} plus {number}") for number in range(300)]

    assert nearest(chat("what is 250 plus 250 then"), recorded).index == 250


def test_the_same_request_has_no_differences():
    assert nearest(chat("a"), [chat("a")]).differences == ()


def test_what_is_ignored_is_no_difference():
    found = nearest(
        chat("a", run=2), [chat("b", run=1)], matching=Matching(ignore=("run",), on=("body",))
    )

    assert [each.path for each in found.differences] == ["messages[0].content"]


def test_bodies_that_are_no_json_differ_as_a_whole():
    (difference,) = nearest(post(b"abc"), [post(b"abd")]).differences

    assert str(difference) == "body differs: 'abd' and 'abc'"


def test_a_part_of_the_users_own_is_told_by_its_name():
    def tenant(request):
        return {"id": request.header("x-tenant")}

    one, other = (post({}, headers=(("X-Tenant", name),)) for name in "ab")

    (difference,) = nearest(other, [one], matching=Matching(on=("body", tenant))).differences

    assert str(difference) == 'tenant differs: {"id":"a"} and {"id":"b"}'
