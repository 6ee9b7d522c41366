import { amounts } from '../../placement/pod-resources.js';
import type { Node, Pod } from '../../resources/types.js';

/** What a metrics page is made of. */
export interface MetricsOf {
  readonly pod: Pod;
  readonly node: Node | undefined;
  /** Ms since the epoch, by the cluster's clock. */
  readonly now: number;
  /** How many requests the pod has answered, by path. */
  readonly requests: ReadonlyMap<string, number>;
  /** Who made it, and what from: `DaemonSet/node-exporter`. */
  readonly facts: Readonly<Record<string, string>>;
}

const CORES_AT_MOST = 256;
/** Shares of a processor's time, each wandering a little from node to node. */
const MODES = { idle: 0.82, iowait: 0.01, nice: 0, softirq: 0.004, system: 0.05, user: 0.116 } as const;

/**
 * A page in Prometheus' text format with series as node-exporter has them. All values follow from the node, the pod and the cluster's time:
 * counters only grow, and the same moment has the same page.
 */
export function metricsPage({ pod, node, now, requests, facts }: MetricsOf): string {
  const page = new Page();
  const nodeName = pod.spec.nodeName ?? '';
  const spread = wander(nodeName);
  const booted = node ? Date.parse(node.metadata.creationTimestamp) : now;
  const up = Math.max(0, now - booted) / 1000;
  const capacity = amounts(node?.status.capacity);
  const has = (resource: string) => capacity[resource] ?? 0;
  const cores = Math.min(CORES_AT_MOST, Math.max(1, Math.ceil(has('cpu') / 1000)));

  page.family('kubette_pod_info', 'gauge', 'Which pod answers.').sample(1, facts);
  page.family('kubette_pod_requests_total', 'counter', 'Requests that this pod has answered.');
  for (const [path, count] of requests) page.sample(count, { path });
  page.family('node_boot_time_seconds', 'gauge', 'Node boot time, in unixtime.').sample(booted / 1000);
  page.family('node_time_seconds', 'gauge', 'System time in seconds since epoch (1970).').sample(now / 1000);
  page
    .family('node_uname_info', 'gauge', 'Labeled system information.')
    .sample(1, { nodename: nodeName, sysname: 'Linux', machine: node?.status.nodeInfo?.architecture ?? 'amd64' });
  page.family('node_cpu_seconds_total', 'counter', 'Seconds the CPUs spent in each mode.');
  for (let cpu = 0; cpu < cores; cpu++) {
    for (const [mode, share] of Object.entries(MODES))
      page.sample(round(up * share * (mode === 'idle' ? 1 : spread)), { cpu: String(cpu), mode });
  }
  for (const [name, share] of [
    ['node_load1', 0.21],
    ['node_load5', 0.19],
    ['node_load15', 0.18],
  ] as const)
    page.family(name, 'gauge', `${name.slice(9)}m load average.`).sample(round(cores * share * spread));
  const memory = has('memory');
  page.family('node_memory_MemTotal_bytes', 'gauge', 'Memory information field MemTotal_bytes.').sample(memory);
  page
    .family('node_memory_MemAvailable_bytes', 'gauge', 'Memory information field MemAvailable_bytes.')
    .sample(Math.round(memory * (1 - 0.4 * spread)));
  const disk = { device: '/dev/vda1', fstype: 'ext4', mountpoint: '/' };
  const size = has('ephemeral-storage');
  page.family('node_filesystem_size_bytes', 'gauge', 'Filesystem size in bytes.').sample(size, disk);
  page
    .family('node_filesystem_avail_bytes', 'gauge', 'Filesystem space available to non-root users in bytes.')
    .sample(Math.round(size * (1 - 0.3 * spread)), disk);
  for (const direction of ['receive', 'transmit'])
    page
      .family(`node_network_${direction}_bytes_total`, 'counter', `Network device statistic ${direction}_bytes.`)
      .sample(Math.floor(up * 1500 * spread), { device: 'eth0' });
  return page.text;
}

/** Between 0.75 and 1.25, by the name. */
function wander(name: string): number {
  let hash = 0;
  for (const char of name) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return 0.75 + ((hash >>> 0) % 1000) / 2000;
}

const round = (value: number) => Math.round(value * 100) / 100;

class Page {
  text = '';
  #name = '';

  family(name: string, type: 'gauge' | 'counter', help: string): this {
    this.text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    this.#name = name;
    return this;
  }

  sample(value: number, labels: Readonly<Record<string, string>> = {}): this {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\"\n]/g, escaped)}"`);
    this.text += `${this.#name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
    return this;
  }
}

const escaped = (char: string) => (char === '\n' ? '\\n' : `\\${char}`);
