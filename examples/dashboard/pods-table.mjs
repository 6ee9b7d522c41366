// The heart of a dashboard: the names of all pods, as they are now.
import { CoreV1Api, makeInformer } from '@kubernetes/client-node';

/** Shows them again with each change; answers how to stop it. */
export async function showPods(config, show) {
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
  const changed = () => show(informer.list().map(({ metadata }) => metadata.name));
  for (const event of ['add', 'update', 'delete']) informer.on(event, changed);
  let stopped = false;
  informer.on('error', () => setTimeout(() => stopped || informer.start(), 100).unref());
  await informer.start();
  return () => {
    stopped = true;
    return informer.stop();
  };
}
