import type { Answered } from './normalise.js';

/** A small Kubernetes client: just enough to play a scenario against any API server. */

const CLUSTER_SCOPED = new Set(['namespaces', 'nodes', 'priorityclasses']);

const KINDS: Readonly<Record<string, [prefix: string, resource: string]>> = {
  ConfigMap: ['/api/v1', 'configmaps'],
  ControllerRevision: ['/apis/apps/v1', 'controllerrevisions'],
  DaemonSet: ['/apis/apps/v1', 'daemonsets'],
  Deployment: ['/apis/apps/v1', 'deployments'],
  Endpoints: ['/api/v1', 'endpoints'],
  EndpointSlice: ['/apis/discovery.k8s.io/v1', 'endpointslices'],
  Event: ['/api/v1', 'events'],
  Job: ['/apis/batch/v1', 'jobs'],
  Namespace: ['/api/v1', 'namespaces'],
  Node: ['/api/v1', 'nodes'],
  PersistentVolumeClaim: ['/api/v1', 'persistentvolumeclaims'],
  Pod: ['/api/v1', 'pods'],
  PodDisruptionBudget: ['/apis/policy/v1', 'poddisruptionbudgets'],
  PriorityClass: ['/apis/scheduling.k8s.io/v1', 'priorityclasses'],
  ReplicaSet: ['/apis/apps/v1', 'replicasets'],
  ReplicationController: ['/api/v1', 'replicationcontrollers'],
  ResourceQuota: ['/api/v1', 'resourcequotas'],
  Secret: ['/api/v1', 'secrets'],
  Service: ['/api/v1', 'services'],
  ServiceAccount: ['/api/v1', 'serviceaccounts'],
  StatefulSet: ['/apis/apps/v1', 'statefulsets'],
};

export function pathOf(kind: string, namespace: string | undefined, name?: string, subresource?: string): string {
  const entry = KINDS[Object.keys(KINDS).find(known => known.toLowerCase() === kind.toLowerCase()) ?? ''];
  if (!entry) throw new Error(`no path known for kind ${kind}`);
  const [prefix, resource] = entry;
  const scope = CLUSTER_SCOPED.has(resource) || !namespace ? '' : `/namespaces/${namespace}`;
  return [prefix + scope, resource, name, subresource].filter(Boolean).join('/');
}

export interface RestAnswer {
  readonly status: number;
  /** The body, if it is JSON. */
  readonly body: Answered;
}

export class RestClient {
  constructor(
    readonly base: string,
    /** Sent with every request. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
    accept = 'application/json',
  ): Promise<RestAnswer> {
    const headers = { ...this.headers, accept, ...(body === undefined ? {} : { 'content-type': contentType }) };
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.base + path, { method, headers, body: sent });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      return { status: response.status, body: undefined };
    }
  }

  get = (path: string) => this.send('GET', path);
  create = (path: string, body: unknown) => this.send('POST', path, body);
  merge = (path: string, body: unknown) => this.send('PATCH', path, body, 'application/merge-patch+json');
  delete = (path: string, options?: unknown) => this.send('DELETE', path, options);

  async list(kind: string, namespace?: string): Promise<Answered[]> {
    return (await this.get(pathOf(kind, namespace))).body?.items ?? [];
  }

  /** Follows a watch until `until` settles. `quiet` resolves once nothing has come for a while. */
  async watch(
    path: string,
    accept: string,
    until: (quiet: () => Promise<void>) => Promise<void>,
  ): Promise<RestAnswer & { events: Answered[] }> {
    const stop = new AbortController();
    const events: Answered[] = [];
    const response = await fetch(this.base + path, { headers: { ...this.headers, accept }, signal: stop.signal });
    const { status } = response;
    if (!response.ok) return { status, body: await response.json().catch(() => undefined), events };
    const reading = (async () => {
      let rest = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line.trim()) events.push(JSON.parse(line));
      }
    })().catch(() => {});
    const quiet = async () => {
      for (let last = -1; last !== events.length; await pause()) last = events.length;
    };
    await until(quiet);
    stop.abort();
    await reading;
    return { status, body: undefined, events };
  }
}

/** Long enough for bytes to cross the loopback interface. */
const pause = () => new Promise(resolve => setTimeout(resolve, 30));
