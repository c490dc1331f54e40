"""`llm.ask`: a prompt to the configured endpoint."""

from __future__ import annotations


def test_an_answer_is_text_and_its_call_is_captured(project):
    project.test("""
        def test_it(llm):
            assert llm.ask("hello", system="be brief", temperature=0, model="other") == (
                "You said hello."
            )
            call = llm.last
            assert call.request_model == "other"
            assert call.parameters["temperature"] == 0
            assert [part.content for part in call.system_instructions] or call.input_messages[
                0
            ].role == "system"
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_the_key_comes_from_the_variable_that_the_ini_file_names(project, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-of-the-variable")
    project.ini("llm_api_key_env = MY_KEY")
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live").assert_outcomes(passed=1)

    assert project.provider.seen[0].headers["authorization"] == "Bearer sk-of-the-variable"


def test_without_a_key_none_is_sent(project):
    project.test("def test_it(llm): llm.ask('hello')")

    project.run("--llm-live").assert_outcomes(passed=1)

    assert "authorization" not in project.provider.seen[0].headers


def test_without_an_endpoint_it_says_what_to_write(project):
    project.pytester.makeini("[pytest]")
    project.test("def test_it(llm): llm.ask('hello')")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E *LitmusError: llm.ask needs an endpoint and a model: set both in the ini file, *",
            "E *  llm_base_url = http://127.0.0.1:8080/v1",
            "E *  llm_model = qwen2.5",
        ]
    )


def test_an_address_of_another_scheme_is_refused(project):
    project.pytester.makeini("[pytest]\nllm_base_url = file:///etc\nllm_model = m")
    project.test("def test_it(llm): llm.ask('hello')")

    result = project.run()

    said = "E *the base URL gives 'file:///etc/chat/completions', which is no http:// or https://*"
    result.stdout.fnmatch_lines([said])


def test_an_endpoint_that_refuses_is_named_with_what_it_said(project):
    project.provider.is_refusing = True
    project.test("def test_it(llm): llm.ask('hello')")

    result = project.run("--llm-live")

    url = f"{project.provider.url}/v1/chat/completions"
    result.stdout.fnmatch_lines([f"E *EndpointBusy: {url} answered 503: *not now*"])
    _no_frames_of_ours(result)


def test_an_endpoint_that_is_not_there_is_named(project):
    project.pytester.makeini("[pytest]\nllm_base_url = http://127.0.0.1:9/v1\nllm_model = m")
    project.test("def test_it(llm): llm.ask('hello')")

    result = project.run("--llm-live")

    said = "E *LitmusError: http://127.0.0.1:9/v1/chat/completions cannot be asked: *"
    result.stdout.fnmatch_lines([said])
    _no_frames_of_ours(result)


def test_a_replayed_answer_needs_no_endpoint(project):
    project.test("def test_it(llm): assert llm.ask('hello') == 'You said hello.'")
    project.record()
    project.provider.is_refusing = True

    project.run().assert_outcomes(passed=1)


def _no_frames_of_ours(result) -> None:
    result.stdout.no_re_match_line(r".*pytest_litmus[/\\].*\.py:\d+: \w+.*")
    result.stdout.no_fnmatch_line("*urllib/request.py:*")
