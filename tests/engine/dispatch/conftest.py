"""Duties for tests, made from a few words."""

from datetime import date

from diaodu.engine.dispatch.duty import Duty


def day(text: str) -> date:
    return date.fromisoformat(text)


def duty(**given) -> Duty:
    usual = {
        "id": "d1",
        "title": "补报入库项目",
        "state": "working",
        "source": "meeting",
        "lead": "nanping",
        "person": "王强",
        "issued": "2023-10-10",
        "latest": "2023-10-20",
    }
    return Duty.model_validate(usual | given)
