import type { User } from '../access/user.js';
import type { Registry } from '../registry/registry.js';
import { accountUserName } from '../resources/account-names.js';
import {
  type FlowRule,
  type FlowSchema,
  type FlowSubject,
  flowSchemas,
  priorityLevels,
} from '../resources/plain/flow-control.js';
import { allowsPath, allowsResource, type ResourceAttributes } from '../resources/policy-rules.js';
import type { Entry } from '../store/entry.js';
import type { Exchange } from './http.js';
import { attributesOf } from './routes.js';

/** A flow schema whose level is there. */
interface Flow {
  readonly rules: readonly FlowRule[];
  readonly headers: readonly string[];
}

/**
 * Tells by which flow schema a request is served, and at which priority level. Nobody is held back. Flow schemas are made when
 * somebody first asks for them: until then there are none to tell of, and nobody who would know their uids.
 */
export class FlowControl {
  #schemas: readonly Entry<FlowSchema>[] = [];
  #levels: readonly Entry[] = [];
  #flows: readonly Flow[] = [];

  constructor(readonly registry: Registry) {}

  /** The headers that tell of it, name and value by turns; none if no flow schema speaks of the request, and for long connections. */
  headersFor(exchange: Exchange): readonly string[] {
    const schemas = this.registry.all(flowSchemas);
    if (schemas.length === 0 || CONNECTIONS.has(exchange.target?.subresource?.name ?? '')) return [];
    const levels = this.registry.all(priorityLevels);
    // Lists stay the same while nothing is written.
    if (schemas !== this.#schemas || levels !== this.#levels) {
      this.#schemas = schemas;
      this.#levels = levels;
      this.#flows = compile(schemas, levels);
    }
    const { user, verb, target, req } = exchange;
    const asked = target ? attributesOf(target, verb) : undefined;
    const path = asked ? '' : req.url!.split('?', 1)[0]!;
    for (const { rules, headers } of this.#flows) {
      for (const rule of rules) {
        if (!rule.subjects?.some(subject => isMeant(subject, user))) continue;
        if (asked ? speaksOf(rule, asked) : rule.nonResourceRules?.some(r => allowsPath(r, { verb, path })))
          return headers;
      }
    }
    return [];
  }
}

/** Subresources that upstream counts as connections rather than requests. */
const CONNECTIONS: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/** In the order in which they are asked. */
function compile(schemas: readonly Entry<FlowSchema>[], levels: readonly Entry[]): Flow[] {
  const uids = new Map(levels.map(({ name, uid }) => [name, uid]));
  const ordered = [...schemas].sort(
    (a, b) => a.object.spec.matchingPrecedence - b.object.spec.matchingPrecedence || (a.name < b.name ? -1 : 1),
  );
  return ordered.flatMap(({ uid, object: { spec } }) => {
    const level = uids.get(spec.priorityLevelConfiguration.name);
    const headers = ['X-Kubernetes-Pf-Flowschema-Uid', uid, 'X-Kubernetes-Pf-Prioritylevel-Uid', level ?? ''];
    return level === undefined ? [] : [{ rules: spec.rules ?? [], headers }];
  });
}

function speaksOf({ resourceRules = [] }: FlowRule, asked: ResourceAttributes): boolean {
  const { namespace } = asked;
  return resourceRules.some(rule => {
    if (!allowsResource(rule, asked)) return false;
    if (namespace === '') return rule.clusterScope === true;
    return rule.namespaces?.some(known => known === '*' || known === namespace);
  });
}

function isMeant({ user, group, serviceAccount }: FlowSubject, { name, groups }: User): boolean {
  if (user) return user.name === '*' || user.name === name;
  if (group) return group.name === '*' || groups.includes(group.name);
  if (!serviceAccount) return false;
  const one = serviceAccount.name === '*' ? '' : serviceAccount.name;
  const account = accountUserName(serviceAccount.namespace, one);
  return one ? name === account : name.startsWith(account);
}
