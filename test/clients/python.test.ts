import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.js';
import { fromDebian } from '../support/debian.js';

const PYTHON = '/usr/bin/python3';
const PROGRAM = fileURLToPath(new URL('python_client.py', import.meta.url));
const library = fromDebian('python3-kubernetes', () =>
  existsSync('/usr/lib/python3/dist-packages/kubernetes') ? PYTHON : undefined,
);

describe.skipIf(!library)("Python's kubernetes client", () => {
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => {
    cluster = await createCluster();
    ({ url } = await cluster.listen());
  });
  afterAll(() => cluster.close());

  const python = async (what: string) => JSON.parse((await promisify(execFile)(PYTHON, [PROGRAM, url, what])).stdout);

  it('creates a DaemonSet and watches it come to all nodes', async () => {
    expect(await python('rollout')).toEqual({
      types: ['ADDED', 'MODIFIED'],
      nodes: ['worker-1', 'worker-2', 'worker-3'],
    });
  });

  it('finds kinds by discovery, and patches and applies', async () => {
    expect(await python('generic')).toEqual({
      data: { a: '1', b: '2', c: '3' },
      role: 'roles',
      managers: ['OpenAPI-Generator', 'python'],
    });
  });

  it('is told what is wrong', async () => {
    expect(await python('refused')).toEqual({ status: 422, reason: 'Invalid', field: 'metadata.name' });
  });

  it('watches from a revision on', async () => {
    expect(await python('since')).toBe('ADDED');
  });

  it('looks into a pod', async () => {
    expect(await python('streaming')).toEqual({
      log: 'two\n',
      out: 'inside\n',
      err: 'sh: nope: not found\n',
      code: 3,
      answer: 'hello',
    });
  });

  it('elects a leader', async () => {
    expect(await python('election')).toEqual({ leaders: ['first'], holder: 'first' });
  });
});
