"""What the acknowledgement of a view_submission does: close, errors, update, push, clear."""

from __future__ import annotations

from typing import Any

from bot.localslack.block_kit import check_view
from bot.localslack.block_kit.surfaces import view_is_too_large
from bot.localslack.json_types import Json
from bot.localslack.model import Refused
from bot.localslack.views import View, ViewError
from bot.localslack.web_api.call import Core

_TROUBLE = "앱의 응답이 올바르지 않아 제출을 마치지 못했습니다."


class ViewAnswers:
    """Applies `response_action` (docs.slack.dev/surfaces/modals#updating_response)."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def apply(self, view: View, answer: Any) -> dict[str, str] | None:
        """The errors to show under fields, or None. Raises Refused when the answer is none that Slack takes."""
        if not answer:
            self._core.views.close(view)
            return None
        action = answer.get("response_action") if isinstance(answer, dict) else None
        if action == "errors":
            return self._errors(view, answer.get("errors"))
        if action == "clear":
            self._core.views.clear(view.user)
        elif action == "update":
            content = self._content(view, answer.get("view"))
            self._carry_out(lambda: self._core.views.update(view, content, None))
        elif action == "push":
            content = self._content(view, answer.get("view"))
            self._carry_out(lambda: self._core.views.open(view.user, content))
        else:
            self._refuse(f"response_action · {action}", answer)
        return None

    def _errors(self, view: View, given: Any) -> dict[str, str]:
        """Errors stand under input blocks; for any other block_id Slack reports a broken response."""
        inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
        errors = given if isinstance(given, dict) else {}
        unknown = sorted(set(errors) - inputs)
        if unknown or not errors or not all(isinstance(text, str) and text for text in errors.values()):
            self._refuse(f"errors · 입력 블록이 아닌 block_id: {', '.join(unknown) or '(없음)'}", given)
        return errors

    def _content(self, view: View, given: Any) -> Json:
        problems = check_view(given, self._core.workspace.manifest.scopes)
        for problem in problems.found:
            self._core.log.write("refused", f"view_submission 응답 · {problem.pointer} · {problem.sentence}", ok=False)
        if problems or view_is_too_large(given) or given.get("type") != "modal":
            raise Refused("invalid_view", _TROUBLE)
        content: Json = given
        return content

    def _carry_out(self, work: Any) -> None:
        try:
            work()
        except ViewError as error:
            self._core.log.write("refused", f"view_submission 응답 · {error.code}", ok=False)
            raise Refused(error.code, _TROUBLE) from error

    def _refuse(self, what: str, answer: Any) -> None:
        self._core.log.write("refused", f"view_submission 응답 · {what}", ok=False, detail=answer)
        raise Refused("invalid_response", _TROUBLE)
