#!/bin/sh
# kubette exec --clock virtual -- sh fluentd.sh
set -eu

kubectl apply -f "$(dirname "$0")/../fluentd-elasticsearch.yaml"
curl -fsS -X POST "$KUBETTE_SERVER/_kubette/v1/settled"
kubectl rollout status ds/fluentd-elasticsearch -n kube-system --timeout=10s

kubectl taint node worker-1 gpu=yes:NoExecute
curl -fsS -X POST "$KUBETTE_SERVER/_kubette/v1/clock/advance" -d '{"by": "1m"}'
ready=$(kubectl get ds/fluentd-elasticsearch -n kube-system -o jsonpath='{.status.numberReady}')
test "$ready" = 2 || { echo "expected 2 ready pods, not $ready" >&2; exit 1; }
