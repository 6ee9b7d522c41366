import type { Answer, TestServer } from './serve.js';

export const SETS = '/apis/apps/v1/namespaces/default/daemonsets';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const APPLY = 'application/apply-patch+yaml';
/** Four counts that are always there. */
export const ZEROES = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};

const GENERATION = 'deprecated.daemonset.template.generation';

// biome-ignore lint/suspicious/noExplicitAny: sent as it is, wrong ones too, and looked into freely
export type Body = any;

/** A DaemonSet as a client sends it. */
export const daemonSet = (name: string, spec: object = {}, metadata: object = {}): Body => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, ...metadata },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
    ...spec,
  },
});

/** A patch that sets the image. */
export const image = (tag: string) => ({
  spec: { template: { spec: { containers: [{ name: 'main', image: tag }] } } },
});

/** The annotation that tells the template generation. */
export const templateGeneration = (value: string) => ({ [GENERATION]: value });

/** Generation and template generation. */
export const generations = ({ metadata }: Body) => [metadata.generation, metadata.annotations[GENERATION]];

/** A `Status` that tells of a failure, as answered. */
export const failure = (reason: string, code: number, message: unknown) => ({
  code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message },
});

export const STALE = failure(
  'Conflict',
  409,
  'Operation cannot be fulfilled on daemonsets.apps "x": the object has been modified; please apply your changes to the latest version and try again',
);

/** Requests about the DaemonSets of one server. */
export class Sets {
  constructor(readonly server: () => TestServer) {}

  /** Makes the set `x`. */
  async make(spec: object = {}, metadata: object = {}): Promise<Body> {
    const { code, body } = await this.server().post(SETS, daemonSet('x', spec, metadata));
    if (code !== 201) throw new Error(body.message);
    return body;
  }

  get(path: string): Promise<Answer> {
    return this.server().get(`${SETS}/${path}`);
  }

  put(path: string, body: Body): Promise<Answer> {
    return this.server().ask('PUT', `${SETS}/${path}`, { body });
  }

  patch(path: string, body: Body, type = MERGE): Promise<Answer> {
    return this.server().ask('PATCH', `${SETS}/${path}`, { headers: { 'content-type': type }, body });
  }

  delete(path: string, body?: Body): Promise<Answer> {
    return this.server().ask('DELETE', `${SETS}/${path}`, body ? { body } : {});
  }

  /** Leaves none, whatever holds them. */
  async clear(): Promise<void> {
    await this.patch('x', { metadata: { finalizers: null } });
    await this.server().ask('DELETE', SETS);
  }
}
