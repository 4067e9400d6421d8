"""How many processors there are, in the machine and in containers, and what libraries are told of them."""

import os
import subprocess
import sys

import pytest

from core.runtime import processors
from tests.opening import ROOT

TOLD = ("GOMP_SPINCOUNT", "OMP_NUM_THREADS", "OMP_WAIT_POLICY")


@pytest.fixture
def machine(group, monkeypatch):
    """A machine with 8 processors, in which nobody has told libraries anything; writes files of control groups."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    for name in TOLD:
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    return group


def test_without_control_groups_they_are_those_that_it_may_run_on(machine, monkeypatch):
    assert processors.processors() == 8
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3})
    assert processors.processors() == 2


@pytest.mark.parametrize(("quota", "count"), [("max", 8), ("50000", 1), ("100000", 1), ("150000", 2), ("1600000", 8)])
def test_a_container_has_as_many_as_it_has_time_of(machine, quota, count):
    machine("proc/self/cgroup", "0::/\n")
    machine("sys/fs/cgroup/cpu.max", f"{quota} 100000\n")
    assert processors.processors() == count


def test_the_smallest_share_above_a_process_counts(machine):
    machine("proc/self/cgroup", "0::/user/app\n")
    machine("sys/fs/cgroup/user/app/cpu.max", "400000 100000\n")
    machine("sys/fs/cgroup/user/cpu.max", "600000 200000\n")
    assert processors.processors() == 3


@pytest.mark.parametrize(("quota", "count"), [("-1", 8), ("25000", 1), ("200000", 2)])
def test_version_1_has_a_file_for_the_quota_and_one_for_the_period(machine, quota, count):
    machine("proc/self/cgroup", "5:cpu,cpuacct:/app\n4:memory:/app\n")
    machine("sys/fs/cgroup/cpu/app/cpu.cfs_quota_us", f"{quota}\n")
    machine("sys/fs/cgroup/cpu/app/cpu.cfs_period_us", "100000\n")
    assert processors.processors() == count


def test_libraries_are_told_what_they_do_not_know(machine):
    processors.share_processors()
    assert {name: os.environ.get(name) for name in TOLD} == {
        "GOMP_SPINCOUNT": "10000", "OMP_NUM_THREADS": None, "OMP_WAIT_POLICY": None
    }  # fmt: skip
    machine("proc/self/cgroup", "0::/\n")
    machine("sys/fs/cgroup/cpu.max", "150000 100000\n")
    processors.share_processors()
    assert os.environ["OMP_NUM_THREADS"] == "2"


@pytest.mark.parametrize("said", [{"GOMP_SPINCOUNT": "5", "OMP_NUM_THREADS": "3"}, {"OMP_WAIT_POLICY": "ACTIVE"}])
def test_what_somebody_has_said_stays(machine, monkeypatch, said):
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    processors.share_processors()
    assert {name: os.environ[name] for name in TOLD if name in os.environ} == said


@pytest.mark.parametrize("first", ["core", "core.audit.__main__", "core.explain", "core.ui.frame.engine"])
def test_they_are_told_before_torch_reads_it(first):
    code = f"""
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print(os.environ.get("GOMP_SPINCOUNT"), flush=True)
            os._exit(0)
sys.meta_path.insert(0, Watch())
import {first}
import torch"""
    alone = {name: value for name, value in os.environ.items() if name not in TOLD}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=alone, capture_output=True, text=True, check=True)
    assert done.stdout == "10000\n"
