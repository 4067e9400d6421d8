"""Every page test has an empty torch hub and caches of its own module's."""

import pytest
import streamlit as st
import torch

from core import cached


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


@pytest.fixture
def computed(monkeypatch):
    """The networks that are really computed from here on; the maps made before are forgotten."""
    names, explain = [], cached.explain

    def counting(picture, spec, *arguments, **more):
        names.append(spec.name)
        return explain(picture, spec, *arguments, **more)

    monkeypatch.setattr(cached, "explain", counting)
    cached.explanations.clear()
    return names
