import { describe, expect, it } from 'vitest';
import { explainFit, PodFit } from '../../../src/placement/fit.js';
import {
  mismatch,
  type PersistentVolume,
  type PersistentVolumeClaim,
  volumesFor,
} from '../../../src/placement/volumes/match.js';
import type { StorageClass } from '../../../src/placement/volumes/storage-view.js';
import type { OwnerReference, Pod, Volume } from '../../../src/resources/types.js';
import {
  beforehand,
  bound,
  claim,
  cluster,
  fitting,
  message,
  on,
  place,
  plan,
  reasons,
  type Stored,
  scratch,
  storageClass,
  twoNodes,
  using,
  volume,
  web,
} from './storage.js';

describe('SCH-05: what keeps a pod from every node', () => {
  const owner = (more: object = {}) => ({
    meta: {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'uid-web', controller: true, ...more } as OwnerReference,
      ],
    },
  });
  it.each<[string, Volume[], Stored[], string | undefined]>([
    ['nothing', [{ name: 'x', emptyDir: {} }], [], undefined],
    ['a claim that is not there', using('data'), [], 'persistentvolumeclaim "data" not found'],
    [
      'one of another namespace',
      using('data'),
      [claim('data', { meta: { namespace: 'other' } })],
      'persistentvolumeclaim "data" not found',
    ],
    ['the second that is not there', using('data', 'more'), [claim('data')], 'persistentvolumeclaim "more" not found'],
    [
      'a claim that is to be made for it',
      [scratch],
      [],
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "web-scratch"',
    ],
    ['one that was made for it', [scratch], [claim('web-scratch', owner())], undefined],
    [
      'one that was made for its predecessor',
      [scratch],
      [claim('web-scratch', owner({ uid: 'uid-former' }))],
      'PVC default/web-scratch was not created for pod default/web (pod is not owner)',
    ],
    [
      'one that it does not control',
      [scratch],
      [claim('web-scratch', owner({ controller: false }))],
      'PVC default/web-scratch was not created for pod default/web (pod is not owner)',
    ],
    [
      'one that is nobody’s',
      [scratch],
      [claim('web-scratch')],
      'PVC default/web-scratch was not created for pod default/web (pod is not owner)',
    ],
    [
      'one that is lost',
      using('data'),
      [bound('data', 'gone', { phase: 'Lost' })],
      'persistentvolumeclaim "data" bound to non-existent persistentvolume "gone"',
    ],
    ['one that is going to be lost', using('data'), [bound('data', 'gone')], 'persistentvolume "gone" not found'],
    [
      'one that goes',
      using('data'),
      [claim('data', { meta: { deletionTimestamp: '2025-01-01T00:00:00Z' } })],
      'persistentvolumeclaim "data" is being deleted',
    ],
    [
      'the first of two that goes',
      using('data', 'more'),
      [claim('data', { meta: { deletionTimestamp: '2025-01-01T00:00:00Z' } }), claim('more')],
      'persistentvolumeclaim "data" is being deleted',
    ],
    [
      'one without a volume',
      using('data'),
      [claim('data', { storageClassName: '' })],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'one of a class that does not wait',
      using('data'),
      [claim('data', { storageClassName: 'now' }), storageClass('now', { volumeBindingMode: 'Immediate' })],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    [
      'one that names its volume, and has it not yet',
      using('data'),
      [claim('data', { volumeName: 'v' }), volume('v')],
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    ['one that has its volume', using('data'), [bound('data', 'v'), volume('v')], undefined],
    ['one that waits for it', using('data'), [claim('data')], undefined],
  ])('%s', (_what, volumes, stored, reason) => {
    const p = web(...volumes);
    const view = twoNodes(...stored);
    const check = reason?.includes('gone" not found')
      ? 'VolumeZone'
      : reason?.startsWith('persistentvolumeclaim') && reason.endsWith('not found')
        ? 'VolumeRestrictions'
        : 'VolumeBinding';
    expect(beforehand(p, view)).toEqual(reason && { check, reasons: [reason], preemptable: false });
    if (reason)
      expect(explainFit(p, view.info('n1'), view).find(one => one.check === check)).toMatchObject({
        verdict: 'fail',
        message: reason,
        reasons: [reason],
        preemptable: false,
      });
  });

  it('tells of a claim that is not there with every rule that looks for it', () => {
    const view = twoNodes();
    const p = web(...using('data'));
    for (const check of ['VolumeRestrictions', 'VolumeBinding'])
      expect(message(p, view, check)).toBe('persistentvolumeclaim "data" not found');
  });

  it('and what is unknown: without a view of storage, volumes are where they are wanted', () => {
    const { storage: _, ...view } = twoNodes();
    expect(beforehand(web(...using('data')), view)).toBeUndefined();
    expect(fitting(web(...using('data')), view)).toEqual(['n1', 'n2']);
  });

  it('tells of every rule about volumes, of pods that have any', () => {
    const view = twoNodes(bound('data', 'v'), volume('v'));
    const checks = (p: Pod) => explainFit(p, view.info('n1'), view).slice(6);
    expect(checks(web({ name: 'x', emptyDir: {} }))).toEqual([]);
    expect(checks(web(...using('data'))).map(({ check, verdict, message }) => [check, verdict, message])).toEqual([
      ['VolumeRestrictions', 'pass', 'no pod stands in the way of its volumes'],
      ['NodeVolumeLimits', 'pass', 'the node can have its volumes'],
      ['VolumeBinding', 'pass', 'its volumes can be had on the node'],
      ['VolumeZone', 'pass', 'its volumes can be reached from the zone of the node'],
    ]);
    expect(checks(web({ name: 'd', rbd: { image: 'x' } }))).toHaveLength(4);
  });
});

describe('VolumeBinding', () => {
  const WRONG = 'node(s) had volume node affinity conflict';
  const NONE = "node(s) didn't find available persistent volumes to bind";
  const LOST = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

  it('SCH-04: a volume is where its node affinity says, or everywhere', () => {
    const p = web(...using('data'));
    const there = (more: object) => fitting(p, twoNodes(bound('data', 'v'), volume('v', more)));
    expect(there({})).toEqual(['n1', 'n2']);
    expect(there({ nodeAffinity: {} })).toEqual(['n1', 'n2']);
    expect(there(on('n2'))).toEqual(['n2']);
    expect(
      there({
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [...on('n1').nodeAffinity.required.nodeSelectorTerms, { matchExpressions: [] }],
          },
        },
      }),
    ).toEqual(['n1']);
  });

  it('SCH-04: tells all that is wrong with a node, which no preemption mends', () => {
    const made = {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'uid-web', controller: true }],
    };
    const view = twoNodes(
      ...[bound('away', 'far'), volume('far', { ...on('n2'), phase: 'Bound' }), claim('open')],
      bound('web-scratch', 'gone', {
        meta: { ...made, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      }),
    );
    const p = web(...using('away', 'open'), scratch);
    expect(new PodFit(p, view).obstacle(view.info('n1'))).toEqual({
      check: 'VolumeBinding',
      reasons: [WRONG, NONE, LOST],
      preemptable: false,
    });
    expect(message(p, view, 'VolumeBinding')).toBe('a volume that it uses cannot be had on the node');
    expect(reasons(p, view, 'n2')).toEqual([NONE, LOST]);
    expect(message(p, view, 'VolumeBinding', 'n2')).toBe(
      'there is no volume on the node for open, nor can one be made',
    );
    expect(reasons(web(scratch), view)).toEqual([LOST]);
    expect(message(web(scratch), view, 'VolumeBinding')).toBe('a volume that it uses is not there any more');
  });

  it('finds volumes on the node for the claims that wait, one for each, the smallest first', () => {
    const small = { resources: { requests: { storage: '1Gi' } } };
    const p = web(...using('large', 'small', 'has'));
    const of = (...volumes: PersistentVolume[]) =>
      twoNodes(claim('large'), claim('small', small), bound('has', 'v'), volume('v', { phase: 'Bound' }), ...volumes);
    const [a, b] = [volume('a'), volume('b', { capacity: { storage: '9Gi' } })];
    expect(plan(p, of(b, a))).toEqual({
      bindings: [
        ['small', 'a'],
        ['large', 'b'],
      ],
      provisions: [],
    });
    expect(message(p, of(b, a), 'VolumeBinding')).toBe('there are volumes for its claims');
    expect(message(web(...using('small')), of(a), 'VolumeBinding')).toBe('there are volumes for its claims');
    expect(reasons(p, of(a))).toEqual([NONE]);
    expect(message(p, of(a), 'VolumeBinding')).toBe(
      'there is no volume on the node for small, large, nor can one be made',
    );
    const far = of(a, volume('b', on('n2')));
    expect([reasons(p, far, 'n1'), reasons(p, far, 'n2')]).toEqual([[NONE], undefined]);
    expect(plan(p, far)).toBeUndefined();
    expect(plan(web(...using('has')), far)).toBeUndefined();
    expect(plan(web({ name: 'x', emptyDir: {} }), far)).toBeUndefined();
  });

  it('has volumes made where there are none, by whoever can', () => {
    const p = web(...using('data', 'more'));
    const made = (more: Partial<StorageClass>, ...volumes: PersistentVolume[]) =>
      plan(p, twoNodes(claim('data'), claim('more'), storageClass('late', more), ...volumes));
    const provisioner = 'disks.example.com';
    expect(made({ provisioner })).toEqual({ bindings: [], provisions: ['data', 'more'] });
    expect(made({ provisioner }, volume('v'))).toEqual({ bindings: [['data', 'v']], provisions: ['more'] });
    expect(made({ provisioner: 'kubernetes.io/no-provisioner' })).toBeUndefined();
    expect(made({ provisioner: '' })).toBeUndefined();
  });

  it('has them made where the class allows it', () => {
    const at = (...allowedTopologies: StorageClass['allowedTopologies'] & object) =>
      fitting(
        web(...using('data')),
        cluster(
          [place('a', { zone: 'a', rack: '1' }), place('b', { zone: 'b' }), place('c')],
          ...[claim('data'), storageClass('late', { provisioner: 'disks.example.com', allowedTopologies })],
        ),
      );
    const term = (...labels: [string, ...string[]][]) => ({
      matchLabelExpressions: labels.map(([key, ...values]) => ({ key, values })),
    });
    expect(at()).toEqual(['a', 'b', 'c']);
    expect(at(term(['zone', 'b', 'c']))).toEqual(['b']);
    expect(at(term(['zone', 'a', 'b'], ['rack', '1']))).toEqual(['a']);
    expect(at(term(['rack', '1']), term(['zone', 'b']))).toEqual(['a', 'b']);
    expect(at(term(['zone', '']))).toEqual([]);
    expect(at({})).toEqual([]);
    expect(at({ matchLabelExpressions: [] })).toEqual([]);
  });

  it('waits for the volume that is being made for the node that was chosen', () => {
    const chosen = { meta: { annotations: { 'volume.kubernetes.io/selected-node': 'n2' } } };
    const view = twoNodes(
      claim('data', chosen),
      volume('v'),
      storageClass('late', { provisioner: 'disks.example.com' }),
    );
    const p = web(...using('data'));
    expect(fitting(p, view)).toEqual(['n2']);
    expect(plan(p, view, 'n2')).toEqual({ bindings: [], provisions: ['data'] });
  });
});

describe('which volumes do for a claim', () => {
  const wanted = claim('data', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'], volumeMode: 'Block' });
  const suits = { accessModes: ['ReadOnlyMany', 'ReadWriteOnce'], volumeMode: 'Block' };
  const old = { 'volume.beta.kubernetes.io/storage-class': 'late' };
  it.each<[string, PersistentVolume, string | undefined]>([
    ['one like it', volume('v', suits), undefined],
    [
      'one that can do more',
      volume('v', { ...suits, accessModes: [...suits.accessModes, 'ReadWriteMany'] }),
      undefined,
    ],
    ['a larger one', volume('v', { ...suits, capacity: { storage: '3Gi' } }), undefined],
    [
      'one that goes',
      volume('v', { ...suits, meta: { deletionTimestamp: '2025-01-01T00:00:00Z' } }),
      'the volume is marked for deletion',
    ],
    ['a smaller one', volume('v', { ...suits, capacity: { storage: '2047Mi' } }), 'requested PV is too small'],
    ['one of no size', volume('v', { ...suits, capacity: {} }), 'requested PV is too small'],
    ['one of another class', volume('v', { ...suits, storageClassName: 'x' }), 'storageClassName does not match'],
    ['one of no class', volume('v', { ...suits, storageClassName: '' }), 'storageClassName does not match'],
    [
      'one that names the class as of old',
      volume('v', { ...suits, storageClassName: 'x', meta: { annotations: old } }),
      undefined,
    ],
    ['a file system', volume('v', { ...suits, volumeMode: 'Filesystem' }), 'incompatible volumeMode'],
    [
      'one with attributes',
      volume('v', { ...suits, volumeAttributesClassName: 'fast' }),
      'volumeAttributesClassName does not match',
    ],
    ['one that can do less', volume('v', { ...suits, accessModes: ['ReadWriteOnce'] }), 'incompatible accessMode'],
  ])('%s', (_what, found, why) => {
    expect(mismatch(found, wanted)).toBe(why);
    expect(volumesFor([found], wanted)).toEqual(why ? [] : [found]);
  });

  it('may both have the same attributes, or neither a class', () => {
    const fast = { volumeAttributesClassName: 'fast' };
    const none = { storageClassName: undefined as never };
    expect(mismatch(volume('v', fast), claim('data', fast))).toBeUndefined();
    expect(mismatch(volume('v', { storageClassName: '' }), claim('data', none))).toBeUndefined();
    expect(mismatch(volume('v', none), claim('data', { storageClassName: '' }))).toBeUndefined();
  });

  const names = (wishing: PersistentVolumeClaim, ...volumes: PersistentVolume[]) =>
    volumesFor(volumes, wishing).map(({ metadata }) => metadata.name);
  const sized = (storage: string, more: object = {}) => ({ capacity: { storage }, ...more });

  it('are the free ones, from the smallest on, and by name where they are alike', () => {
    const free = [
      volume('d', sized('9Gi')),
      volume('b', sized('3Gi')),
      volume('c', sized('5Gi')),
      volume('a', sized('3Gi')),
    ];
    expect(names(claim('data'), ...free, volume('used', { phase: 'Bound' }))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('have the labels that are asked for', () => {
    const picky = claim('data', { selector: { matchLabels: { disk: 'ssd' } } });
    expect(names(picky, volume('a'), volume('b', { meta: { labels: { disk: 'ssd' } } }))).toEqual(['b']);
  });

  it('are not kept for others', () => {
    const ref = (more: object) => ({ claimRef: { namespace: 'default', name: 'data', ...more } });
    for (const kept of [ref({ name: 'other' }), ref({ namespace: 'other' }), ref({ uid: 'former' })])
      expect(names(claim('data'), volume('kept', kept), volume('free'))).toEqual(['free']);
  });

  it('or the one that is kept for it, of whatever class, where it is large enough', () => {
    const ref = (more: object = {}) => ({ claimRef: { namespace: 'default', name: 'data', ...more } });
    const free = volume('free');
    const other = { storageClassName: '', phase: 'Bound' };
    expect(names(claim('data'), free, volume('kept', sized('9Gi', ref())))).toEqual(['kept']);
    expect(names(claim('data'), free, volume('kept', ref({ uid: 'uid-data' })))).toEqual(['kept']);
    expect(names(claim('data'), free, volume('kept', { ...ref(), ...other }))).toEqual(['kept']);
    expect(names(claim('data'), free, volume('kept', sized('1Gi', ref())))).toEqual(['free']);
    expect(names(claim('data'), free, volume('kept', { ...ref(), volumeMode: 'Block' }))).toEqual(['free']);
  });
});
