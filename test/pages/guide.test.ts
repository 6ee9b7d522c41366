// The code of docs/guide.md and README.md, each block with a cluster at hand.
import * as fs from 'node:fs';
import supertest from 'supertest';
import { afterEach, beforeEach, expect, test } from 'vitest';
// The matchers come with it.
import '../../src/fixture/vitest.js';
import { type Cluster, type ClusterOptions, createCluster, resources } from '../../src/index.js';
import { Page, runCode } from '../support/page.js';

const manifest = fs.readFileSync(new URL('../../examples/fluentd-elasticsearch.yaml', import.meta.url), 'utf8');
const web = `{ apiVersion: apps/v1, kind: DaemonSet, metadata: { name: fluentd, namespace: kube-system }, spec: {
  selector: { matchLabels: { app: f } }, template: { metadata: { labels: { app: f } }, spec: { containers: [{ name: f, image: "f:1" }] } } } }`;

type Test = (given: { cluster: Cluster }) => Promise<void>;

let made: Cluster[];
/** Tests that a page declares, as Vitest would be told of them. */
let declared: Test[];

const create = async (options: ClusterOptions = {}) => {
  const cluster = await createCluster({ clock: 'virtual', ...options });
  made.push(cluster);
  return cluster;
};
beforeEach(() => {
  made = [];
  declared = [];
});
afterEach(() => Promise.all(made.map(cluster => cluster.close())));

const guide = new Page('guide.md').code.map(([title, code]) => [`guide.md: ${title}`, code] as const);
const readme = new Page('../README.md').code.map(([title, code]) => [`README.md: ${title}`, code] as const);

test.each([...guide, ...readme])('%s', async (_, code) => {
  const cluster = await create();
  await cluster.apply(web);
  await cluster.settled();
  const readFileSync = () => web;
  const modules = {
    kubette: { createCluster: create, resources },
    'kubette/vitest': { clusterTest: () => (_name: string, body: Test) => declared.push(body) },
    vitest: { expect },
    'node:fs': { readFileSync },
    supertest: { default: supertest },
  };
  const scope = {
    cluster,
    manifest: manifest.replaceAll('fluentd-elasticsearch', 'fluentd'),
    readFileSync,
    nodes: resources.nodes,
  };
  // Revisions that are told are those of some cluster.
  await runCode(code.replaceAll('1200', String(cluster.revision)), { modules, scope });
  for (const body of declared) await body({ cluster: await create() });
});
