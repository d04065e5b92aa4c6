"""The language model behind pydantic-ai. Only this file knows it, and it is imported only when there is a model."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError
from pydantic_ai import Agent, ModelSettings
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.usage import UsageLimits

from bot.answers.rewording.prompt import INSTRUCTIONS
from bot.answers.rewording.protocol import WriterFailed
from bot.settings import LanguageModel

_LONGEST = 1500
"""tokens of an answer"""
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_NOT_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class AgentWriter:
    """One request to the model for each answer: no tools, no history, no retries of its own."""

    def __init__(self, model: Model, *, client: AsyncOpenAI | None = None) -> None:
        self._agent = Agent(
            model,
            output_type=str,
            instructions=INSTRUCTIONS,
            retries=0,
            model_settings=ModelSettings(max_tokens=_LONGEST),
        )
        self._client = client

    @classmethod
    def connect(cls, model: LanguageModel) -> AgentWriter:
        """Opens no connection yet."""
        on_this_machine = urlsplit(model.base_url or "").hostname in _THIS_MACHINE
        client = AsyncOpenAI(
            api_key=model.api_key.get_secret_value() if model.api_key else "none",
            base_url=model.base_url or "https://api.openai.com/v1",
            max_retries=0,
            # The proxy of the environment leads away from this machine.
            http_client=DefaultAsyncHttpxClient(trust_env=not on_this_machine),
        )
        provider = (
            OpenAICompatibleProvider("compatible", openai_client=client)
            if model.base_url
            else OpenAIProvider(openai_client=client)
        )
        return cls(OpenAIChatModel(model.name, provider=provider), client=client)

    async def write(self, request: str) -> str:
        """Raises WriterFailed."""
        try:
            run = await self._agent.run(request, usage_limits=UsageLimits(request_limit=1))
        except ModelHTTPError as wrong:
            again = wrong.status_code not in _NOT_NOW and wrong.status_code != HTTPStatus.NOT_FOUND
            raise WriterFailed(f"http_{wrong.status_code}", again=again) from wrong
        except (AgentRunError, OpenAIError, ValueError) as wrong:  # ValueError: what is no JSON
            raise WriterFailed(type(wrong).__name__, again=True) from wrong
        return run.output

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
