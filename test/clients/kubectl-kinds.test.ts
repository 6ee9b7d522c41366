import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { Client } from './kubectl.js';

/** What people do with kubectl and the other kinds. Each test goes on where the one before ended. */
describe('kubectl 1.35, the other kinds', () => {
  let cluster: Cluster;
  let kubectl: Client;
  beforeAll(async () => {
    cluster = await createCluster();
    kubectl = new Client('kubectl', (await cluster.listen()).url);
  });
  afterAll(() => cluster.close());

  const k = (args: string) => kubectl.ok(args.split(' '));

  it.each([
    ['create role reader --verb=get,list --resource=pods', 'role.rbac.authorization.k8s.io/reader created'],
    ['create clusterrole all --verb=* --resource=*.*', 'clusterrole.rbac.authorization.k8s.io/all created'],
    ['create rolebinding jane --role=reader --user=jane', 'rolebinding.rbac.authorization.k8s.io/jane created'],
    ['create clusterrolebinding admins --clusterrole=all --group=admins', 'rbac.authorization.k8s.io/admins created'],
    ['create quota small --hard=pods=10', 'resourcequota/small created'],
    ['create priorityclass high --value=1000', 'priorityclass.scheduling.k8s.io/high created'],
    ['create serviceaccount robot', 'serviceaccount/robot created'],
    ['create configmap settings --from-literal=a=1', 'configmap/settings created'],
    ['create secret generic password --from-literal=p=x', 'secret/password created'],
    ['create service clusterip web --tcp=80', 'service/web created'],
    ['create ingress web --rule=example.com/*=web:80', 'ingress.networking.k8s.io/web created'],
    ['create namespace other', 'namespace/other created'],
    ['create deployment web --image=web:1 --replicas=2', 'deployment.apps/web created'],
    ['create job once --image=once:1', 'job.batch/once created'],
    ['run bare --image=bare:1 --labels=app=bare', 'pod/bare created'],
    ['expose pod bare --port=80', 'service/bare exposed'],
    ['expose deployment web --name=web2 --port=80', 'service/web2 exposed'],
  ])('%s', async (command, says) => {
    expect(await k(command)).toContain(says);
  });

  it('passes on what the server warns of', async () => {
    const headless = (name: string, more: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { clusterIP: 'None', ports: [{ port: 80 }], ...more },
      });
    const warned = async (args: string[], input?: string) =>
      (await kubectl.run(args, input === undefined ? {} : { input })).stderr;
    const create = (input: string) => warned(['create', '-f', '-'], input);
    expect(await create(headless('plain', {}))).toBe('');
    expect(await create(headless('sticky', { sessionAffinity: 'ClientIP' }))).toBe(
      'Warning: spec.SessionAffinity is ignored for headless services\n',
    );
    expect(await warned(['get', 'endpoints'])).toBe(
      'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n',
    );
    expect(await warned(['get', 'componentstatuses'])).toBe('Warning: v1 ComponentStatus is deprecated in v1.19+\n');
    expect(await warned(['delete', 'service', 'plain', 'sticky'])).toBe('');
  });

  it('creates a cron job', async () => {
    expect(await kubectl.ok(['create', 'cronjob', 'often', '--image=often:1', '--schedule=*/5 * * * *'])).toBe(
      'cronjob.batch/often created\n',
    );
  });

  it.each([
    ['get componentstatuses', /scheduler +Healthy +ok/],
    ['get roles,rolebindings -o wide', /reader .*\n.*\n.*\n.*jane +Role\/reader +\d+s +jane/],
    ['get ingress', /web +<none> +example.com +80 +\d+s/],
    ['get deployments', /web +/],
    ['get quota', /small +/],
    ['get all', /deployment.apps\/web/],
    ['describe ingress web', /example.com\s+\n\s+\/ +web:80/],
    ['describe role reader', /pods +\[\] +\[\] +\[get list\]/],
    ['describe quota small', /Name: +small/],
    ['explain ingress.spec.rules.http.paths.pathType', /FIELD: pathType <string>/],
    ['explain networkpolicy.spec', /podSelector/],
    ['explain hpa', /VERSION: +v2/],
    ['explain validatingwebhookconfigurations.webhooks', /failurePolicy/],
  ])('%s', async (command, prints) => {
    expect(await k(command)).toMatch(prints);
  });

  it('get in all its forms', async () => {
    expect(await kubectl.ok(['get', 'nodes', '-o', 'go-template={{range .items}}{{.metadata.name}} {{end}}'])).toBe(
      'control-plane worker-1 worker-2 worker-3 ',
    );
    expect(await k('get nodes -o custom-columns=N:.metadata.name --no-headers --sort-by=.metadata.name')).toBe(
      'control-plane\nworker-1\nworker-2\nworker-3\n',
    );
    expect(await k('get nodes --chunk-size=1 -o name')).toBe(
      'node/control-plane\nnode/worker-1\nnode/worker-2\nnode/worker-3\n',
    );
    expect(await k('get pods --field-selector=spec.nodeName!=,metadata.name=bare -o name')).toBe('pod/bare\n');
    expect(await k('get namespaces --field-selector=status.phase=Active -o name')).toContain('namespace/other');
    expect(await k('get cm settings -o yaml')).toContain('  a: "1"');
    expect(await k('get cm settings -o yaml --show-managed-fields')).toContain('manager: kubectl-create');
    expect(await k('get deploy web --subresource=status -o jsonpath={.kind}')).toBe('Deployment');
  });

  it('validates on the client and on the server', async () => {
    const manifest = (field: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, [field]: { a: '1' } });
    const strict = await kubectl.run(['apply', '-f', '-'], { input: manifest('dat') });
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain('strict decoding error: unknown field "dat"');
    const warned = await kubectl.run(['apply', '--validate=warn', '-f', '-'], { input: manifest('dat') });
    expect(warned).toMatchObject({ code: 0, stdout: 'configmap/odd created\n' });
    expect(warned.stderr).toContain('Warning: unknown field "dat"');
    expect(await kubectl.ok(['apply', '--validate=ignore', '-f', '-'], { input: manifest('dat') })).toContain('odd');
  });

  it('kustomize', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubette-kustomize-'));
    mkdirSync(join(folder, 'base'));
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'base' }, data: { a: '1' } };
    writeFileSync(join(folder, 'base', 'map.yaml'), JSON.stringify(map));
    writeFileSync(join(folder, 'base', 'kustomization.yaml'), 'resources: [map.yaml]\n');
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      'resources: [base]\nnamePrefix: my-\ncommonAnnotations: {from: kustomize}\n',
    );
    expect(await k(`apply -k ${folder}`)).toBe('configmap/my-base created\n');
    expect(await k('get cm my-base -o jsonpath={.metadata.annotations.from}')).toBe('kustomize');
    expect(await k(`diff -k ${folder}`)).toBe('');
    expect(await k(`delete -k ${folder}`)).toContain('configmap "my-base" deleted');
  });

  it('apply --prune takes away what is no longer there', async () => {
    const map = (name: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { set: 'a' } } });
    const prune = ['apply', '--prune', '-l', 'set=a', '--prune-allowlist=core/v1/ConfigMap', '-f', '-'];
    await kubectl.ok(['apply', '-f', '-'], { input: `${map('one')}\n---\n${map('two')}` });
    expect(await kubectl.ok(prune, { input: map('one') })).toContain('configmap/two pruned');
  });

  it('deletes a namespace with all that is in it', async () => {
    await k('create deployment x --image=x:1 -n other');
    await k('create role x --verb=get --resource=pods -n other');
    expect(await k('delete namespace other')).toContain('namespace "other" deleted');
    expect(await k('get deployments,roles -n other -o name')).toBe('');
  });

  it('deletes by label, by file and all', async () => {
    expect(await k('delete pod -l app=bare --now')).toContain('pod "bare" deleted');
    expect(await k('delete roles --all')).toContain('role.rbac.authorization.k8s.io "reader" deleted');
    expect(await k('delete ingress/web deploy/web')).toMatch(/ingress.*deleted[^\n]*\ndeployment.*deleted/);
  });
});
