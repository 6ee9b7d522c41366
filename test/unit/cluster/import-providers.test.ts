import { describe, expect, it } from 'vitest';
import { createCluster } from '../../../src/index.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { PROVIDERS } from './provider-clusters.js';

describe.each(PROVIDERS)('a cluster of %s', (_, given) => {
  it('comes in as a whole, and a day later all is as it was: nothing made anew, rolled out, run again or given other storage', async () => {
    const cluster = await createCluster({ clock: 'virtual', import: given });
    expect(cluster.imported!.left.map(({ kind, name, why }) => `${kind} ${name}: ${why}`)).toEqual([]);
    const began = cluster.revision;
    await cluster.advance('24h');
    const rows = await cluster.registry.log.backend.read(began, 100_000);
    const kinds = new Set(given.map(({ kind }) => kind));
    const touched = rows
      .map(row => ({ type: row.type, object: JSON.parse(row.json.bytes.toString()) as KubeObject }))
      .filter(({ type, object }) => type !== 'MODIFIED' && kinds.has(object.kind))
      .map(({ type, object }) => `${type} ${object.kind} ${object.metadata.name}`);
    expect(touched).toEqual([]);
    for (const object of given) {
      const { apiVersion, kind, metadata, spec, status } = object as typeof object & {
        spec?: unknown;
        status?: unknown;
      };
      const definition = cluster.registry.kinds.byKind(apiVersion, kind)!;
      const namespace = (metadata.namespace as string | undefined) ?? '';
      const now = cluster.registry.get(definition, namespace, metadata.name as string)?.object as
        | (KubeObject & { spec?: unknown; status?: { phase?: string } })
        | undefined;
      const name = `${kind} ${metadata.name}`;
      expect([name, now?.metadata.uid, now?.metadata.generation]).toEqual([name, metadata.uid, metadata.generation]);
      if (spec) expect(now!.spec, name).toMatchObject(spec);
      const phase = (status as { phase?: string } | undefined)?.phase;
      expect([name, now!.status?.phase]).toEqual([name, phase]);
      if (['StatefulSet', 'Job', 'ManagedCertificate'].includes(kind))
        expect(now!.status, name).toMatchObject(status as object);
    }
    await cluster.close();
  });
});
