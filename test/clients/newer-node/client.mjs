// What client-node-2.test.ts does with version 2 of @kubernetes/client-node: `client.mjs ADDRESS STORY` prints what it sees, a line of JSON
// each. Runs in a folder where the client is installed, since it cannot be found from here.

import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.cwd()}/`);
const client = await import(pathToFileURL(require.resolve('@kubernetes/client-node')).href);
const [url, story] = process.argv.slice(2);
const config = new client.KubeConfig();
config.loadFromOptions({
  clusters: [{ name: 'kubette', server: url, skipTLSVerify: true }],
  users: [{ name: 'me' }],
  contexts: [{ name: 'kubette', cluster: 'kubette', user: 'me' }],
  currentContext: 'kubette',
});
const core = config.makeApiClient(client.CoreV1Api);
const tell = value => process.stdout.write(`${JSON.stringify(value)}\n`);

/** All that a stream brings, as text. */
function collector() {
  const seen = new PassThrough();
  seen.text = '';
  seen.on('data', chunk => {
    seen.text += chunk;
  });
  return seen;
}

const STORIES = {
  async objects() {
    const { setHeaderOptions, PatchStrategy } = client;
    await core.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { name: 'one' }, data: { a: '1' } },
    });
    await core.patchNamespacedConfigMap(
      { namespace: 'default', name: 'one', body: { data: { b: '2' } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    const objects = client.KubernetesObjectApi.makeApiClient(config);
    const applied = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default' },
      data: { b: '3' },
    };
    const apply = force => objects.patch(applied, undefined, undefined, 'me', force, PatchStrategy.ServerSideApply);
    const refused = await apply(false).catch(error => error);
    const { data } = await apply(true);
    const missing = await core.readNamespacedConfigMap({ namespace: 'default', name: 'none' }).catch(error => error);
    tell({ data, refused: refused.code, missing: missing.code });
  },

  async informer() {
    const list = () => core.listNamespacedConfigMap({ namespace: 'default', labelSelector: 'informed' });
    const informer = client.makeInformer(config, '/api/v1/namespaces/default/configmaps', list, 'informed');
    for (const verb of ['add', 'update', 'delete'])
      informer.on(verb, ({ metadata, data }) => tell(`${verb} ${metadata.name}${data?.a ?? ''}`));
    // After an error it is the program that goes on.
    informer.on('error', () => setTimeout(() => informer.start(), 20));
    await informer.start();
    tell('started');
    process.stdin.resume().on('end', () => process.exit());
  },

  async exec() {
    const [stdout, stderr, stdin] = [collector(), collector(), new PassThrough()];
    const command = ['sh', '-c', 'cat; echo oops >&2; exit 6'];
    const status = await new Promise((resolve, reject) => {
      new client.Exec(config)
        .exec('default', 'plain', 'main', command, stdout, stderr, stdin, false, resolve)
        .catch(reject);
      stdin.end('hello');
    });
    tell({ stdout: stdout.text, stderr: stderr.text, code: status.details.causes[0].message });
  },

  async logs() {
    const seen = collector();
    await new client.Log(config).log('default', 'talking', 'main', seen, { follow: true, tailLines: 1 });
    while (!seen.text.startsWith('tick\ntick\n')) await new Promise(resolve => setTimeout(resolve, 10));
    const last = await core.readNamespacedPodLog({ namespace: 'default', name: 'talking', tailLines: 1 });
    await core.deleteNamespacedPod({ namespace: 'default', name: 'talking' });
    await new Promise(resolve => seen.on('end', resolve));
    tell(`${last}and the end`);
  },

  async portForward() {
    const forward = new client.PortForward(config);
    const server = createServer(socket => forward.portForward('default', 'plain', [80], socket, null, socket));
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    const socket = connect(server.address().port, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    socket.on('data', text => {
      answer += text;
      const body = /\r\n\r\n(\{.*\})/s.exec(answer)?.[1];
      if (!body) return;
      tell(JSON.parse(body).pod);
      process.exit();
    });
    socket.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
  },

  async top() {
    const nodes = await client.topNodes(core);
    const pods = await client.topPods(core, new client.Metrics(config), 'default');
    tell({
      nodes: nodes.map(({ Node }) => Node.metadata.name),
      used: pods.filter(({ CPU }) => CPU.CurrentUsage > 0).map(({ Pod }) => Pod.metadata.name),
    });
  },
};

await STORIES[story]();
