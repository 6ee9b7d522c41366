import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { answerTo, WebhookServer } from '../support/webhook-server.js';
import { Client } from './kubectl.js';

interface Review {
  apiVersion: string;
  request: {
    uid: string;
    name?: string;
    object: { metadata: { generateName?: string; labels?: Record<string, string> } };
    userInfo: { username: string };
  };
}

let cluster: Cluster;
let kubectl: Client;
let server: WebhookServer;

beforeAll(async () => {
  server = await WebhookServer.start((review: Review, url) => {
    const { labels = {} } = review.request.object.metadata;
    if (url.startsWith('/mutate')) {
      const operations = [{ op: 'add', path: '/metadata/labels', value: { ...labels, seen: 'yes' } }];
      const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
      return answerTo(review, { allowed: true, patchType: 'JSONPatch', patch });
    }
    const allowed = labels.seen === 'yes' && labels.bad === undefined;
    return answerTo(review, { allowed, warnings: ['this was looked at'], status: { message: 'it is bad' } });
  });
  cluster = await createCluster();
  kubectl = new Client('kubectl', (await cluster.listen()).url);
});
afterAll(() => Promise.all([cluster.close(), server.close()]));

const k = (args: string) => kubectl.ok(args.split(' '));
const apply = (...manifests: object[]) => {
  const list = { apiVersion: 'v1', kind: 'List', items: manifests };
  return kubectl.run(['apply', '-f', '-'], { input: JSON.stringify(list) });
};

const ADMISSION = 'admissionregistration.k8s.io/v1';
const webhook = (name: string, path: string, resource: string, operations = ['CREATE']) => ({
  name: `${name}.example.com`,
  clientConfig: { url: `https://127.0.0.1:${server.port}${path}`, caBundle: server.caBundle },
  rules: [{ operations, apiGroups: [''], apiVersions: ['v1'], resources: [resource] }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  timeoutSeconds: 5,
});
const configuration = (type: string, ...webhooks: object[]) => ({
  apiVersion: ADMISSION,
  kind: `${type}WebhookConfiguration`,
  metadata: { name: 'hooks' },
  webhooks,
});

it('webhooks change, warn and refuse', async () => {
  const configured = await apply(
    configuration('Mutating', webhook('mutate', '/mutate', 'configmaps'), webhook('pods', '/mutate', 'pods')),
    configuration('Validating', webhook('validate', '/validate', 'configmaps'), webhook('pods', '/validate', 'pods')),
  );
  expect(configured.stderr).toBe('');
  const made = await kubectl.run(['create', 'configmap', 'good']);
  expect([made.stdout, made.stderr]).toEqual(['configmap/good created\n', 'Warning: this was looked at\n']);
  expect(await k('get configmap good -o jsonpath={.metadata.labels}')).toBe('{"seen":"yes"}');
  const bad = await apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bad', labels: { bad: 'yes' } } });
  expect(bad.stderr).toBe(
    'Warning: this was looked at\nError from server: error when creating "STDIN": admission webhook "validate.example.com" denied the request: it is bad\n',
  );
  const dry = await kubectl.run([
    'create',
    'configmap',
    'dry',
    '--dry-run=server',
    '-o',
    'jsonpath={.metadata.labels}',
  ]);
  expect(dry.stdout).toBe('{"seen":"yes"}');
});

it("the cluster's own pods are changed, and refused, and it tells so", async () => {
  const daemonSet = (name: string, labels: Record<string, string>) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...labels } },
        spec: { containers: [{ name: 'c', image: 'a:1' }] },
      },
    },
  });
  await apply(daemonSet('fine', {}), daemonSet('refused', { bad: 'yes' }));
  await k('rollout status daemonset fine --timeout=60s');
  expect((await k('get pods -l app=fine,seen=yes -o name')).trim().split('\n')).toHaveLength(3);
  await cluster.settled();
  expect(await k('get events --field-selector reason=FailedCreate -o jsonpath={.items[0].message}')).toBe(
    'Error creating: admission webhook "pods.example.com" denied the request: it is bad',
  );
  expect(await k('get pods -l app=refused -o name')).toBe('');
  const reviews = server.calls.map(({ body }) => (body as Review).request);
  expect(reviews.some(({ userInfo }) => userInfo.username === 'system:kube-controller-manager')).toBe(true);
});

it('one that nobody answers for refuses', async () => {
  const { port } = server;
  await server.close();
  expect((await kubectl.run(['create', 'configmap', 'late'])).stderr).toBe(
    `error: failed to create configmap: Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "https://127.0.0.1:${port}/mutate?timeout=5s": dial tcp 127.0.0.1:${port}: connect: connection refused\n`,
  );
  await k('delete mutatingwebhookconfiguration,validatingwebhookconfiguration hooks');
  await k('create configmap late');
});

it('policies in CEL refuse and warn, and tell what does not fit', async () => {
  const policy = (name: string, expression: string, message: string) => ({
    apiVersion: ADMISSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      matchConstraints: {
        resourceRules: [
          { operations: ['CREATE', 'UPDATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
        ],
      },
      validations: [{ expression, message }],
    },
  });
  const binding = (policyName: string, action: string) => ({
    apiVersion: ADMISSION,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policyName },
    spec: { policyName, validationActions: [action] },
  });
  await apply(
    policy('few', 'object.spec.replicas <= 5', 'too many'),
    binding('few', 'Deny'),
    policy('tagged', "object.spec.template.spec.containers.all(c, c.image.contains(':'))", 'no tag'),
    binding('tagged', 'Warn'),
    policy('wrong', 'object.replicas > 1', 'wrong'),
  );
  expect((await kubectl.run(['create', 'deployment', 'big', '--image=a:1', '--replicas=9'])).stderr).toBe(
    `error: failed to create deployment: deployments.apps "big" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: too many\n`,
  );
  const made = await kubectl.run(['create', 'deployment', 'small', '--image=a', '--replicas=2']);
  expect([made.stdout, made.stderr]).toEqual([
    'deployment.apps/small created\n',
    "Warning: Validation failed for ValidatingAdmissionPolicy 'tagged' with binding 'tagged': no tag\n",
  ]);
  // Scaling is not what the rules name.
  await k('scale deployment small --replicas=7');
  await cluster.settled();
  expect(await k('get validatingadmissionpolicy wrong -o jsonpath={.status}')).toContain("undefined field 'replicas'");
});

it('policies refuse connections', async () => {
  await apply(
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'no-shells' },
      spec: {
        matchConstraints: {
          resourceRules: [
            { operations: ['CONNECT'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods/exec', 'pods/attach'] },
          ],
        },
        validations: [
          {
            expression: "object.kind == 'PodExecOptions' && object.command[0] != 'sh'",
            messageExpression: "'no ' + request.kind.kind",
          },
        ],
      },
    },
    {
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'no-shells' },
      spec: { policyName: 'no-shells', validationActions: ['Deny'] },
    },
  );
  await k('run web --image=web:1');
  await k('wait pod/web --for=condition=Ready --timeout=60s');
  const refusal = (what: string) =>
    `ValidatingAdmissionPolicy 'no-shells' with binding 'no-shells' denied request: no ${what}`;
  expect((await kubectl.run(['exec', 'web', '--', 'sh', '-c', 'true'])).stderr).toContain(refusal('PodExecOptions'));
  expect(await k('exec web -- echo hello')).toBe('hello\n');
  expect((await kubectl.run(['attach', 'web'])).stderr).toContain(refusal('PodAttachOptions'));
});
