"""What people do with the Python client: python_client.py URL WHAT. Prints one JSON value."""
import json
import sys
import threading
import time

from kubernetes import client, dynamic, stream, watch
from kubernetes.client.exceptions import ApiException
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock

url, what = sys.argv[1:3]
configuration = client.Configuration()
configuration.host = url
client.Configuration.set_default(configuration)
core, apps = client.CoreV1Api(), client.AppsV1Api()

AGENT = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent"},
    "spec": {
        "selector": {"matchLabels": {"app": "agent"}},
        "template": {
            "metadata": {"labels": {"app": "agent"}},
            "spec": {"containers": [{"name": "agent", "image": "agent:1"}]},
        },
    },
}


def rollout():
    """Creates a DaemonSet and watches until it has come to all nodes."""
    before = apps.list_namespaced_daemon_set("default").metadata.resource_version
    apps.create_namespaced_daemon_set("default", AGENT)
    types = []
    for event in watch.Watch().stream(
        apps.list_namespaced_daemon_set, "default", resource_version=before, timeout_seconds=30
    ):
        types.append(event["type"])
        if event["object"].status.number_available == 3:
            break
    pods = core.list_namespaced_pod("default", label_selector="app=agent").items
    return {"types": sorted(set(types)), "nodes": sorted(pod.spec.node_name for pod in pods)}


def since():
    """A watch from a revision on."""
    for event in watch.Watch().stream(core.list_node, resource_version="1", timeout_seconds=1):
        return event["type"]


def generic():
    """The dynamic client finds kinds by discovery, patches in every way and applies."""
    api = dynamic.DynamicClient(client.ApiClient())
    maps = api.resources.get(api_version="v1", kind="ConfigMap")
    maps.create({"metadata": {"name": "settings"}, "data": {"a": "1"}}, namespace="default")
    maps.patch({"metadata": {"name": "settings"}, "data": {"b": "2"}}, namespace="default",
               content_type="application/merge-patch+json")
    # This version of the client can send an apply as text only.
    applied = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"c": "3"}}
    api.request("patch", "/api/v1/namespaces/default/configmaps/settings", body=json.dumps(applied),
                query_params=[("fieldManager", "python")], content_type="application/apply-patch+yaml")
    found = maps.get(name="settings", namespace="default").to_dict()
    roles = api.resources.get(api_version="rbac.authorization.k8s.io/v1", kind="Role")
    return {"data": found["data"], "role": roles.name,
            "managers": sorted({m["manager"] for m in found["metadata"]["managedFields"]})}


def refused():
    """Errors arrive as the client's own."""
    try:
        apps.create_namespaced_daemon_set("default", {**AGENT, "metadata": {"name": "Not_A_Name"}})
    except ApiException as error:
        body = json.loads(error.body)
        return {"status": error.status, "reason": body["reason"], "field": body["details"]["causes"][0]["field"]}


def streaming():
    """Looks into a pod: its log, a command in it, one of its ports."""
    core.create_namespaced_pod("default", {
        "metadata": {"name": "inside", "annotations": {"kubette.dev/log": "one\ntwo", "kubette.dev/log-interval": "0"}},
        "spec": {"containers": [{"name": "main", "image": "a:1"}]},
    })
    for event in watch.Watch().stream(core.list_namespaced_pod, "default", field_selector="metadata.name=inside",
                                      timeout_seconds=30):
        if event["object"].status.phase == "Running":
            break
    log = core.read_namespaced_pod_log("inside", "default", tail_lines=1)
    process = stream.stream(core.connect_get_namespaced_pod_exec, "inside", "default", command=["sh"], stdin=True,
                            stdout=True, stderr=True, _preload_content=False)
    process.write_stdin("hostname; nope; exit 3\n")
    process.run_forever(timeout=30)
    ports = stream.portforward(core.connect_get_namespaced_pod_portforward, "inside", "default", ports="80")
    socket = ports.socket(80)
    socket.sendall(b"hello")
    answer = socket.recv(100).decode()
    socket.close()
    return {"log": log, "out": process.read_stdout(), "err": process.read_stderr(), "code": process.returncode,
            "answer": answer}


def election():
    """Two candidates: one leads; when it goes, the other one does."""
    leaders, ended = [], threading.Event()

    def candidate(name):
        lock = ConfigMapLock("leader", "default", name)
        led = lambda: (leaders.append(name), ended.set())
        config = electionconfig.Config(lock, lease_duration=3, renew_deadline=2, retry_period=1, onstarted_leading=led,
                                       onstopped_leading=None)
        threading.Thread(target=leaderelection.LeaderElection(config).run, daemon=True).start()

    candidate("first")
    ended.wait(20)
    time.sleep(0.5)
    candidate("second")
    time.sleep(2)
    record = core.read_namespaced_config_map("leader", "default").metadata.annotations
    holder = json.loads(record["control-plane.alpha.kubernetes.io/leader"])["holderIdentity"]
    return {"leaders": leaders, "holder": holder}


print(json.dumps(globals()[what]()))
sys.stdout.flush()
