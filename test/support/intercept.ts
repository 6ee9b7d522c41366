import type { Registry } from '../../src/registry/registry.js';
import type { ResourceDefinition } from '../../src/resources/definition.js';
import type { KubeObject } from '../../src/resources/types.js';

/** A write that somebody asks the registry for. */
export interface Call {
  readonly verb: 'create' | 'update' | 'patch' | 'delete';
  readonly kind: ResourceDefinition<KubeObject>;
  readonly namespace: string;
  /** Empty where the name is still to be drawn. */
  readonly name: string;
  /** `status`, … */
  readonly subresource?: string | undefined;
}

/** What is done in the place of a write. `carryOut` does it. */
export type Interceptor = (call: Call, carryOut: () => Promise<unknown>) => Promise<unknown>;

type Write = (...args: unknown[]) => Promise<unknown>;
type Named = Pick<KubeObject, 'metadata'>;

const nameOf = ({ metadata: { namespace = '', name = '' } }: Named) => ({ namespace, name });

/** Where and of what a call is, from its arguments after the kind, and its options. */
function target(verb: Call['verb'], args: unknown[]): [Pick<Call, 'namespace' | 'name'>, options: unknown] {
  if (verb === 'create' || verb === 'update') return [nameOf(args[0] as Named), args[1]];
  return [{ namespace: String(args[0]), name: String(args[1]) }, args[verb === 'patch' ? 3 : 2]];
}

/** The registry as somebody sees it for whom some of its methods do something else. */
export function overridden(registry: Registry, methods: Partial<Registry>): Registry {
  return new Proxy(registry, {
    get(target, property) {
      if (property in methods) return methods[property as keyof Registry];
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The registry as somebody sees it whose writes go through `interceptor`. Reads are not touched, nor are the writes of others. */
export function intercepted(registry: Registry, interceptor: Interceptor): Registry {
  const through = (verb: Call['verb']) => {
    const write = registry[verb].bind(registry) as Write;
    return (kind: Call['kind'], ...args: unknown[]) => {
      const [where, options] = target(verb, args);
      const { subresource } = (options ?? {}) as { subresource?: string };
      return interceptor({ verb, kind, ...where, subresource }, () => write(kind, ...args));
    };
  };
  const verbs = ['create', 'update', 'patch', 'delete'] as const;
  return overridden(registry, Object.fromEntries(verbs.map(verb => [verb, through(verb)])) as Partial<Registry>);
}
