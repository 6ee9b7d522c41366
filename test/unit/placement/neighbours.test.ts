import { describe, expect, it } from 'vitest';
import type { CheckName } from '../../../src/placement/check.js';
import { explainFit, PodFit } from '../../../src/placement/fit.js';
import { NodeInfo } from '../../../src/placement/node-info.js';
import { withLabelKeys } from '../../../src/resources/label-keys.js';
import type { Pod, PodSpec } from '../../../src/resources/types.js';
import { away, fitting, near, spread, type TestView, term, threeNodes, viewOf } from './clusters.js';
import { node, pod } from './objects.js';

describe('pods and their neighbours', () => {
  /** As the registry makes it. */
  const asMade = (p: Pod): Pod => ({ ...p, spec: withLabelKeys(p) });
  const db = pod('db', {}, { app: 'db' });
  const elsewhere = { ...db, metadata: { ...db.metadata, namespace: 'other' } };
  it.each<[string, Pod, TestView, string[]]>([
    ['near, on the same host', pod('p', near(term('db', 'host'))), threeNodes({ a1: [db] }), ['a1']],
    ['near, in the same zone', pod('p', near(term('db', 'zone'))), threeNodes({ a1: [db] }), ['a1', 'a2']],
    [
      'near, in either zone',
      pod('p', near(term('db', 'zone'))),
      threeNodes({ a1: [db], b1: [pod('db2', {}, { app: 'db' })] }),
      ['a1', 'a2', 'b1'],
    ],
    ['near, nobody there', pod('p', near(term('db', 'zone'))), threeNodes({}), []],
    [
      'near, nobody there, but itself one of them',
      pod('p', near(term('db', 'zone')), { app: 'db' }),
      threeNodes({}),
      ['a1', 'a2', 'b1'],
    ],
    ['near, without the label', pod('p', near(term('db', 'rack')), { app: 'db' }), threeNodes({}), []],
    ['near two things at once', pod('p', near(term('db', 'zone'), term('web', 'zone'))), threeNodes({ a1: [db] }), []],
    ['near, in another namespace', pod('p', near(term('db', 'zone'))), threeNodes({ a1: [elsewhere] }), []],
    [
      'near, in a namespace that is named',
      pod('p', near(term('db', 'zone', { namespaces: ['other'] }))),
      threeNodes({ a1: [elsewhere] }),
      ['a1', 'a2'],
    ],
    [
      'near, in a namespace that is selected',
      pod('p', near(term('db', 'zone', { namespaceSelector: { matchLabels: { team: 'x' } } }))),
      threeNodes({ a1: [elsewhere] }, { other: { team: 'x' } }),
      ['a1', 'a2'],
    ],
    ['away from a host', pod('p', away(term('db', 'host'))), threeNodes({ a1: [db] }), ['a2', 'b1']],
    ['away from a zone', pod('p', away(term('db', 'zone'))), threeNodes({ a1: [db] }), ['b1']],
    ['away, without the label', pod('p', away(term('db', 'rack'))), threeNodes({ a1: [db] }), ['a1', 'a2', 'b1']],
    ['unwanted', pod('p', {}, { app: 'web' }), threeNodes({ a1: [pod('shy', away(term('web', 'zone')))] }), ['b1']],
    [
      'not minded',
      pod('p', {}, { app: 'cat' }),
      threeNodes({ a1: [pod('shy', away(term('web', 'zone')))] }),
      ['a1', 'a2', 'b1'],
    ],
    [
      'near two things that are in different places',
      pod('p', near(term('db', 'zone'), term('db', 'host'))),
      threeNodes({ a1: [db] }),
      ['a1'],
    ],
    [
      'near, with one of two labels',
      pod('p', near(term('db', 'zone'), term('db', 'rack')), { app: 'db' }),
      threeNodes({}),
      [],
    ],
    [
      'near two things, nobody there, and itself only one of them',
      pod('p', near(term('db', 'zone'), term('web', 'zone')), { app: 'db' }),
      threeNodes({}),
      [],
    ],
    ['away from somebody else', pod('p', away(term('web', 'host'))), threeNodes({ a1: [db] }), ['a1', 'a2', 'b1']],
    [
      'only of the same version',
      asMade(pod('p', near(term('db', 'zone', { matchLabelKeys: ['version'] })), { version: '2' })),
      threeNodes({ a1: [db], b1: [pod('db2', {}, { app: 'db', version: '2' })] }),
      ['b1'],
    ],
  ])('%s', (_what, p, cluster, names) => {
    expect(fitting(p, cluster)).toEqual(names);
  });

  it('means the pods of its own namespace, though pods of others say the same', () => {
    const cluster = threeNodes({ a1: [db], b1: [elsewhere] });
    const here = pod('p', near(term('db', 'host')));
    const there = { ...here, metadata: { ...here.metadata, namespace: 'other' } };
    expect([here, there, here].map(placed => fitting(placed, cluster))).toEqual([['a1'], ['b1'], ['a1']]);
  });

  const p = (spec: Partial<PodSpec>) => pod('p', spec, { app: 'db' });
  const wanting = (...constraint: Parameters<typeof spread>) => spread(...constraint).topologySpreadConstraints!;
  /** A pod in zone a, and nothing in zone b, whose node has a taint. */
  const tainted = () => {
    const cluster = threeNodes({ a1: [db] });
    const b1 = cluster.info('b1');
    b1.node = { ...b1.node, spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } };
    return cluster;
  };
  it.each<[string, Pod, TestView, string[]]>([
    ['spread, all empty', p(spread(1)), threeNodes({}), ['a1', 'a2', 'b1']],
    ['spread, one ahead', p(spread(1)), threeNodes({ a1: [db] }), ['b1']],
    ['spread, with more tolerance', p(spread(2)), threeNodes({ a1: [db] }), ['a1', 'a2', 'b1']],
    ['spread, for another pod', pod('p', spread(1)), threeNodes({ a1: [db] }), ['a1', 'a2', 'b1']],
    ['spread, without the label', p(spread(1, { topologyKey: 'rack' })), threeNodes({}), []],
    [
      'spread, over more domains than there are',
      p(spread(1, { minDomains: 3 })),
      threeNodes({ a1: [db], b1: [pod('db2', {}, { app: 'db' })] }),
      [],
    ],
    [
      'spread, only over nodes it could use',
      p({ ...spread(1), nodeSelector: { zone: 'a' } }),
      threeNodes({ a1: [db] }),
      ['a1', 'a2'],
    ],
    [
      'spread, over more domains than there are, but the least has enough',
      p(spread(2, { minDomains: 3 })),
      threeNodes({ a1: [db], b1: [pod('db2', {}, { app: 'db' })] }),
      ['a1', 'a2', 'b1'],
    ],
    [
      'spread, also over nodes it could not use',
      p({ ...spread(1, { nodeAffinityPolicy: 'Ignore' }), nodeSelector: { zone: 'a' } }),
      threeNodes({ a1: [db] }),
      [],
    ],
    [
      'spread, among pods of the same version alone',
      asMade(pod('p', spread(1, { matchLabelKeys: ['version'] }), { app: 'db', version: '2' })),
      threeNodes({ a1: [db, pod('new', {}, { app: 'db', version: '2' })] }),
      ['b1'],
    ],
    [
      'spread, without those that go',
      p(spread(1)),
      threeNodes({ a1: [{ ...db, metadata: { ...db.metadata, deletionTimestamp: '2025-01-01T00:00:00Z' } }] }),
      ['a1', 'a2', 'b1'],
    ],
    [
      'spread, without the pods of another namespace',
      p(spread(1)),
      threeNodes({ a1: [elsewhere] }),
      ['a1', 'a2', 'b1'],
    ],
    ['spread, over nodes whatever their taints', p(spread(1)), tainted(), []],
    [
      'spread, only over nodes whose taints it tolerates',
      p(spread(1, { nodeTaintsPolicy: 'Honor' })),
      tainted(),
      ['a1', 'a2'],
    ],
    [
      'spread, also over nodes whose taints it tolerates',
      p({ ...spread(1, { nodeTaintsPolicy: 'Honor' }), tolerations: [{ operator: 'Exists' }] }),
      tainted(),
      ['b1'],
    ],
    [
      'spread, only over nodes with all the labels that it asks for',
      p({ topologySpreadConstraints: [...wanting(1), ...wanting(2, { topologyKey: 'rack' })] }),
      viewOf([
        new NodeInfo(node({ name: 'a1', labels: { zone: 'a', rack: '1' } }), [db]),
        new NodeInfo(node({ name: 'a2', labels: { zone: 'a', rack: '2' } })),
        new NodeInfo(node({ name: 'b1', labels: { zone: 'b' } })),
      ]),
      ['a1', 'a2'],
    ],
    [
      'spread, a wish only',
      p(spread(1, { whenUnsatisfiable: 'ScheduleAnyway' })),
      threeNodes({ a1: [db] }),
      ['a1', 'a2', 'b1'],
    ],
  ])('%s', (_what, placed, cluster, names) => {
    expect(fitting(placed, cluster)).toEqual(names);
  });

  it('follows pods that are taken away and put back', () => {
    const cluster = threeNodes({ a1: [db] });
    const fit = new PodFit(pod('p', { ...away(term('db', 'zone')), ...spread(1) }, { app: 'db' }), cluster);
    const info = cluster.info('a2');
    expect(fit.obstacle(info)).toBeDefined();
    fit.update(db, cluster.info('a1'), -1);
    expect(fit.obstacle(info)).toBeUndefined();
    fit.update(db, cluster.info('a1'), 1);
    expect(fit.obstacle(info)).toBeDefined();
  });

  it('follows pods that come to the emptiest place, and to places that do not count', () => {
    const cluster = viewOf([
      new NodeInfo(node({ name: 'a1', labels: { zone: 'a' } }), [db]),
      new NodeInfo(node({ name: 'b1', labels: { zone: 'b' } })),
      new NodeInfo(node({ name: 'c1' })),
    ]);
    const fit = new PodFit(p(spread(1)), cluster);
    const fits = () => !fit.obstacle(cluster.info('a1'));
    expect(fits()).toBe(false);
    fit.update(db, cluster.info('c1'), 1);
    fit.update(pod('web', {}, { app: 'web' }), cluster.info('b1'), 1);
    expect(fits()).toBe(false);
    fit.update(db, cluster.info('b1'), 1);
    expect(fits()).toBe(true);
  });
});

describe('SCH-04: what pods and their neighbours say against a node', () => {
  const db = pod('db', {}, { app: 'db' });
  const shy = pod('shy', away(term('db', 'zone')), { app: 'web' });
  const [rack, wrong] = [{ topologyKey: 'rack' }, "node(s) didn't match pod topology spread constraints"];
  it.each<[string, CheckName, Partial<PodSpec>, Pod, string, boolean, string]>([
    [
      'nobody near it that must be',
      'InterPodAffinity',
      near(term('web', 'host'), term('web', 'zone')),
      db,
      "node(s) didn't match pod affinity rules",
      false,
      'no pod that its pod affinity asks for is in the same host, zone',
    ],
    [
      'somebody near it that must not',
      'InterPodAffinity',
      away(term('db', 'host'), term('web', 'zone')),
      db,
      "node(s) didn't match pod anti-affinity rules",
      true,
      'a pod that its pod anti-affinity keeps away from is in the same host',
    ],
    [
      'somebody there that minds',
      'InterPodAffinity',
      {},
      shy,
      "node(s) didn't satisfy existing pods anti-affinity rules",
      true,
      'the anti-affinity of a pod that is there already keeps it away',
    ],
    [
      'too uneven',
      'PodTopologySpread',
      spread(1),
      db,
      wrong!,
      true,
      'zone=a would have 2 pods more than the emptiest, 1 allowed',
    ],
    [
      'no domain',
      'PodTopologySpread',
      spread(1, rack as object),
      db,
      `${wrong} (missing required label)`,
      false,
      'topology spread needs the label rack, which the node has not',
    ],
  ])('%s', (_what, check, spec, other, reason, preemptable, message) => {
    const cluster = threeNodes({ a1: [other] });
    const p = pod('p', spec, { app: 'db' });
    const info = cluster.info('a1');
    expect(new PodFit(p, cluster).obstacle(info)).toEqual({ check, reasons: [reason], preemptable });
    expect(explainFit(p, info, cluster).find(one => one.check === check)).toMatchObject({
      check,
      reasons: [reason],
      preemptable,
      verdict: 'fail',
      message,
    });
  });

  it('nothing, if they are content', () => {
    const cluster = threeNodes({ a1: [db] });
    const p = pod('p', { ...near(term('db', 'host')), ...spread(2) }, { app: 'db' });
    expect(explainFit(p, cluster.info('a1'), cluster).slice(-2)).toMatchObject([
      {
        check: 'PodTopologySpread',
        reasons: [],
        preemptable: false,
        verdict: 'pass',
        message: 'pods stay spread evenly enough',
      },
      {
        check: 'InterPodAffinity',
        reasons: [],
        preemptable: false,
        verdict: 'pass',
        message: 'pod affinity and anti-affinity are content',
      },
    ]);
  });

  it('a place that the pod could not use anyway is as if nobody stood there', () => {
    const cluster = threeNodes({ a1: [db] });
    const p = pod('p', { ...spread(1), nodeSelector: { zone: 'b' } }, { app: 'db' });
    expect(explainFit(p, cluster.info('a1'), cluster).at(-1)).toMatchObject({
      check: 'PodTopologySpread',
      verdict: 'pass',
    });
  });
});
