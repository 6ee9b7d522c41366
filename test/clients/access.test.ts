import { webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { x509 } from '../../src/access/authority.js';
import { adminCertificate, type ServerCertificates, serverCertificates } from '../../src/cli/certificates.js';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

const EXAMPLE = readFileSync(new URL('../../examples/fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Who kubectl is to a server with TLS, a token and an authority of its own, and what it may ask. */
describe('kubectl 1.35', () => {
  let cluster: Cluster;
  let certificates: ServerCertificates;
  let url: string;
  let kubectl: Client;
  beforeAll(async () => {
    certificates = await serverCertificates(mkdtempSync(join(tmpdir(), 'kubette-tls-')), '127.0.0.1');
    const { authority, server } = certificates;
    cluster = await createCluster({ token: 'secret', authority });
    const tls = { key: server.key, cert: server.certificate, ca: authority.certificate };
    ({ url } = await cluster.listen(0, '127.0.0.1', tls));
    kubectl = as({ token: 'secret' });
    await cluster.apply(EXAMPLE);
    await cluster.settled();
  });
  afterAll(() => cluster.close());

  const as = (user: object) =>
    new Client('kubectl', url, undefined, { user, authority: certificates.authority.certificate });
  const whoami = async (client: Client, ...args: string[]) =>
    JSON.parse(await client.ok(['auth', 'whoami', '-o', 'json', ...args])).status.userInfo;

  it('is the administrator by token and by certificate, and nobody without', async () => {
    const admin = {
      username: 'kubernetes-admin',
      groups: ['kubeadm:cluster-admins', 'system:masters', 'system:authenticated'],
    };
    expect(await whoami(kubectl)).toEqual(admin);
    const { certificate, key } = await adminCertificate(certificates.authority);
    const byCertificate = as({ 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) });
    expect(await whoami(byCertificate)).toMatchObject(admin);
    expect(await byCertificate.ok('get nodes -o name')).toContain('node/worker-1');
    expect((await as({ token: 'wrong' }).run(['get', 'nodes'])).stderr).toContain(
      'You must be logged in to the server',
    );
    const foreign = await serverCertificates(mkdtempSync(join(tmpdir(), 'kubette-tls-')), '127.0.0.1');
    const stranger = await adminCertificate(foreign.authority);
    const byForeign = as({
      'client-certificate-data': base64(stranger.certificate),
      'client-key-data': base64(stranger.key),
    });
    expect((await byForeign.run(['get', 'nodes'])).code).toBe(1);
  });

  it('auth whoami --as', async () => {
    const user = await whoami(
      kubectl,
      '--as=bob',
      '--as-group=devs',
      '--as-uid=7',
      '--as-user-extra=example.com/scope=a',
    );
    expect(user).toEqual({
      username: 'bob',
      uid: '7',
      groups: ['devs', 'system:authenticated'],
      extra: { 'example.com/scope': ['a'] },
    });
  });

  it('auth can-i', async () => {
    expect(await kubectl.ok('auth can-i create pods')).toBe('yes\n');
    expect(await kubectl.ok('auth can-i get /metrics --as=bob')).toBe('yes\n');
    expect(await kubectl.ok('auth can-i --list')).toMatch(/^\*\.\* +\[\] +\[\] +\[\*\]$/m);
  });

  it('create token, and use it', async () => {
    await kubectl.ok('create serviceaccount robot');
    const token = (await kubectl.ok('create token robot --duration=20m')).trim();
    expect((await whoami(as({ token }))).username).toBe('system:serviceaccount:default:robot');
    const bound = ['create', 'token', 'robot', '--bound-object-kind=Node', '--bound-object-name=worker-1'];
    const user = await whoami(as({ token: (await kubectl.ok(bound)).trim() }));
    expect(user.extra['authentication.kubernetes.io/node-name']).toEqual(['worker-1']);
    expect((await kubectl.run(['create', 'token', 'robot', '--duration=1m'])).stderr).toContain('less than 10 minutes');
    await kubectl.ok('delete serviceaccount robot');
    expect((await as({ token }).run(['get', 'pods'])).stderr).toContain('You must be logged in to the server');
  });

  it('a Secret with a token, and the authority in every namespace', async () => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 'held', annotations: { 'kubernetes.io/service-account.name': 'default' } },
    };
    await kubectl.ok('apply -f -', { input: JSON.stringify(manifest) });
    await cluster.settled();
    const { data } = JSON.parse(await kubectl.ok('get secret held -o json'));
    const token = Buffer.from(data.token, 'base64').toString();
    expect((await whoami(as({ token }))).username).toBe('system:serviceaccount:default:default');
    const published = await kubectl.ok(['get', 'configmap', 'kube-root-ca.crt', '-o', 'jsonpath={.data.ca\\.crt}']);
    expect(published).toBe(certificates.authority.certificate);
    expect(Buffer.from(data['ca.crt'], 'base64').toString()).toBe(published);
  });

  it('certificate approve, and use it', async () => {
    const { Pkcs10CertificateRequestGenerator } = await x509();
    const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
    const request = await Pkcs10CertificateRequestGenerator.create({ name: 'CN=bob,O=devs', keys, signingAlgorithm });
    const csr = (name: string) => ({
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name },
      spec: {
        request: base64(request.toString('pem')),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        expirationSeconds: 3600,
      },
    });
    for (const name of ['bob', 'mallory']) await kubectl.ok('create -f -', { input: JSON.stringify(csr(name)) });
    expect(await kubectl.ok('get csr bob')).toMatch(/kube-apiserver-client +kubernetes-admin +60m +Pending/);
    expect(await kubectl.ok('certificate approve bob')).toContain('bob approved');
    expect(await kubectl.ok('certificate deny mallory')).toContain('mallory denied');
    await cluster.settled();
    expect(await kubectl.ok('get csr')).toMatch(/bob +.*Approved,Issued\nmallory +.*Denied\n/);

    const certificate = await kubectl.ok(['get', 'csr', 'bob', '-o', 'jsonpath={.status.certificate}']);
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
    const bob = as({ 'client-certificate-data': certificate, 'client-key-data': base64(pem) });
    expect(await whoami(bob)).toMatchObject({ username: 'bob', groups: ['devs', 'system:authenticated'] });
  });

  it('top', async () => {
    expect(await kubectl.ok('top node')).toMatch(/^worker-1 +\d+m +\d+% +\d+Mi +\d+%/m);
    await kubectl.ok('-n kube-system annotate pod -l name=fluentd-elasticsearch kubette.dev/cpu-usage=150m');
    const pods = await kubectl.ok('top pod -A --containers --sort-by=cpu');
    expect(pods).toMatch(/^kube-system +fluentd-elasticsearch-\w+ +fluentd-elasticsearch +150m +\d+Mi/m);
    expect((await kubectl.run(['top', 'pod', 'none'])).stderr).toContain('not found');
  });
});

describe('kubectl 1.35 and RBAC', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster({ authorization: 'RBAC' });
    kubectl = new Client('kubectl', (await cluster.listen()).url);
    await cluster.settled();
  });
  afterAll(() => cluster.close());

  it('is refused what no role allows, and allowed what one does', async () => {
    const refused = await kubectl.run(['get', 'pods', '--as=vera']);
    expect(refused.stderr).toBe(
      'Error from server (Forbidden): pods is forbidden: User "vera" cannot list resource "pods" in API group "" in the namespace "default"\n',
    );
    await kubectl.ok('create rolebinding vera --clusterrole=view --user=vera');
    await cluster.settled();
    expect(await kubectl.ok('auth can-i list pods --as=vera')).toBe('yes\n');
    expect((await kubectl.run(['auth', 'can-i', 'delete', 'pods', '--as=vera'])).stdout).toBe('no\n');
    expect(await kubectl.ok('auth can-i --list --as=vera')).toMatch(/^pods\/log +\[\] +\[\] +\[get list watch\]$/m);
    expect((await kubectl.run(['get', 'pods', '--as=vera'])).stderr).toBe('No resources found in default namespace.\n');
    expect((await kubectl.run(['get', 'nodes', '--as=vera'])).stderr).toContain('at the cluster scope');
  });

  it('has the usual roles, to read and to extend', async () => {
    expect(await kubectl.ok('describe clusterrole view')).toMatch(/configmaps +\[\] +\[\] +\[get list watch\]/);
    await kubectl.ok('create clusterrole watcher --verb=get,watch --resource=nodes');
    await kubectl.ok('create clusterrolebinding watchers --clusterrole=watcher --group=watchers');
    expect(await kubectl.ok('get node worker-1 -o name --as=w --as-group=watchers')).toBe('node/worker-1\n');
  });
});
