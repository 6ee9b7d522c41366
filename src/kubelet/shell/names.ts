import { isIP } from 'node:net';
import type { Process } from './process.js';

/** What is known of a name. */
interface KnownName {
  /** Written out. */
  readonly name: string;
  readonly addresses: readonly string[];
  /** The name elsewhere that it leads to. */
  readonly elsewhere?: string | undefined;
}

/** Whom the containers of a pod ask for names. */
export interface NameService {
  /** Its address, by which it stands in `/etc/resolv.conf`. */
  readonly address: string;
  /** What a name stands for by the search path of the pod; undefined if it does not exist. */
  lookUp(name: string): KnownName | undefined;
  namesOf(address: string): readonly string[];
}

/** As BusyBox has it. */
export async function nslookup([name, ...more]: readonly string[], process: Process): Promise<number> {
  const { box, out, err, puzzled } = process;
  if (!box.names) {
    puzzled?.();
    return 1;
  }
  if (name === undefined || name.startsWith('-') || more.length > 0) {
    await err('Usage: nslookup HOST\n');
    return 1;
  }
  const service = await serviceOf(process);
  if (!service) {
    await out(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  await out(`Server:\t\t${service.address}\nAddress:\t${service.address}:53\n\n`);
  const lines = isIP(name) ? reverseLines(name, service) : forwardLines(name, service);
  await out(`${lines?.join('\n') ?? `** server can't find ${asked(name)}: NXDOMAIN`}\n\n`);
  return lines ? 0 : 1;
}

/** `getent hosts NAME…`: `/etc/hosts` first, then whom the pod asks. */
export async function getent([database, ...names]: readonly string[], process: Process): Promise<number> {
  const { box, out, err, puzzled } = process;
  if (!box.names || database !== 'hosts' || names.length === 0) {
    puzzled?.();
    await err('Usage: getent hosts NAME...\n');
    return 1;
  }
  let code = 0;
  for (const name of names) {
    const lines = await entriesFor(name, process);
    if (lines.length === 0) code = 2;
    for (const [address, known] of lines) await out(`${address.padEnd(15)} ${known}\n`);
  }
  return code;
}

/** Whom the pod asks, if that is the cluster's own. */
async function serviceOf({ box: { names, files } }: Process): Promise<NameService | undefined> {
  const [, first] = /^nameserver (\S+)$/m.exec(files.get('/etc/resolv.conf') ?? '') ?? [];
  const service = await names?.();
  return service && first === service.address ? service : undefined;
}

function forwardLines(name: string, service: NameService): string[] | undefined {
  const known = service.lookUp(name);
  if (!known) return undefined;
  if (known.elsewhere) return [`${known.name}\tcanonical name = ${known.elsewhere}`];
  return known.addresses.flatMap(address => [`Name:\t${known.name}`, `Address: ${address}`]);
}

function reverseLines(address: string, service: NameService): string[] | undefined {
  const names = service.namesOf(address);
  return names.length === 0 ? undefined : names.map(name => `${asked(address)}\tname = ${name}`);
}

/** What is asked for an address: it backwards. */
const asked = (name: string) => (isIP(name) === 4 ? `${name.split('.').reverse().join('.')}.in-addr.arpa` : name);

async function entriesFor(name: string, process: Process): Promise<(readonly [string, string])[]> {
  for (const line of (process.box.files.get('/etc/hosts') ?? '').split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (names.length > 0 && (names.includes(name) || address === name)) return [[address, names.join(' ')]];
  }
  const service = await serviceOf(process);
  if (!service) return [];
  if (isIP(name)) return service.namesOf(name).map(known => [name, known]);
  const known = service.lookUp(name);
  return known?.addresses.map(address => [address, known.name]) ?? [];
}
