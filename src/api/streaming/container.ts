import { StatusError } from '../../registry/status.js';
import type { Container, Pod } from '../../resources/types.js';

/**
 * The container that is meant: the one of that name, or the pod's only one if none was named.
 * @throws StatusError 400 with the choice that there is. Mirrors `validateContainer` (pkg/registry/core/pod/strategy.go).
 */
export function chosenContainer({ metadata, spec }: Pod, name: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  if (name === '') {
    if (containers.length === 1) return containers[0]!.name;
    const choice = [
      `, choose one of: [${namesOf(containers)}]`,
      ...(initContainers.length > 0 ? [` or one of the init containers: [${namesOf(initContainers)}]`] : []),
      ...(ephemeralContainers.length > 0
        ? [` or one of the ephemeral containers: [${namesOf(ephemeralContainers)}]`]
        : []),
    ].join('');
    throw StatusError.badRequest(`a container name must be specified for pod ${metadata.name}${choice}`);
  }
  if ([...containers, ...initContainers, ...ephemeralContainers].some(container => container.name === name))
    return name;
  throw StatusError.badRequest(`container ${name} is not valid for pod ${metadata.name}`);
}

const namesOf = (containers: readonly Container[]) => containers.map(({ name }) => name).join(' ');
