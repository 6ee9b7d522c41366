import { createHash } from 'node:crypto';
import type { AnyDefinition } from '../registry/types.js';
import { compareText } from '../resources/compare.js';
import { apiVersionOf, type GroupVersionKind, isCustom, type Subresource, type Verb } from '../resources/definition.js';
import { matches, parseAccept } from './negotiate.js';
import type { GroupVersion, Routes } from './routes.js';

/** One row of an APIResourceList. */
export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: readonly Verb[];
  shortNames?: readonly string[];
  categories?: readonly string[];
  storageVersionHash?: string;
}

/** The documents that tell a client what there is: all of them follow from the table of kinds. */
export class Discovery {
  /** @param remote versions of groups that others are to answer for */
  constructor(
    readonly routes: Routes,
    private readonly remote: () => readonly GroupVersion[] = () => [],
  ) {}

  /** All that begins with `/api` and is no resource. */
  paths(): string[] {
    const groups = this.#groupNames().map(name => `/apis/${name}`);
    const versions = this.#groupVersions().map(({ group, version }) =>
      group ? `/apis/${group}/${version}` : `/api/${version}`,
    );
    return ['/api', '/apis', '/apis/', ...groups, ...versions];
  }

  /** `/api` */
  versions(serverAddress: string): object {
    const versions = this.#versionsOf('').map(v => v.version);
    return { kind: 'APIVersions', versions, serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }] };
  }

  /** `/apis` */
  groups(): object {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: this.#groupNames().map(name => this.#group(name)) };
  }

  /** `/apis/<group>`; undefined if the group is not served. */
  group(name: string): object | undefined {
    return this.#groupNames().includes(name) ? { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(name) } : undefined;
  }

  /** `/api/v1`, `/apis/<group>/<version>`; undefined if it is not served. */
  resources(groupVersion: GroupVersion): object | undefined {
    const definitions = this.routes.resources(groupVersion);
    if (definitions.length === 0) return undefined;
    // The core group's list is older than the field `apiVersion`.
    const apiVersion = groupVersion.group ? { apiVersion: 'v1' } : {};
    return {
      kind: 'APIResourceList',
      ...apiVersion,
      groupVersion: apiVersionOf(groupVersion),
      resources: rows(definitions),
    };
  }

  /**
   * The aggregated form of `/api` and `/apis`, for clients that ask for it: everything in one answer.
   * @param version of `apidiscovery.k8s.io`
   */
  aggregated(core: boolean, version: string): { body: Buffer; etag: string } {
    const names = core ? [''] : this.#groupNames();
    const items = names.map(name => ({
      metadata: { ...(name ? { name } : {}), creationTimestamp: null },
      versions: this.#versionsOf(name).map(groupVersion => this.#aggregatedVersion(groupVersion)),
    }));
    const list = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
    const body = Buffer.from(`${JSON.stringify(list)}\n`);
    return { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
  }

  /** What others do not tell of is not known here. */
  #aggregatedVersion(groupVersion: GroupVersion): object {
    const { version } = groupVersion;
    const definitions = this.routes.resources(groupVersion);
    if (definitions.length === 0) return { version, freshness: 'Stale' };
    return { version, resources: definitions.map(aggregatedResource), freshness: 'Current' };
  }

  #groupVersions(): readonly GroupVersion[] {
    return [...this.routes.groupVersions(), ...this.remote()];
  }

  #groupNames(): string[] {
    return [...new Set(this.#groupVersions().map(v => v.group))].filter(name => name !== '');
  }

  #group(name: string): object {
    const versions = this.#versionsOf(name).map(v => ({ groupVersion: apiVersionOf(v), version: v.version }));
    return { name, versions, preferredVersion: versions[0] };
  }

  /** The versions of one group, the preferred one first: stable before beta before alpha. */
  #versionsOf(group: string): GroupVersion[] {
    const versions = this.#groupVersions().filter(v => v.group === group);
    return versions.sort((a, b) => rank(b.version) - rank(a.version) || compareText(a.version, b.version));
  }
}

function rows(definitions: readonly AnyDefinition[]): ApiResource[] {
  const found = definitions.flatMap(d => [resourceRow(d), ...d.subresources.map(s => subresourceRow(d, s))]);
  const binding = found.find(row => row.name === 'pods/binding');
  if (binding) found.push({ ...binding, name: 'bindings', singularName: 'binding' });
  // The subresources of a custom kind are told in their own order: status, scale.
  return definitions.every(isCustom) ? found : sortedByName(found);
}

function sortedByName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The version of `apidiscovery.k8s.io` that a client wants `/api` and `/apis` in, and undefined if it wants the plain
 * lists.
 */
export function wantsAggregated(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  if (!accept?.includes('APIGroupDiscoveryList')) return undefined;
  for (const clause of parseAccept(accept)) {
    if (!matches(clause, 'application', 'json')) continue;
    const { g, v, as } = clause.parameters;
    if (as === undefined && g === undefined && v === undefined) return undefined;
    if (g === 'apidiscovery.k8s.io' && as === 'APIGroupDiscoveryList' && (v === 'v2' || v === 'v2beta1')) return v;
  }
  return undefined;
}

function resourceRow(d: AnyDefinition): ApiResource {
  return {
    name: d.plural,
    singularName: d.singular,
    namespaced: d.namespaced,
    kind: d.kind,
    verbs: verbsOf(d),
    ...(d.shortNames.length ? { shortNames: d.shortNames } : {}),
    ...(d.categories.length ? { categories: d.categories } : {}),
    ...(d.virtual ? {} : { storageVersionHash: storageVersionHash(d.stored?.kind ?? d) }),
  };
}

function subresourceRow(d: AnyDefinition, s: Subresource): ApiResource {
  return {
    name: `${d.plural}/${s.name}`,
    singularName: '',
    namespaced: d.namespaced,
    ...(s.group === undefined || s.group === d.group ? {} : { group: s.group, version: s.version ?? d.version }),
    kind: s.kind,
    verbs: sorted(s.verbs),
  };
}

function aggregatedResource(d: AnyDefinition): object {
  return {
    resource: d.plural,
    responseKind: kindOf(d, d),
    scope: d.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: d.singular,
    verbs: verbsOf(d),
    ...(d.shortNames.length ? { shortNames: d.shortNames } : {}),
    ...(d.categories.length ? { categories: d.categories } : {}),
    ...(d.subresources.length
      ? {
          subresources: (isCustom(d) ? d.subresources : sortedByName(d.subresources)).map(s => ({
            subresource: s.name,
            responseKind: kindOf(s, d),
            verbs: sorted(s.verbs),
          })),
        }
      : {}),
  };
}

/** What is left to do with a kind that is on its way out. */
const LAST_VERBS: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** Custom kinds have an order of their own. */
const CUSTOM_VERBS: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

function verbsOf(d: AnyDefinition): readonly Verb[] {
  if (d.isClosing?.()) return LAST_VERBS;
  return isCustom(d) ? CUSTOM_VERBS : sorted(d.verbs);
}

function kindOf(what: { group?: string; version?: string; kind: string }, definition: AnyDefinition): GroupVersionKind {
  return { group: what.group ?? definition.group, version: what.version ?? definition.version, kind: what.kind };
}

/** Tells clients whether the stored form changed; the first eight bytes of a hash over group, version and kind, as upstream. */
function storageVersionHash({ group, version, kind }: GroupVersionKind): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

/** `v2` > `v1` > `v1beta2` > `v1beta1` > `v1alpha1` > what is called otherwise. */
function rank(version: string): number {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return -1;
  const [, major = '0', stage = '', minor = '0'] = match;
  return (stage === '' ? 2e6 : stage === 'beta' ? 1e6 : 0) + Number(major) * 1000 + Number(minor);
}

const sorted = (verbs: readonly Verb[]) => [...verbs].sort();
