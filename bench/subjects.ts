/** What is measured by: an agent of the usual kind; a tolerant one bears every taint. */
export const daemonSet = (name: string, isTolerant = false) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          { name: 'main', image: 'registry.example/agent:1', resources: { requests: { cpu: '10m', memory: '20Mi' } } },
        ],
        ...(isTolerant ? { tolerations: [{ operator: 'Exists' }] } : {}),
      },
    },
  },
});

/** How long work takes. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}
