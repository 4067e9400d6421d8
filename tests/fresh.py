"""An empty torch hub, and caches of a module's own: for all tests that open a page or draw a part of one."""

from functools import cache

import pytest
import streamlit as st
import torch
from streamlit.components.v2 import manifest_scanner

from core import answering


@pytest.fixture(scope="session", autouse=True)
def installed_packages():
    """Streamlit looks through all of them whenever a test opens an app; what is installed stays the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def no_weights_but_those_of_pip(tmp_path, monkeypatch):
    """Torch hub's folder is empty, whoever runs this; networks that were loaded before do not count."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "hub"))
    monkeypatch.setenv("LIMELIGHT_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module", autouse=True)
def clean_caches():
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


class Computed:
    """What the service has computed, as questions: all that it holds, since nothing is let go of in a test."""

    @property
    def questions(self):
        return {key.question for key in answering.answers().keys()}

    @property
    def networks(self):
        """The name of each question's one network, sorted."""
        return sorted(name for question in self.questions for name in question.networks)

    @property
    def targets(self):
        """Of each network, what was explained and against what."""
        return {(*question.networks, question.targets, question.against) for question in self.questions}


@pytest.fixture
def computed():
    """What is computed from here on; the maps made before are forgotten."""
    st.cache_resource.clear()
    return Computed()
