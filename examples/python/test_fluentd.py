from pathlib import Path

import pytest
import yaml

MANIFEST = yaml.safe_load((Path(__file__).parent / "../fluentd-elasticsearch.yaml").read_text())


@pytest.fixture
def fluentd(apps, kubette):
    apps.create_namespaced_daemon_set("kube-system", MANIFEST)
    kubette.settled()


def nodes_with_fluentd(core):
    pods = core.list_namespaced_pod("kube-system", label_selector="name=fluentd-elasticsearch").items
    return sorted(pod.spec.node_name for pod in pods if pod.status.phase == "Running")


def test_runs_on_every_worker(core, fluentd):
    assert nodes_with_fluentd(core) == ["worker-1", "worker-2", "worker-3"]


def test_a_node_that_leaves_takes_its_pod_along(core, fluentd, kubette):
    core.delete_node("worker-1")
    kubette.advance("2m")
    assert nodes_with_fluentd(core) == ["worker-2", "worker-3"]
