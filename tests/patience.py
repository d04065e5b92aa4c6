"""A machine that stands still for seconds, with many processes on two cores, is no failure of the product."""

from __future__ import annotations

from handlers.routes import Routes

PATIENT_SECONDS = 30


def be_patient(routes: Routes) -> None:
    """A listener is given up that has not acknowledged within Slack's three seconds, by the real clock."""
    routes.patience = PATIENT_SECONDS
