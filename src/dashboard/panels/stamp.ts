import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { OBJECT_CHANGED, type ObjectChangedAnswer } from '../graph/detail.js';
import type { Selection } from '../model/place-url.js';
import type { World } from '../model/world.js';

/**
 * Another value whenever what is selected may have become another. It looks at what the picture tells of it, so that nothing is asked
 * while only others change.
 */
export function useStamp(world: World, selection: Selection): unknown {
  const { picture } = world.look();
  const connection = world.connection.value.state;
  const revision = useRevision(world, selection.kind === 'object' ? selection : undefined, connection);
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
        return [revision];
    }
  };
  const seen = [connection, ...parts()];
  // Always of the same length, as hooks want it.
  return useMemo(() => ({}), [seen[0], seen[1], seen[2], seen[3]]);
}

/** The newest revision of an object that was told of since it is looked at: only its own changes are heard of. */
function useRevision(
  { graph }: World,
  object: Extract<Selection, { kind: 'object' }> | undefined,
  connection: World['connection']['value']['state'],
): string | undefined {
  const revision = useSignal<string | undefined>(undefined);
  const { type: kind, namespace, name } = object ?? {};
  useEffect(() => {
    revision.value = undefined;
    if (name === undefined || connection !== 'live') return;
    return graph.follow<ObjectChangedAnswer>(
      OBJECT_CHANGED,
      { kind, namespace: namespace || null, name },
      {
        next: ({ objectChanged }) => {
          revision.value = objectChanged.revision;
        },
        // Where the server is gone, the connection becomes another; what it refuses, the panel is told too.
        over: () => {},
      },
    );
  }, [graph, kind, namespace, name, connection]);
  return revision.value;
}
