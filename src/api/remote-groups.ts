import type { Registry } from '../registry/registry.js';
import { apiServices } from '../resources/index.js';
import type { GroupVersion } from './routes.js';

/** The versions of groups for which a Service is registered (APIService), and which are not served here. */
export class RemoteGroups {
  constructor(private readonly registry: Registry) {}

  groupVersions(): GroupVersion[] {
    const served = this.registry.kinds.all();
    return this.registry.all(apiServices).flatMap(({ object: { spec } }) => {
      const { group = '', version = '', service } = spec;
      return service && !served.some(kind => kind.group === group && kind.version === version)
        ? [{ group, version }]
        : [];
    });
  }

  /** Whether it is a Service that would have to answer. None can: its containers are simulated. */
  answersFor({ group, version }: GroupVersion): boolean {
    return this.groupVersions().some(one => one.group === group && one.version === version);
  }
}
