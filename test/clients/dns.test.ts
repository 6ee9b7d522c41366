import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fromDebian } from '../support/debian.js';
import { eventually, type ServerProcess, startServer } from '../support/server.js';

const dig = fromDebian('bind9-dnsutils', () => (existsSync('/usr/bin/dig') ? '/usr/bin/dig' : undefined));
const run = promisify(execFile);

let server: ServerProcess;
let port: string;
beforeAll(async () => {
  const ready = join(mkdtempSync(join(inject('scratch'), 'dns-')), 'ready.json');
  server = await startServer(['--in-memory', '--nodes', '100', '--dns', '0', '--ready-file', ready]);
  // It is written after what is printed.
  await eventually('the file that says where it answers', async () => existsSync(ready));
  const { dns } = JSON.parse(readFileSync(ready, 'utf8')) as { dns: string };
  expect(server.output()).toContain(`DNS      ${dns} (dig @127.0.0.1 -p `);
  port = dns.split(':')[1]!;
});
afterAll(() => server.stop());

async function ask(...args: string[]): Promise<string> {
  const { stdout } = await run(dig!, ['@127.0.0.1', '-p', port, '+tries=1', '+time=30', ...args]);
  return stdout;
}

/** A question's records without spaces that dig puts between. */
const records = async (...args: string[]): Promise<string[]> =>
  (await ask('+noall', '+answer', '+authority', ...args))
    .split('\n')
    .filter(Boolean)
    .map(line => line.replaceAll(/\s+/g, ' '));

const created = async (path: string, body: object): Promise<void> => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
};

describe.skipIf(!dig)('dig', () => {
  it('gets answers, denials and refusals', async () => {
    const name = 'kubernetes.default.svc.cluster.local.';
    expect(await records('kubernetes.default.svc.cluster.local')).toEqual([`${name} 5 IN A 10.96.0.1`]);
    expect(await records('+tcp', 'kubernetes.default.svc.cluster.local')).toEqual([`${name} 5 IN A 10.96.0.1`]);
    expect(await records('-x', '10.96.0.1')).toEqual([`1.0.96.10.in-addr.arpa. 5 IN PTR ${name}`]);
    expect(await records('SRV', `_https._tcp.${name}`)).toEqual([`_https._tcp.${name} 5 IN SRV 0 100 443 ${name}`]);
    expect(await records('TXT', 'dns-version.cluster.local')).toEqual([
      'dns-version.cluster.local. 28800 IN TXT "1.1.0"',
    ]);
    const none = await ask('none.default.svc.cluster.local');
    expect(none).toContain('status: NXDOMAIN');
    expect(none).toMatch(/flags: qr aa rd;/);
    expect(none).toMatch(
      /cluster\.local\.\s+5\s+IN\s+SOA\s+ns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \d+ 7200 1800 86400 5/,
    );
    expect(await ask('AAAA', name)).toMatch(/status: NOERROR.*ANSWER: 0, AUTHORITY: 1/s);
    expect(await ask('example.com')).toContain('status: REFUSED');
    expect(await ask('version.bind', 'TXT', 'CH')).toContain('status: REFUSED');
    expect(await ask('+noednsneg', '+edns=5', name)).toContain('status: BADVERS');
    expect(await ask('AXFR', 'cluster.local')).toContain('Transfer failed');
    for (const text of [none, await ask('+notcp', name)]) expect(text).not.toContain('WARNING: Messag');
  });

  it('finds its way by a search path, as a pod has it', async () => {
    const path = ['default.svc', 'svc', ''].map(zone => `+domain=${zone ? `${zone}.` : ''}cluster.local`);
    // dig takes one domain: the second of a pod's is the one that says `svc.namespace`.
    expect(await records(path[1]!, '+ndots=5', 'kubernetes.default')).toEqual([
      'kubernetes.default.svc.cluster.local. 5 IN A 10.96.0.1',
    ]);
    expect(await records(path[0]!, '+ndots=5', 'kubernetes')).toHaveLength(1);
  });

  it('gets all pods of a DaemonSet, by TCP where a datagram is too short', async () => {
    const labels = { app: 'agent' };
    await created('/api/v1/namespaces/default/services', {
      metadata: { name: 'agent' },
      spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'metrics', port: 9100 }] },
    });
    await created('/apis/apps/v1/namespaces/default/daemonsets', {
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'a:1' }] } },
      },
    });
    const name = 'agent.default.svc.cluster.local';
    await expect
      .poll(async () => (await records('+bufsize=4096', name)).length, { timeout: 30_000, interval: 200 })
      .toBe(100);
    const cut = await ask('+noedns', '+ignore', name);
    expect(cut).toMatch(/flags: qr aa tc rd;/);
    const whole = await ask('+noedns', name);
    expect(whole).toContain('Truncated, retrying in TCP mode');
    expect(whole).toMatch(/ANSWER: 100,/);
    expect(await ask('SRV', `_metrics._tcp.${name}`)).toMatch(/ANSWER: 100, AUTHORITY: 0, ADDITIONAL: 101/);
  });
});
