import { BEHAVIORS_PATH, SNAPSHOTS_PATH, type SnapshotControl } from '../../admin/control.js';
import type { BehaviorRule, BehaviorRules } from '../../kubelet/index.js';
import type { Registry } from '../../registry/registry.js';
import { StatusError } from '../../registry/status.js';
import { type Deed, failed, type Turns } from '../../registry/turns.js';
import { apiVersionOf, type ResourceDefinition } from '../../resources/definition.js';
import type { KubeObject } from '../../resources/types.js';
import { CALL } from './format.js';

/** What changes something in a registry, or may. */
const WRITES = ['create', 'update', 'patch', 'delete', 'deleteCollection', 'bind'] as const;
type Write = (typeof WRITES)[number];

/** A write as it is told in JSON. */
interface Call {
  readonly call: Write;
  /** Of which kind; absent of a binding, which is of a pod. */
  readonly kind?: { readonly apiVersion: string; readonly kind: string };
  /** All but the kind. */
  readonly args: readonly unknown[];
}

type Written = (...args: unknown[]) => Promise<unknown>;

/**
 * A registry as a program sees it whose session is recorded: what it writes is noted down, and takes turns as requests do, since only so it can be
 * done again at the same point. Reads are the registry's own.
 */
export function witnessedRegistry(registry: Registry): Registry {
  const methods = new Map<string | symbol, Written>(
    WRITES.map(call => {
      const write = registry[call].bind(registry) as Written;
      const take: Written = (...args) =>
        registry.turns.witness ? registry.turns.take(() => write(...args), deedOf(call, args)) : write(...args);
      return [call, take];
    }),
  );
  return new Proxy(registry, {
    get(target, property) {
      const method = methods.get(property);
      if (method) return method;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, property, value) => Reflect.set(target, property, value, target),
  });
}

/** Does again what a program did by way of a registry. @throws StatusError as it did then; 404 where there is no such kind */
export async function doAgain(registry: Registry, { call, kind, args }: Call): Promise<void> {
  // What JSON tells as null was left out.
  const given = args.map(arg => arg ?? undefined);
  const definition = kind && registry.kinds.byKind(kind.apiVersion, kind.kind);
  if (kind && !definition)
    throw new StatusError(404, 'NotFound', `there is no kind ${kind.kind} in ${kind.apiVersion}`);
  await (registry[call] as Written)(...(kind ? [definition] : []), ...given);
}

function deedOf(call: Write, args: readonly unknown[]): Deed {
  const isBinding = call === 'bind';
  const [kind, ...rest] = args as [ResourceDefinition, ...unknown[]];
  const told: Call = isBinding
    ? { call, args }
    : { call, kind: { apiVersion: apiVersionOf(kind), kind: kind.kind }, args: rest };
  const path = isBinding ? `/api/v1/namespaces/${args[0]}/pods/${args[1]}` : pathOf(call, kind, rest);
  return { method: CALL, path: `${call} ${path}`, headers: {}, body: told, outcome: outcomeOf(200) };
}

/** Where the object is that is written, as requests name it. */
function pathOf(call: Write, kind: ResourceDefinition, [first, second]: readonly unknown[]): string {
  const { metadata }: Partial<KubeObject> = first ?? {};
  const isObject = call === 'create' || call === 'update';
  const [namespace, name] = isObject
    ? [metadata?.namespace, metadata?.name]
    : call === 'deleteCollection'
      ? []
      : [first, second];
  const within = kind.namespaced && namespace ? `/namespaces/${namespace}` : '';
  return `${kind.group === '' ? '/api/' : '/apis/'}${apiVersionOf(kind)}${within}/${kind.plural}${name ? `/${name}` : ''}`;
}

const outcomeOf =
  (code: number): Deed['outcome'] =>
  failure =>
    failure ? failed(failure) : { code };

/** A request of the admin API that comes to the same as what a program did. */
const request = (method: string, path: string, body: object, code: number): Deed => ({
  method,
  path,
  headers: { 'content-type': 'application/json' },
  body,
  outcome: outcomeOf(code),
});

/** Snapshots as a program has them whose session is recorded. @param turns of the cluster as it is at the time */
export function witnessedSnapshots(snapshots: SnapshotControl, turns: () => Turns): SnapshotControl {
  const through =
    (method: string, suffix: string, act: SnapshotControl['take']): SnapshotControl['take'] =>
    (name, user) => {
      const work = () => act(name, user);
      const deed = request(method, `${SNAPSHOTS_PATH}/${encodeURIComponent(name)}${suffix}`, {}, 200);
      return turns().witness ? turns().take(work, deed) : work();
    };
  return {
    ...snapshots,
    take: through('PUT', '', snapshots.take),
    restore: through('POST', '/restore', snapshots.restore),
    delete: through('DELETE', '', snapshots.delete),
  };
}

/** Rules for pods and nodes as a program has them whose session is recorded: they count at once, as they do without. */
export function witnessedBehaviors(rules: BehaviorRules, turns: () => Turns): BehaviorRules {
  const noted = <T>(deed: Deed, work: () => T): T => {
    const result = work();
    // What came to nothing need not be done again.
    if (result !== false) turns().witness?.(deed)(deed.outcome(undefined, result));
    return result;
  };
  const pathOfRule = (name: string) => `${BEHAVIORS_PATH}/${encodeURIComponent(name)}`;
  const methods: Partial<BehaviorRules> = {
    add: (rule: BehaviorRule) => noted(request('POST', BEHAVIORS_PATH, rule, 201), () => rules.add(rule)),
    remove: (name: string) => noted(request('DELETE', pathOfRule(name), {}, 200), () => rules.remove(name)),
    clear: () => noted(request('DELETE', BEHAVIORS_PATH, {}, 200), () => rules.clear()),
  };
  return new Proxy(rules, {
    get(target, property) {
      const method = methods[property as keyof BehaviorRules];
      if (method) return method;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
