import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { type ServerProcess, startServer } from '../support/server.js';
import { Client } from './kubectl.js';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const DEFINITION = path('../../examples/crontab-crd.yaml');
const CRONTAB = path('../../examples/crontab.yaml');
const CHART = path('chart-with-crd');
const CRD = 'crd/crontabs.stable.example.com';

/** A kind of one's own, as people use it. Each test goes on where the one before ended. */
describe('custom resources with kubectl', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster();
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args);
  const fails = async (...args: string[]) => {
    const { code, stderr } = await kubectl.run(args);
    expect(code).not.toBe(0);
    return stderr;
  };
  const field = (jsonPath: string) => k(`get ct nightly -o jsonpath={${jsonPath}}`);

  it('knows a kind once it is defined', async () => {
    expect(await fails('get', 'crontabs')).toContain(`the server doesn't have a resource type "crontabs"`);
    expect(await k(`apply -f ${DEFINITION}`)).toContain('created');
    expect(await k(`wait --for condition=established ${CRD} --timeout=10s`)).toContain('condition met');
    expect(await k('get crd')).toMatch(/NAME +CREATED AT\ncrontabs.stable.example.com +\d{4}-/);
    expect(await k('api-resources --api-group=stable.example.com --no-headers')).toMatch(
      /^crontabs +ct +stable.example.com\/v1 +true +CronTab\n$/,
    );
    expect(await k('explain ct.spec.policy')).toMatch(/FIELD: policy <string>\nENUM:\n +Allow\n +Forbid\n +Replace/);
    expect(await k('explain crd.spec.versions.schema --recursive')).toContain('x-kubernetes-list-map-keys');
  });

  it('applies, and prints by the columns of the definition', async () => {
    expect(await k(`apply -f ${CRONTAB}`)).toBe('crontab.stable.example.com/nightly created\n');
    expect(await k(`apply -f ${CRONTAB}`)).toBe('crontab.stable.example.com/nightly unchanged\n');
    expect(await k('get ct')).toMatch(/NAME +SCHEDULE +REPLICAS +AGE\nnightly +0 3 \* \* \* +1 +\d+s/);
    expect(await k('get ct -o wide')).toMatch(/POLICY +AGE\n.* Allow /);
    expect(await k('get all')).toContain('crontab.stable.example.com/nightly');
    expect(await k('describe ct nightly')).toContain('Cron Spec:  0 3 * * *');
    expect(await k('get ct --field-selector spec.policy=Forbid -o name')).toBe('');
  });

  it('is told what is wrong', async () => {
    const wrong = await fails(
      'patch',
      'ct',
      'nightly',
      '--type=merge',
      '-p',
      '{"spec":{"replicas":11,"policy":"Never"}}',
    );
    expect(wrong).toContain('The CronTab "nightly" is invalid:');
    expect(wrong).toContain('spec.replicas in body should be less than or equal to 10');
    expect(wrong).toContain('Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"');
    const input = JSON.stringify({
      apiVersion: 'stable.example.com/v1',
      kind: 'CronTab',
      metadata: { name: 'other' },
      spec: { cronSpec: '0 3 * * *', imgae: 'a' },
    });
    const { stderr } = await kubectl.run(['create', '-f', '-'], { input });
    expect(stderr).toContain('strict decoding error: unknown field "spec.imgae"');
  });

  it('patches, edits, scales, and applies on the server side', async () => {
    await kubectl.ok([
      'patch',
      'ct',
      'nightly',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/image","value":"b"}]',
    ]);
    expect(await field('.spec.image')).toBe('b');
    await kubectl.ok('edit ct nightly', { env: { KUBE_EDITOR: 'sed -i s/policy:.*/policy:\\ Forbid/' } });
    expect(await field('.spec.policy')).toBe('Forbid');
    expect(await k('scale ct nightly --replicas=3')).toContain('scaled');
    expect(await field('.spec.replicas')).toBe('3');
    expect(await field('.metadata.generation')).toBe('4');
    for (const [manager, step] of [
      ['ann', 'archive'],
      ['bob', 'report'],
    ] as const) {
      const spec = { cronSpec: '0 3 * * *', steps: [{ name: step }] };
      const input = JSON.stringify({
        apiVersion: 'stable.example.com/v1',
        kind: 'CronTab',
        metadata: { name: 'nightly' },
        spec,
      });
      await kubectl.ok(['apply', '--server-side', `--field-manager=${manager}`, '-f', '-'], { input });
    }
    // What was applied by the client before has become Ann's, who gave it up; what she applied herself stays beside Bob's.
    expect(await field('.spec.steps[*].name')).toBe('archive report');
  });

  it('deletes the definition with all of its objects', async () => {
    expect(await k(`delete ${CRD} --timeout=20s`)).toContain('deleted');
    // kubectl remembers for a while what there was.
    expect(await fails('get', 'ct')).toMatch(/doesn't have a resource type|could not find the requested resource/);
  });
});

describe('custom resources of other clients', () => {
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => {
    cluster = await createCluster();
    ({ url } = await cluster.listen());
  });
  afterAll(() => cluster.close());

  it("Helm installs a chart's definitions before their objects", async () => {
    const helm = new Client('helm', url);
    const kubectl = new Client('kubectl', url);
    expect(await helm.ok(['install', 'mine', CHART, '--wait', '--timeout=60s'])).toContain('STATUS: deployed');
    expect(await kubectl.ok('get backups mine -o jsonpath={.spec.keep}')).toBe('7');
    await helm.ok('uninstall mine --wait --timeout=60s');
    expect(await kubectl.ok('get backups -o name')).toBe('');
    expect(await kubectl.ok('get crd -o name')).toContain('backups.charts.example.com');
  });

  it('@kubernetes/client-node writes and reads them', async () => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'kubette', server: url, skipTLSVerify: true }, { name: 'me' });
    await config.makeApiClient(ApiextensionsV1Api).createCustomResourceDefinition({
      body: {
        metadata: { name: 'notes.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Cluster',
          names: { plural: 'notes', kind: 'Note' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', properties: { text: { type: 'string' } } } },
            },
          ],
        },
      },
    });
    await cluster.settled();
    const notes = config.makeApiClient(CustomObjectsApi);
    const at = { group: 'example.com', version: 'v1', plural: 'notes' };
    const body = { apiVersion: 'example.com/v1', kind: 'Note', metadata: { name: 'one' }, text: 'hello' };
    await notes.createClusterCustomObject({ ...at, body });
    expect(await notes.getClusterCustomObject({ ...at, name: 'one' })).toMatchObject({ text: 'hello' });
    expect(await notes.listClusterCustomObject(at)).toMatchObject({ kind: 'NoteList', items: [{ text: 'hello' }] });
    await notes.deleteClusterCustomObject({ ...at, name: 'one' });
    await expect(notes.getClusterCustomObject({ ...at, name: 'one' })).rejects.toMatchObject({ code: 404 });
  });
});

describe('custom resources in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubette-custom-'));
  let server: ServerProcess;
  afterAll(async () => {
    await server?.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('are served again after kill -9, from the first request on', async () => {
    const args = ['--data', join(folder, 'cluster.db'), '--nodes', '1'];
    server = await startServer(args);
    let kubectl = new Client('kubectl', server.url);
    await kubectl.ok(`apply -f ${DEFINITION}`);
    await kubectl.ok(`wait --for condition=established ${CRD} --timeout=10s`);
    await kubectl.ok(`apply -f ${CRONTAB}`);
    await server.stop('SIGKILL');
    server = await startServer(args);
    kubectl = new Client('kubectl', server.url);
    expect(await kubectl.ok('get ct nightly -o jsonpath={.spec.policy}')).toBe('Allow');
    await kubectl.ok(`delete ${CRD} --timeout=20s`);
    await server.stop('SIGKILL');
    server = await startServer(args);
    expect((await fetch(`${server.url}/apis/stable.example.com/v1/crontabs`)).status).toBe(404);
  });
});
