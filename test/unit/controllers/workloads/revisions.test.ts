import { describe, expect, it } from 'vitest';
import { liveHashes } from '../../../../src/controllers/daemonset/compiled.js';
import {
  nextRevision,
  type RevisionEntry,
  revisionData,
  splitHistory,
  surplusRevisions,
} from '../../../../src/controllers/workloads/revisions.js';
import type { Pod, PodTemplateSpec } from '../../../../src/resources/types.js';
import type { Entry } from '../../../../src/store/entry.js';

const template = (image: string): PodTemplateSpec => ({
  metadata: { labels: { b: '2', app: 'agent' } },
  spec: { containers: [{ name: 'main', image }] },
});

function revision(number: number, image: string, hash = `h${number}`): RevisionEntry {
  const { data } = revisionData(template(image));
  const metadata = {
    name: `ds-${hash}`,
    labels: { 'controller-revision-hash': hash },
    creationTimestamp: '2025-01-01T00:00:00Z',
  };
  return {
    object: { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data, revision: number },
  } as unknown as RevisionEntry;
}

describe('revisionData', () => {
  it('REV-03: is a patch that replaces the template, keys sorted', () => {
    expect(revisionData(template('a:1')).text).toBe(
      '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"agent","b":"2"}},"spec":{"containers":[{"image":"a:1","name":"main"}]}}}}',
    );
  });

  it('REV-03: is the same for the same template, in whatever order its keys are', () => {
    const { metadata, spec } = template('a:1');
    expect(revisionData({ spec, metadata: { labels: { app: 'agent', b: '2' } } })).toEqual(
      revisionData({ metadata: metadata!, spec }),
    );
  });
});

describe('history', () => {
  const data = revisionData(template('a:2'));

  it('REV-02, REV-04: tells the live template from others, and numbers on from the others', () => {
    const [first, second] = [revision(1, 'a:1'), revision(2, 'a:2')];
    expect(splitHistory([second, first], data)).toEqual({ current: [second], old: [first] });
    expect(nextRevision(splitHistory([second, first], data))).toBe(2);
    expect(nextRevision(splitHistory([], data))).toBe(1);
    expect(nextRevision(splitHistory([revision(5, 'a:1'), revision(3, 'a:2')], data))).toBe(6);
  });

  it('REV-06: of several current ones the highest number comes last', () => {
    const { current } = splitHistory([revision(3, 'a:2', 'x'), revision(1, 'a:2', 'y')], data);
    expect(current.map(r => r.object.revision)).toEqual([1, 3]);
  });

  it('REV-08: drops the oldest beyond the limit, but none that a pod is still of', () => {
    const old = [1, 2, 3, 4].map(n => revision(n, `a:${n}`));
    const dropped = (limit: number, ...live: string[]) =>
      surplusRevisions(old, limit, new Set(live)).map(r => r.object.revision);
    expect(dropped(4)).toEqual([]);
    expect(dropped(2)).toEqual([1, 2]);
    expect(dropped(2, 'h1')).toEqual([2, 3]);
    expect(dropped(0, 'h1', 'h4')).toEqual([2, 3]);
    expect(dropped(0)).toEqual([1, 2, 3, 4]);
  });

  it('REV-08: alive is the hash of every pod that belongs to a node, also of one that has ended and is going', () => {
    const entry = (hash: string, nodeName?: string) => {
      const metadata = {
        name: hash,
        labels: { 'controller-revision-hash': hash },
        deletionTimestamp: '2025-01-01T00:00:00Z',
      };
      return { object: { metadata, spec: { nodeName }, status: { phase: 'Failed' } } } as unknown as Entry<Pod>;
    };
    expect([...liveHashes([entry('a', 'node-0'), entry('b')])]).toEqual(['a']);
  });
});
