"""How much memory there is: in the machine, in containers, and as asked for."""

import psutil
import pytest
import torch

from core.errors import NetworkError
from core.runtime import memory

CPU = torch.device("cpu")


@pytest.fixture
def machine(group, monkeypatch):
    """A machine with 8 GB, and a folder that stands for its control groups; writes files there by path."""
    monkeypatch.delenv("LIMELIGHT_MEMORY", raising=False)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("Memory", (), {"total": 8_000_000_000}))
    return group


def test_without_control_groups_it_is_the_machines(machine):
    assert memory.memory_limit(CPU) == 8_000_000_000
    assert memory.memory_budget(CPU) == 4_000_000_000


def test_a_container_of_version_2_has_its_limit_at_the_root(machine):
    machine("proc/self/cgroup", "0::/\n")
    machine("sys/fs/cgroup/memory.max", "2000000000\n")
    assert memory.memory_limit(CPU) == 2_000_000_000
    assert memory.memory_budget(CPU) == 1_000_000_000


def test_the_smallest_limit_above_a_process_counts(machine):
    machine("proc/self/cgroup", "0::/user/session/app\n")
    machine("sys/fs/cgroup/user/session/app/memory.max", "max\n")
    machine("sys/fs/cgroup/user/session/memory.max", "3000000000\n")
    machine("sys/fs/cgroup/user/memory.max", "5000000000\n")
    assert memory.memory_limit(CPU) == 3_000_000_000


def test_version_1_names_its_controllers(machine):
    machine("proc/self/cgroup", "5:cpu,cpuacct:/app\n4:memory:/app\n1:name=systemd:/\n")
    machine("sys/fs/cgroup/memory/app/memory.limit_in_bytes", "1500000000\n")
    machine("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")  # as where there is no limit
    assert memory.memory_limit(CPU) == 1_500_000_000


@pytest.mark.parametrize(("limit", "pictures"), [(700, 1), (1499, 1), (1500, 2), (2999, 2), (3000, 4), (9000, 4)])
def test_where_there_is_little_fewer_pictures_are_asked_of_at_once(machine, limit, pictures):
    machine("proc/self/cgroup", "0::/\n")
    machine("sys/fs/cgroup/memory.max", f"{limit}000000\n")
    assert memory.batch_for(CPU) == pictures
    assert memory.batch_for(torch.device("cuda")) == 32


def test_the_path_of_a_group_on_the_host_may_not_exist_in_the_container(machine):
    machine("proc/self/cgroup", "4:memory:/docker/0123\n")
    machine("sys/fs/cgroup/memory/memory.limit_in_bytes", "700000000\n")
    assert memory.memory_limit(CPU) == 700_000_000


@pytest.mark.parametrize(
    ("text", "size"),
    [("800MB", 800e6), ("4GiB", 4 * 2**30), ("1.5 gb", 1.5e9), ("123456", 123456), ("64Mi", 64 * 2**20), ("2k", 2000)],
)
def test_a_budget_may_be_asked_for(text, size, machine, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_MEMORY", text)
    assert memory.memory_budget(CPU) == size


@pytest.mark.parametrize("text", ["much", "-1GB", "1 TB", "GB"])
def test_a_budget_that_is_no_size_is_a_sentence(text, machine, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_MEMORY", text)
    with pytest.raises(NetworkError, match="write a size such as 800MB or 4GiB"):
        memory.memory_budget(CPU)


@pytest.mark.parametrize(("figures", "used"), [({"rss": 900, "shared": 300}, 600), ({"rss": 900}, 900)])
def test_memory_used_leaves_out_mapped_files_where_the_system_tells_them_apart(figures, used, monkeypatch):
    monkeypatch.setattr(psutil.Process, "memory_info", lambda process: type("Memory", (), figures))
    assert memory.memory_used() == used


def test_memory_used_is_that_of_this_process():
    assert 50e6 < memory.memory_used() < psutil.virtual_memory().total
