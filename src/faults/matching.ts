import { type Labels, labelOf, parseLabelSelector, type Selector } from '../resources/selector.js';
import type { FaultKind } from './catalogue.js';
import type { NearMiss } from './near-misses.js';
import type { FaultMatch } from './rule.js';

/** A request, as rules look at it. */
export interface Asked {
  readonly verb: string;
  readonly path: string;
  /** The resource that it asks for; undefined for what is none. */
  readonly resource:
    | {
        readonly group: string;
        readonly plural: string;
        readonly subresource: string;
        readonly namespace: string;
        readonly name: string;
      }
    | undefined;
  readonly user: string;
  readonly userAgent: string;
  /** The labels of the object that it is about, or the selector that it names. A creation is about the object that it sends, once that is read. */
  labels(): { readonly labels: Labels } | { readonly selector: string };
  /** Whether it goes on from somewhere: with a `resourceVersion` or a `continue` token. */
  readonly resumed: boolean;
  /** Where a webhook is called, if that is what it is about. */
  readonly webhook?: string;
  /** Whether it is to the Kubernetes API: rules reach others by their path only. */
  readonly usual: boolean;
}

export type Part = keyof FaultMatch | 'resourceVersion';

/** A match made ready to be held against requests. */
export class Matcher {
  readonly #texts = new Map<string, RegExp>();
  readonly #selector: Selector | undefined;

  /** @param possible whom it can happen to at all */
  constructor(
    readonly match: FaultMatch,
    readonly possible: Pick<FaultKind, 'verbs' | 'resumed'> = {},
  ) {
    this.#selector = match.labels === undefined ? undefined : parseLabelSelector(match.labels);
  }

  /** Whether what a creation sends would have to be known, its name or its labels: all else is as it is to be. */
  needsBody(asked: Asked): boolean {
    if (this.match.name === undefined && this.#selector === undefined) return false;
    return this.#misses(asked).every(part => part === 'name');
  }

  /** What of the match is not so of a request. */
  misses(asked: Asked): Part[] {
    return [...this.#misses(asked), ...(this.#hasLabels(asked) ? [] : ['labels' as const])];
  }

  #misses({ verb, path, resource, user, userAgent, resumed, usual, webhook }: Asked): Part[] {
    const { match } = this;
    const missed: Part[] = [];
    if (!allows(match.verbs, verb) || !allows(this.possible.verbs, verb)) missed.push('verbs');
    if (match.resources && !(resource && match.resources.some(pattern => isMeant(pattern, resource))))
      missed.push('resources');
    if (match.namespace !== undefined && !this.#like(match.namespace, resource?.namespace)) missed.push('namespace');
    if (match.name !== undefined && !this.#like(match.name, resource?.name)) missed.push('name');
    if (match.user !== undefined && !this.#like(match.user, user)) missed.push('user');
    if (match.userAgent !== undefined && !userAgent.includes(match.userAgent)) missed.push('userAgent');
    if (this.possible.resumed && !resumed) missed.push('resourceVersion');
    if (match.webhook !== undefined && !this.#like(match.webhook, webhook)) missed.push('webhook');
    if (match.path === undefined ? !usual : !this.#like(match.path, path)) missed.push('path');
    return missed;
  }

  #like(pattern: string, text: string | undefined): boolean {
    if (text === undefined) return false;
    if (!pattern.includes('*')) return pattern === text;
    let expression = this.#texts.get(pattern);
    if (!expression) {
      const parts = pattern.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
      expression = new RegExp(`^${parts.join('.*')}$`, 's');
      this.#texts.set(pattern, expression);
    }
    return expression.test(text);
  }

  #hasLabels(asked: Asked): boolean {
    const selector = this.#selector;
    if (!selector) return true;
    if (!asked.resource) return false;
    const told = asked.labels();
    if ('labels' in told) return selector.matches(told.labels);
    const named = parsed(told.selector)?.requirements.map(inWords) ?? [];
    return selector.requirements.every(requirement => named.includes(inWords(requirement)));
  }
}

const inWords = ({ key, operator, values }: { key: string; operator: string; values: readonly string[] }): string =>
  `${key} ${operator === '==' ? '=' : operator} ${values.join(',')}`;

function parsed(selector: string): Selector | undefined {
  try {
    return parseLabelSelector(selector);
  } catch {
    return undefined; // the request will be told
  }
}

const allows = (verbs: readonly string[] | undefined, verb: string): boolean =>
  verbs === undefined || verbs.includes(verb) || verbs.includes('*');

/** Whether a resource is meant by `pods`, `daemonsets.apps`, `pods/status`, `pods/*` or `*`. */
function isMeant(pattern: string, { group, plural, subresource }: NonNullable<Asked['resource']>): boolean {
  const [resource = '', sub = ''] = pattern.split('/');
  if (sub !== '*' && sub !== subresource && pattern !== '*') return false;
  if (sub === '*' && subresource === '') return false;
  return resource === '*' || resource === plural || resource === `${plural}.${group}`;
}

/** `daemonsets.apps`, `pods/status` */
export const kindOf = ({ group, plural, subresource }: NonNullable<Asked['resource']>): string =>
  `${plural}${group && `.${group}`}${subresource && `/${subresource}`}`;

/** A request in words: `update daemonsets.apps default/agent (by admin, kubectl/v1.35)`. */
export function told({ verb, path, resource, user, userAgent, webhook }: Asked): string {
  if (webhook !== undefined) return `call of ${webhook}`;
  const what = resource
    ? [kindOf(resource), [resource.namespace, resource.name].filter(Boolean).join('/')].filter(Boolean).join(' ')
    : path;
  return `${verb} ${what} (by ${[user, userAgent.split(' ', 1)[0]].filter(Boolean).join(', ')})`;
}

/** A request that is not meant, in words, and why not. */
export const nearMiss = (match: FaultMatch, asked: Asked, missed: readonly Part[]): NearMiss => ({
  request: told(asked),
  missed: missed.map(part => whyNot(match, part, asked)),
});

/** In words why a request is not meant: `verbs update, patch: it is get`. */
export function whyNot(match: FaultMatch, part: Part, asked: Asked): string {
  const { resource } = asked;
  const is = {
    verbs: asked.verb,
    resources: resource ? kindOf(resource) : 'no resource',
    namespace: resource?.namespace || 'none',
    name: resource?.name || 'none',
    labels: labelsTold(asked),
    user: asked.user || 'unknown',
    userAgent: asked.userAgent || 'none',
    path: asked.path,
    resourceVersion: 'not named',
    webhook: asked.webhook ?? 'none',
  }[part];
  const wanted = part === 'resourceVersion' ? undefined : match[part];
  return wanted === undefined
    ? `${part}: it is ${is}`
    : `${part} ${Array.isArray(wanted) ? wanted.join(', ') : String(wanted)}: it is ${is}`;
}

function labelsTold(asked: Asked): string {
  const told = asked.labels();
  if ('selector' in told) return told.selector === '' ? 'without a selector' : `selector ${told.selector}`;
  const labels = Object.keys(told.labels ?? {}).map(key => `${key}=${labelOf(told.labels, key)}`);
  return labels.length === 0 ? 'without labels' : labels.join(',');
}
