import { readFileSync } from 'node:fs';
import { parseDuration } from '../clock/duration.js';
import { MAX_RATE } from '../clock/world-clock.js';
import type { Share } from '../cluster/node-plan.js';
import type { JournalOptions } from '../faults/journal.js';
import type { FaultRule } from '../faults/rule.js';
import type { KubeletOptions } from '../kubelet/options.js';
import type { NetworkSetting } from '../network/options.js';
import { messageOf } from '../registry/status.js';
import { yaml } from '../registry/yaml.js';
import type { Era } from '../resources/definition.js';
import { isObject } from '../resources/json.js';

/** The options of `kubette serve`, by their long names in camelCase. */
export interface ServeOptions {
  port: number;
  host: string;
  token?: string;
  tls?: boolean;
  /** Absent only where a cluster is in memory unless it is given. */
  data?: string;
  inMemory?: boolean;
  sync: 'normal' | 'full';
  history?: string;
  nodes?: number;
  zones?: number;
  gpu?: Share;
  apply?: string[];
  seed: string | number;
  era?: Era;
  kubelet: 'simulated' | 'off' | KubeletOptions;
  network: NetworkSetting;
  networkAllow?: string;
  dns?: number;
  controllers: string;
  enableAdmissionPlugins?: string;
  disableAdmissionPlugins?: string;
  webhookHosts?: string;
  authorizationMode: 'AlwaysAllow' | 'RBAC';
  import?: string[];
  clock: 'real' | 'virtual';
  rate?: number;
  maxForks: number;
  forkIdle: string;
  /** Rules, or a file of them. */
  faults?: readonly FaultRule[] | string;
  record?: string;
  /** Or how many requests it keeps. */
  journal?: JournalOptions | number;
  config?: string;
  readyFile?: string;
  dieWithParent?: boolean;
}

/** The names in a comma-separated list. */
export const listOf = (list = ''): string[] =>
  list
    .split(',')
    .map(name => name.trim())
    .filter(Boolean);

type Check = (value: unknown) => boolean;
const isText: Check = value => typeof value === 'string';
const isWhole: Check = value => Number.isInteger(value) && (value as number) >= 0;
const oneOf =
  (...choices: unknown[]): Check =>
  value =>
    choices.includes(value);

const CHECKS: Record<Exclude<keyof ServeOptions, 'config'>, [Check, string]> = {
  port: [isWhole, 'a port number'],
  host: [isText, 'an address'],
  token: [isText, 'a text'],
  tls: [value => typeof value === 'boolean', 'true or false'],
  data: [isText, 'a path'],
  inMemory: [value => typeof value === 'boolean', 'true or false'],
  sync: [oneOf('normal', 'full'), 'normal or full'],
  history: [value => isText(value) && !!parseDuration(value as string), 'a duration such as 5m'],
  nodes: [isWhole, 'a number of nodes'],
  zones: [value => isWhole(value) && (value as number) <= 26, 'a number of zones, 26 at most'],
  gpu: [value => isWhole(value) || /^\d+(\.\d+)?%$/.test(String(value)), 'a share such as 10%, or a number'],
  record: [isText, 'a path'],
  apply: [value => Array.isArray(value) && value.every(isText), 'a list of paths'],
  seed: [value => isText(value) || Number.isFinite(value), 'a number or a text'],
  era: [oneOf('current', '1.11'), 'current or "1.11"'],
  kubelet: [
    value => oneOf('simulated', 'off')(value) || (typeof value === 'object' && value !== null),
    'simulated, off or a map of settings',
  ],
  network: [
    value => oneOf('off', 'loopback', 'ports')(value) || isObject(value),
    'off, loopback, ports or a map of settings',
  ],
  networkAllow: [isText, 'a comma-separated list'],
  dns: [value => isWhole(value) && (value as number) <= 65_535, 'a port number'],
  controllers: [isText, 'a comma-separated list'],
  enableAdmissionPlugins: [isText, 'a comma-separated list'],
  disableAdmissionPlugins: [isText, 'a comma-separated list'],
  webhookHosts: [isText, 'a comma-separated list'],
  clock: [oneOf('real', 'virtual'), 'real or virtual'],
  rate: [value => typeof value === 'number' && value >= 0 && value <= MAX_RATE, `a number from 0 to ${MAX_RATE}`],
  maxForks: [isWhole, 'a number of forks'],
  forkIdle: [value => isText(value) && !!parseDuration(value as string), 'a duration such as 30m'],
  faults: [value => Array.isArray(value) || isText(value), 'a list of rules, as in docs/faults.md, or a file of them'],
  journal: [value => isObject(value) || isWhole(value), 'a map such as { size: 1000, bodies: true }, or a number'],
  import: [value => Array.isArray(value) && value.every(isText), 'a list of paths'],
  readyFile: [isText, 'a path'],
  dieWithParent: [value => typeof value === 'boolean', 'true or false'],
  authorizationMode: [oneOf('AlwaysAllow', 'RBAC'), 'AlwaysAllow or RBAC'],
};

/**
 * Reads the file given with `--config`: long option names (`in-memory` or `inMemory`) and their values.
 * @throws Error that names the file and what is wrong with it
 */
export function readConfig(path: string): Partial<ServeOptions> {
  const content = readYaml('--config', path);
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new Error(`--config ${path}: it must be a map of options`);
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(content)) {
    const name = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!Object.hasOwn(CHECKS, name))
      throw new Error(`--config ${path}: there is no option ${key} (see kubette --help)`);
    const [check, form] = CHECKS[name as keyof typeof CHECKS];
    if (!check(value)) throw new Error(`--config ${path}: ${key} must be ${form}, not ${JSON.stringify(value)}`);
    config[name] = value;
  }
  return config;
}

/**
 * Reads the file given with `--faults`: a list of rules in YAML or JSON, or `{ faults: [...] }` as elsewhere. What a rule may say is for the cluster to
 * check.
 * @throws Error that names the file and what is wrong with it
 */
export function readFaults(path: string): readonly FaultRule[] {
  const content = readYaml('--faults', path);
  const rules = isObject(content) && Object.keys(content).join() === 'faults' ? content.faults : content;
  if (!Array.isArray(rules)) throw new Error(`--faults ${path}: it must be a list of rules, as in docs/faults.md`);
  return rules as FaultRule[];
}

/** @throws Error that names the option and the file */
function readYaml(option: string, path: string): unknown {
  try {
    return yaml().parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${option} ${path}: ${messageOf(error)}`);
  }
}
