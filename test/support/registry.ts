import { Random } from '../../src/clock/random.js';
import { VirtualClock } from '../../src/clock/virtual-clock.js';
import type { AdmissionOptions } from '../../src/registry/admission/index.js';
import { Registry } from '../../src/registry/registry.js';
import type { Era } from '../../src/resources/definition.js';
import { namespaces } from '../../src/resources/index.js';
import { kindsOf } from '../../src/resources/old-versions.js';
import type { Backend } from '../../src/store/backend.js';
import { RevisionLog } from '../../src/store/log.js';
import { MemoryBackend } from '../../src/store/memory.js';

/** A registry over memory, on a clock that stands still. Nobody acts on what is written. */
export interface TestRegistry extends Registry {
  readonly clock: VirtualClock;
}

export interface TestRegistryOptions {
  readonly era?: Era | undefined;
  /** Which admission plugins are on. */
  readonly admission?: AdmissionOptions | undefined;
  readonly clock?: VirtualClock | undefined;
  readonly backend?: Backend | undefined;
}

/** Opens a registry with these namespaces in it. */
export async function openRegistry(
  inIt: readonly string[] = ['default'],
  { era = 'current', admission, clock = new VirtualClock(), backend = new MemoryBackend() }: TestRegistryOptions = {},
): Promise<TestRegistry> {
  const log = await RevisionLog.open(backend, { now: () => clock.now() });
  const registry = new Registry({
    log,
    clock,
    random: new Random(1),
    kinds: kindsOf(era),
    era,
    admission,
  });
  for (const name of inIt) await addNamespace(registry, name);
  return registry as TestRegistry;
}

export function addNamespace(registry: Registry, name: string) {
  return registry.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} });
}
