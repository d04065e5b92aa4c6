"""What this workspace imitates, what not, and how to go on to Slack itself."""

from __future__ import annotations

from bot.localslack.json_types import Json
from bot.localslack.web_api.methods import METHODS

_IMITATED = (
    "소켓 모드: 연결, 봉투, 3초 응답 기한, 재전송, 연결 교체",
    "manifest.yml의 권한, 이벤트, 명령, 바로가기를 그대로 지킴: 빠뜨린 것은 여기서도 실패",
    "메시지, 스레드, 나에게만 보이는 메시지, 수정, 삭제, 반응, 예약, 스트리밍",
    "모달(3단까지), 홈 탭, 추천 질문, 상태 표시, 외부 목록, 파일 올리기",
    "Block Kit 검사: 글자 수, 개수, 자리, 중복을 Slack과 같은 오류로 거절",
    "trigger_id 3초, response_url 30분 5회, 화면 hash 충돌",
    "여러 사람, 시간대와 언어, 시간을 앞으로 옮기기",
)

_NOT_IMITATED = (
    "Slack Connect, Enterprise Grid, 그룹 DM, 허들, 검색, 캔버스, 워크플로",
    "실제 호출 한도 (한도 초과는 장애 주문으로만 볼 수 있음)",
    "OAuth 설치 화면, HTTP 요청 서명, app_uninstalled와 tokens_revoked",
    "app_context_changed, 링크 미리 보기, layout과 data_visualization 블록",
    "Slack 화면의 정확한 모습, 모바일 앱, 알림",
)

_HOW_TO_GO_LIVE = (
    "https://api.slack.com/apps 에서 Create New App을 누르고 From a manifest를 고릅니다.",
    "아래 manifest를 붙여 넣고 앱을 만듭니다.",
    "Basic Information의 App-Level Tokens에서 connections:write 권한으로 토큰(xapp-)을 만듭니다.",
    "Install App에서 워크스페이스에 설치하고 Bot User OAuth Token(xoxb-)을 받습니다.",
    "환경 변수 SLACK_APP_TOKEN과 SLACK_BOT_TOKEN에 두 토큰을 넣고 app.py를 실행합니다.",
    "앱을 쓸 채널에서 /invite 로 앱을 초대합니다.",
)


def about(manifest_text: str) -> Json:
    """The JSON of GET /ui/about."""
    return {
        "imitated": list(_IMITATED),
        "not_imitated": list(_NOT_IMITATED),
        "how_to_go_live": list(_HOW_TO_GO_LIVE),
        "methods": sorted(METHODS),
        "manifest": manifest_text,
    }
