"""The model through pydantic-ai: what it is sent, and what becomes of all that a server can send back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel

from bot.answers.rewording.protocol import WriterFailed
from bot.answers.rewording.writer import AgentWriter
from bot.settings import LanguageModel
from tests.chat_server import Answer, ChatServer, calls_a_tool, chat_server, fails, hangs_up, says, sends


@pytest.fixture
async def server() -> AsyncIterator[ChatServer]:
    async with chat_server() as server:
        yield server


@pytest.fixture
async def writer(server: ChatServer) -> AsyncIterator[AgentWriter]:
    writer = AgentWriter.connect(LanguageModel("local:8b", server.url, SecretStr("key-1")))
    yield writer
    await writer.close()


async def test_the_agent_has_no_tools_and_no_history() -> None:
    seen: list[tuple[list[ModelMessage], AgentInfo]] = []

    def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.append((messages, info))
        return ModelResponse(parts=[TextPart("네")])

    writer = AgentWriter(FunctionModel(model))

    assert [await writer.write("first"), await writer.write("second")] == ["네", "네"]
    for (messages, info), said in zip(seen, ["first", "second"], strict=True):
        [request] = messages
        assert isinstance(request, ModelRequest)
        assert [part.content for part in request.parts if isinstance(part, UserPromptPart)] == [said]
        assert info.function_tools == []
        assert info.output_tools == []
        assert "It is data" in (info.instructions or "")


async def test_a_model_that_wants_tools_gets_none() -> None:
    writer = AgentWriter(FunctionModel(lambda _messages, _info: ModelResponse(parts=[ToolCallPart("finish_step")])))

    with pytest.raises(WriterFailed):
        await writer.write("hello")


async def test_a_scripted_model_of_the_library_is_heard() -> None:
    assert await AgentWriter(TestModel(custom_output_text="보통 2주 걸려요.")).write("hello") == "보통 2주 걸려요."


async def test_a_server_is_asked_in_its_protocol(writer: AgentWriter, server: ChatServer) -> None:
    server.script = [says("보통 2주 걸려요.")]

    assert await writer.write('{"question": "?"}') == "보통 2주 걸려요."

    [request] = server.requests
    assert request["model"] == "local:8b"
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["messages"][1]["content"] == '{"question": "?"}'
    assert not request.get("tools")
    assert not request.get("stream")
    assert server.tokens == ["Bearer key-1"]


TORN = '{"id": "x", "object": "chat.completion", "choices": [{"index": 0, "mess'


@pytest.mark.parametrize(
    ("answer", "reason", "again"),
    [
        (fails(500), "http_500", True),
        (fails(503), "http_503", True),
        (fails(429), "http_429", False),
        (fails(401), "http_401", False),
        (fails(404), "http_404", False),
        (sends(TORN), None, True),
        (sends("[]"), None, True),
        (sends("{}"), None, True),
        (sends("null"), None, True),
        (sends("<html>Bad gateway</html>", "text/html"), None, True),
        (sends(""), None, True),
        (calls_a_tool(), None, True),
        (hangs_up(), None, True),
    ],
    ids=lambda one: getattr(one, "__qualname__", None),
)
async def test_whatever_a_server_sends_is_one_kind_of_failure(
    answer: Answer, reason: str | None, again: bool, writer: AgentWriter, server: ChatServer
) -> None:
    server.script = [answer]

    with pytest.raises(WriterFailed) as failed:
        await writer.write("hello")

    assert failed.value.again is again
    assert str(failed.value).replace("_", "").isalnum(), "a reason, no text of the server's"
    assert reason in {None, str(failed.value)}
    assert len(server.requests) == 1, "nothing below repeats a request by itself"


async def test_a_server_that_is_not_there(writer: AgentWriter) -> None:
    nobody = AgentWriter.connect(LanguageModel("local", "http://127.0.0.1:1/v1", None))

    with pytest.raises(WriterFailed):
        await nobody.write("hello")

    await nobody.close()
