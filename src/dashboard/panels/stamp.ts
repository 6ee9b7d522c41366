import { useMemo } from 'preact/hooks';
import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import { useFollowed } from '../model/followed.js';
import type { Selection } from '../model/place-url.js';
import type { World } from '../model/world.js';

/**
 * Another value whenever what is selected may have become another. It looks at what the picture tells of it, so that nothing is asked
 * while only others change.
 */
export function useStamp(world: World, selection: Selection): unknown {
  const { picture } = world.look();
  const connection = world.connection.value.state;
  // Only its own changes are heard of.
  const heard = useFollowed<ObjectChangedAnswer>(
    world,
    OBJECT_CHANGED,
    selection.kind === 'object'
      ? { kind: selection.type, namespace: selection.namespace || null, name: selection.name }
      : undefined,
  );
  const parts = (): readonly unknown[] => {
    const row = 'node' in selection ? picture.rows.get(selection.node)?.changed : undefined;
    switch (selection.kind) {
      case 'node':
        return [row];
      case 'pair':
        return [row, picture.daemonSets.get(`${selection.namespace}/${selection.name}`)];
      case 'daemonSet': {
        const key = `${selection.namespace}/${selection.name}`;
        const owner = picture.columns.find(column => column.key === key);
        const tally = owner && picture.tallyOf(owner);
        return [picture.daemonSets.get(key), `${tally?.states} ${tally?.outdated}`, picture.arrangement];
      }
      case 'object':
        return [heard];
    }
  };
  const seen = [connection, ...parts()];
  // Always of the same length, as hooks want it.
  return useMemo(() => ({}), [seen[0], seen[1], seen[2], seen[3]]);
}
