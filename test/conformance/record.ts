/**
 * Records what a real control plane does: `npx tsx test/conformance/record.ts https://HOST:PORT TOKEN SCENARIO.yaml…`
 * writes what it observes beside the scenarios, `scenarios-X/NAME.yaml` to `golden-X/NAME.json`; `--to DIR` elsewhere.
 *
 * The control plane is kube-apiserver, kube-controller-manager and kube-scheduler without any kubelet, used by nobody else.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { namespaceOf, Run, type Scenario } from './replay.js';
import { pathOf, type RestAnswer, RestClient } from './rest.js';

/** Groups that v1.20 serves as a beta only. */
const BETA: Readonly<Record<string, string>> = {
  '/apis/policy/v1/': '/apis/policy/v1beta1/',
  '"policy/v1"': '"policy/v1beta1"',
};

class OldClient extends RestClient {
  override send(method: string, path: string, body?: unknown, type?: string, accept?: string): Promise<RestAnswer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const old = (t: string) => Object.entries(BETA).reduce((now, [is, was]) => now.replace(is, was), t);
    return super.send(method, old(path), text && old(text), type, accept);
  }
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } });
const [base, token, ...files] = positionals;
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const client = new OldClient(base!, { authorization: `Bearer ${token}` });

for (const file of files) {
  const name = basename(file, '.yaml');
  const scenario: Scenario = { name, ...parse(readFileSync(file, 'utf8')) };
  try {
    const observed = await new Run(scenario, { client, now: Date.now, pass: ms => sleep(ms) }).play();
    const folder = values.to ?? dirname(file).replace('scenarios', 'golden');
    mkdirSync(folder, { recursive: true });
    const lines = observed.map(step => JSON.stringify(step));
    writeFileSync(join(folder, `${name}.json`), `{"observed":[\n${lines.join(',\n')}\n]}\n`);
    console.log(`recorded ${name}`);
  } catch (error) {
    console.error(`${name}: ${error}`);
    process.exitCode = 1;
  } finally {
    await clean(scenario);
  }
}

/** Takes away the namespace and all nodes, such that the next scenario finds an empty cluster. */
async function clean(scenario: Scenario): Promise<void> {
  const namespace = namespaceOf(scenario);
  const path = pathOf('Namespace', undefined, namespace);
  await client.delete(path);
  for (let tries = 0; tries < 100 && (await client.get(path)).status !== 404; tries++) {
    for (const { metadata } of await client.list('Pod', namespace)) {
      const pod = pathOf('Pod', namespace, metadata.name);
      await client.merge(pod, { metadata: { finalizers: null } });
      await client.delete(pod, { gracePeriodSeconds: 0 });
    }
    await sleep(200);
  }
  for (const { metadata } of await client.list('Node')) await client.delete(pathOf('Node', undefined, metadata.name));
}
