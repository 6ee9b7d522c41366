// A small operator: labels each node with how many of its pods are ready.
import { CoreV1Api, makeInformer, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

const isReady = pod => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

/** Starts it; answers how to stop it. */
export async function startOperator(config) {
  const api = config.makeApiClient(CoreV1Api);
  const pods = new Map();
  const waiting = new Set();
  let work = Promise.resolve();
  let stopped = false;

  const reconcile = async name => {
    waiting.delete(name);
    const ready = [...pods.values()].filter(pod => pod.spec.nodeName === name && isReady(pod)).length;
    const body = { metadata: { labels: { 'example.com/ready-pods': String(ready) } } };
    await api.patchNode({ name, body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  };
  const look = node => {
    if (!node || stopped || waiting.has(node)) return;
    waiting.add(node);
    work = work.then(() => reconcile(node)).catch(() => look(node));
  };
  const keep = pod => {
    pods.set(pod.metadata.uid, pod);
    look(pod.spec.nodeName);
  };
  const forget = pod => {
    pods.delete(pod.metadata.uid);
    look(pod.spec.nodeName);
  };

  const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
  informer.on('add', keep);
  informer.on('update', keep);
  informer.on('delete', forget);
  informer.on('error', () => setTimeout(() => stopped || informer.start(), 1000).unref());
  await informer.start();
  return async () => {
    stopped = true;
    await informer.stop();
    await work;
  };
}
