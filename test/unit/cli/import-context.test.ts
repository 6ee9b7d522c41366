import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { newAuthority, newKeyPair } from '../../../src/access/authority.js';
import { importObjects } from '../../../src/cli/import.js';
import { type Cluster, createCluster } from '../../../src/index.js';
import { fromYaml, toYaml } from '../../../src/registry/yaml.js';
import { daemonSets, nodes, pods, secrets } from '../../../src/resources/index.js';

const HOUR = 3_600_000;
const TOKEN = 'of-the-source';

/** A "real" cluster: TLS, RBAC, a token; and what was asked of it. */
describe('kubette import --context', () => {
  const asked: string[] = [];
  let source: Cluster;
  let folder: string;
  /** Who answers for it. */
  let answer: Cluster['app'];
  let server: string;
  let authority: Awaited<ReturnType<typeof newAuthority>>;
  let client: Awaited<ReturnType<typeof newKeyPair>>;
  beforeAll(async () => {
    const [notBefore, notAfter] = [Date.now() - HOUR, Date.now() + HOUR];
    authority = await newAuthority('ca', notBefore, notAfter);
    const certificate = await newKeyPair(authority, {
      subject: 'CN=source',
      names: ['localhost'],
      uses: ['server auth'],
      notBefore,
      notAfter,
    });
    client = await newKeyPair(authority, { subject: 'CN=reader', uses: ['client auth'], notBefore, notAfter });
    source = await createCluster({ clock: 'virtual', nodes: 3, token: TOKEN, authorization: 'RBAC', authority });
    const names = ['reader', 'local'].map(name => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }));
    await source.apply(`
      {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}, spec: {
        group: example.com, scope: Namespaced, names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList},
        versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {
          spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}}]}}
      ---
      {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: kube-system}, spec: {
        selector: {matchLabels: {app: agent}},
        template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: main, image: "a:1"}]}}}}
      ---
      {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2,
        selector: {matchLabels: {app: web}},
        template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: "a:1"}]}}}}
      ---
      {apiVersion: v1, kind: Secret, metadata: {name: hidden}, stringData: {password: very-secret}}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: [
        {apiGroups: ["*"], resources: [nodes, namespaces, daemonsets, pods, controllerrevisions, customresourcedefinitions, widgets], verbs: [list]}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: reader},
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}, subjects: [${JSON.stringify(names[0])}]}
      ---
      {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: local},
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}, subjects: ${JSON.stringify(names)}}`);
    await source.settled();
    await source.apply('{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: 3}}');
    await source.advance('1m');
    answer = source.app;
    const tls = {
      key: certificate.key,
      cert: certificate.certificate,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    };
    const listening = createServer(tls, (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
    server = `https://localhost:${(listening.address() as { port: number }).port}`;
    folder = mkdtempSync(join(inject('scratch'), 'context-'));
    closeServer = () => {
      listening.close();
      listening.closeAllConnections();
    };
  });
  let closeServer = () => {};
  afterAll(async () => {
    closeServer();
    await source.close();
  });

  let printed = '';
  beforeEach(() => {
    printed = '';
    asked.length = 0;
    const print = (text: unknown) => {
      printed += String(text);
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(print);
    vi.spyOn(process.stderr, 'write').mockImplementation(print);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  let files = 0;
  /** A kubeconfig of one context. Answers its path. */
  function kubeconfig(
    user: object,
    cluster: object = { 'certificate-authority-data': base64(authority.certificate) },
  ): string {
    const path = join(folder, `config-${++files}`);
    writeFileSync(
      path,
      toYaml({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'there', cluster: { server, ...cluster } }],
        users: [{ name: 'me', user }],
        contexts: [{ name: 'prod', context: { cluster: 'there', user: 'me' } }],
        'current-context': 'prod',
      }),
    );
    return path;
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const data = () => join(folder, `copy-${++files}.db`);
  async function opened(file: string, look: (cluster: Cluster) => void): Promise<void> {
    const cluster = await createCluster({ data: file, clock: 'virtual' });
    await cluster.settled();
    look(cluster);
    await cluster.close();
  }
  const uidsOf = ({ registry }: Cluster) => registry.all(pods).map(({ name, uid }) => `${name} ${uid}`);

  it('brings all that it may read, as it stands there, and asks for no secret', async () => {
    const file = data();
    await importObjects([], { context: 'prod', kubeconfig: kubeconfig({ token: TOKEN }), data: file });
    expect(printed).toContain('Imported: ');
    expect(printed).not.toContain('Could not be read');
    expect(asked.every(one => one.startsWith('GET '))).toBe(true);
    expect(asked.filter(one => /secrets|configmaps|events/.test(one))).toEqual([]);
    await opened(file, cluster => {
      expect(uidsOf(cluster)).toEqual(uidsOf(source));
      expect(cluster.registry.all(secrets)).toEqual([]);
      expect(cluster.registry.get(daemonSets, 'kube-system', 'agent')?.object.status).toEqual(
        source.registry.get(daemonSets, 'kube-system', 'agent')?.object.status,
      );
      const widgets = cluster.registry.kinds.byResource('widgets.example.com')!;
      expect(cluster.registry.get(widgets, 'default', 'w')?.object).toMatchObject({ spec: { size: 3 } });
    });
  });

  it('tells what it might not read; where a kind may not be listed as a whole, the namespaces are tried', async () => {
    const file = data();
    const user = { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) };
    await importObjects([], { kubeconfig: kubeconfig(user), data: file });
    expect(printed).toContain('Could not be read:\n');
    expect(printed).toMatch(/ {2}priorityclasses\.scheduling\.k8s\.io: .*User "reader" cannot list resource/);
    expect(printed).toContain('  deployments.apps: may not be read in kube-node-lease, kube-public, kube-system\n');
    expect(printed).toContain('  roles.rbac.authorization.k8s.io: may not be read in any namespace\n');
    await opened(file, ({ registry }) => {
      expect(registry.all(nodes)).toHaveLength(3);
      // The ReplicaSet of `default` was read there, so its pods keep their owner.
      expect(registry.all(pods).every(({ object }) => object.metadata.ownerReferences?.length === 1)).toBe(true);
    });
  });

  it('knows its files, passwords, token files, and programs that say who one is', async () => {
    const write = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return name;
    };
    const byFile = { 'certificate-authority': write('ca.crt', authority.certificate) };
    const program = (print: object | string) => ({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [
          '-e',
          `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
           if (info.kind !== 'ExecCredential' || info.spec.interactive || info.spec.cluster.server !== ${JSON.stringify(server)} || process.env.OWN !== 'yes') process.exit(1);
           console.log(${JSON.stringify(typeof print === 'string' ? print : JSON.stringify({ kind: 'ExecCredential', status: print }))})`,
        ],
        env: [{ name: 'OWN', value: 'yes' }],
        provideClusterInfo: true,
      },
    });
    for (const [user, cluster] of [
      [{ tokenFile: write('token', `${TOKEN}\n`) }, byFile],
      [{ username: 'any', password: TOKEN }, byFile],
      [
        { 'client-certificate': write('me.crt', client.certificate), 'client-key': write('me.key', client.key) },
        byFile,
      ],
      [program({ token: TOKEN }), undefined],
      [program({ clientCertificateData: client.certificate, clientKeyData: client.key }), undefined],
      [{ token: TOKEN }, { 'insecure-skip-tls-verify': true }],
      [
        { token: TOKEN },
        { ...byFile, server: server.replace('localhost', '127.0.0.1'), 'tls-server-name': 'localhost' },
      ],
    ] as const) {
      const file = data();
      await importObjects([], { kubeconfig: kubeconfig(user, cluster), data: file });
      await opened(file, ({ registry }) => expect(registry.all(nodes)).toHaveLength(3));
    }
    const silent = program('nothing');
    await expect(importObjects([], { kubeconfig: kubeconfig(silent), data: data() })).rejects.toThrow(
      'it printed no credential',
    );
    const unknown = { exec: { command: 'no-such-program', installHint: 'Install it.' } };
    await expect(importObjects([], { kubeconfig: kubeconfig(unknown), data: data() })).rejects.toThrow(
      /no-such-program does not say who you are.*\nInstall it\./s,
    );
  });

  it('says what is wrong: no such context, a stranger, a certificate of somebody else, nobody there', async () => {
    const attempt = (options: object) => importObjects([], { data: data(), ...options });
    await expect(attempt({ context: 'other', kubeconfig: kubeconfig({}) })).rejects.toThrow(
      'no context "other"; there are prod',
    );
    await expect(attempt({ kubeconfig: join(folder, 'none') })).rejects.toThrow('none');
    await expect(attempt({ kubeconfig: kubeconfig({ token: 'wrong' }) })).rejects.toThrow('does not know who asks');
    await expect(attempt({ kubeconfig: kubeconfig({ token: TOKEN }, {}) })).rejects.toThrow('cannot be asked');
    await expect(attempt({ kubeconfig: kubeconfig({}, { server: 'http://127.0.0.1:1' }) })).rejects.toThrow(
      'no server answers',
    );
    await expect(attempt({ kubeconfig: kubeconfig({ 'auth-provider': { name: 'gcp' } }) })).rejects.toThrow('gcp');
    await expect(attempt({})).rejects.toThrow('name either files to import, or a --context');
    await expect(importObjects(['x'], { data: data(), context: 'prod' })).rejects.toThrow('name either');
  });

  it('goes by $KUBECONFIG: several files, whose first entry of a name counts', async () => {
    const first = kubeconfig({ token: TOKEN });
    const second = join(folder, 'second');
    const { value } = fromYaml(
      toYaml({
        users: [{ name: 'me', user: { token: 'wrong' } }],
        contexts: [{ name: 'more', context: { cluster: 'there', user: 'me' } }],
      }),
    );
    writeFileSync(second, toYaml(value));
    vi.stubEnv('KUBECONFIG', `${first}:${second}:${join(folder, 'absent')}`);
    const file = data();
    await importObjects([], { context: 'more', data: file });
    await opened(file, ({ registry }) => expect(registry.all(nodes)).toHaveLength(3));
  });

  it('reads page by page, and all of it though a page has grown too old', async () => {
    for (let i = 0; i < 1100; i++) {
      const labels = { n: String(i) };
      await source.registry.create(nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `more-${i}`, labels },
        spec: {},
        status: {},
      });
    }
    await source.settled();
    const file = data();
    // What is written in between makes the second page of nodes one of the past, which is then forgotten.
    const { app } = source;
    let forgotten = false;
    answer = (request, response) => {
      if (forgotten || !/\/nodes\?limit=500&continue/.test(request.url!)) return app(request, response);
      forgotten = true;
      const { object } = source.registry.get(nodes, '', 'more-5')!;
      source.registry
        .update(nodes, { ...object, metadata: { ...object.metadata, labels: { n: 'changed' } } })
        .then(() => source.registry.log.compact(source.revision))
        .then(() => app(request, response));
    };
    await importObjects([], { kubeconfig: kubeconfig({ token: TOKEN }), data: file });
    expect(forgotten).toBe(true);
    await opened(file, ({ registry }) => expect(registry.all(nodes)).toHaveLength(1103));
  });
});
