"""The whole product in a local Slack workspace: see tests/scene.py."""

from tests.scene import knowledge, scene, scene_database_url

__all__ = ["knowledge", "scene", "scene_database_url"]
