"""A machine that stands still for seconds, with many processes on two cores, is no failure of the product."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

PATIENT_SECONDS = 30


def be_patient(app: AsyncApp) -> None:
    """Bolt gives a listener up that has not acknowledged within Slack's three seconds, by the real clock."""
    for listener in app._async_listeners:
        listener.ack_timeout = PATIENT_SECONDS
