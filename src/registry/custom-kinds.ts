import { customKinds } from '../resources/custom/definition.js';
import type { CustomResourceDefinition } from '../resources/custom/types.js';
import { qualifiedName, type ResourceDefinition } from '../resources/definition.js';
import { customResourceDefinitions } from '../resources/index.js';
import { equalJson } from '../resources/json.js';
import { holds, isTerminating } from '../resources/state.js';
import type { Change } from '../store/entry.js';
import { webhookConverter } from './conversion.js';
import type { Registry } from './registry.js';

/** What is served of one definition, and the definition as it was. */
interface Served {
  readonly crd: CustomResourceDefinition;
  readonly kinds: readonly ResourceDefinition[];
}

/**
 * Keeps the table of kinds in step with the CustomResourceDefinitions: derived state, which a cluster that is opened again has
 * before anything else happens. Served is what is established, from that write on to the one that removes the definition.
 */
export function serveCustomKinds(registry: Registry): void {
  const { kinds } = registry;
  const resource = qualifiedName(customResourceDefinitions);
  const served = new Map<string, Served>();

  const current = (name: string) => registry.get(customResourceDefinitions, '', name)?.object;

  function serve(name: string, crd: CustomResourceDefinition | undefined): void {
    const before = served.get(name);
    if (before && crd && servesTheSame(before.crd, crd)) return;
    served.delete(name);
    for (const kind of before?.kinds ?? []) kinds.remove(kind);
    if (!crd || !holds(crd, 'Established')) return;
    const isClosing = () => {
      const now = current(name);
      return now === undefined || isTerminating(now);
    };
    const made = customKinds(crd, isClosing, webhookConverter(registry, crd)) as unknown as ResourceDefinition[];
    // Nobody takes the place of a built-in kind.
    if (made.some(kind => kinds.collides(kind))) return;
    for (const kind of made) kinds.add(kind);
    served.set(name, { crd, kinds: made });
  }

  for (const { name, object } of registry.all(customResourceDefinitions)) serve(name, object);
  registry.onApply(({ type, entry }: Change) => {
    if (entry.resource !== resource) return;
    serve(entry.name, type === 'DELETED' ? undefined : (entry.object as CustomResourceDefinition));
  });
}

function servesTheSame(a: CustomResourceDefinition, b: CustomResourceDefinition): boolean {
  return (
    holds(a, 'Established') === holds(b, 'Established') &&
    equalJson(a.spec, b.spec) &&
    equalJson(a.status.acceptedNames, b.status.acceptedNames)
  );
}
