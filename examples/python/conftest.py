import json
import os
import urllib.request

import pytest
from kubernetes import client, config


class Kubette:
    """The cluster as a whole: its time, and the way back to how it began."""

    def post(self, path, body=None):
        url = os.environ["KUBETTE_SERVER"] + "/_kubette/v1/" + path
        data = json.dumps(body or {}).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def settled(self):
        self.post("settled")

    def advance(self, by):
        self.post("clock/advance", {"by": by})


@pytest.fixture
def kubette():
    config.load_kube_config()
    cluster = Kubette()
    cluster.post("reset")
    return cluster


@pytest.fixture
def core(kubette):
    return client.CoreV1Api()


@pytest.fixture
def apps(kubette):
    return client.AppsV1Api()
