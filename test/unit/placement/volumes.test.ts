import { describe, expect, it } from 'vitest';
import { PodFit } from '../../../src/placement/fit.js';
import type { Pod, Volume } from '../../../src/resources/types.js';
import { pod } from './objects.js';
import {
  bound,
  claim,
  cluster,
  csiNode,
  fitting,
  message,
  place,
  type Stored,
  scratch,
  storageClass,
  using,
  volume,
  web,
} from './storage.js';

describe('VolumeZone', () => {
  const [ZONE, REGION] = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];
  const [OLD_ZONE, OLD_REGION] = ['failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region'];
  it.each<[string, Record<string, string>, Record<string, string>, boolean]>([
    ['the same zone', { [ZONE]: 'a' }, { [ZONE]: 'a' }, true],
    ['another zone', { [ZONE]: 'a' }, { [ZONE]: 'b' }, false],
    ['another region', { [ZONE]: 'a', [REGION]: 'x' }, { [ZONE]: 'a', [REGION]: 'y' }, false],
    ['the same zone and region', { [ZONE]: 'a', [REGION]: 'x' }, { [ZONE]: 'a', [REGION]: 'x' }, true],
    ['one of its zones', { [ZONE]: 'a__b' }, { [ZONE]: 'b' }, true],
    ['none of its zones', { [ZONE]: 'a__b' }, { [ZONE]: 'c' }, false],
    ['a node that is in no zone', { [ZONE]: 'a' }, { disk: 'ssd' }, true],
    ['a node that only says its region', { [ZONE]: 'a' }, { [REGION]: 'x' }, false],
    ['an old label, and an old node', { [OLD_ZONE]: 'a' }, { [OLD_ZONE]: 'a' }, true],
    ['an old label, and a node of today', { [OLD_ZONE]: 'a' }, { [ZONE]: 'a' }, true],
    ['an old region, and a node of today', { [OLD_REGION]: 'a' }, { [REGION]: 'a' }, true],
    ['an old label, and a node of today elsewhere', { [OLD_ZONE]: 'a' }, { [ZONE]: 'b' }, false],
    ['a label of today, and an old node', { [ZONE]: 'a' }, { [OLD_ZONE]: 'a' }, false],
    ['a label without a zone', { [ZONE]: '' }, { [ZONE]: 'a' }, true],
    ['other labels', { disk: 'ssd' }, { [ZONE]: 'a', disk: 'hdd' }, true],
  ])('%s', (_what, labels, place1, fits) => {
    const view = cluster([place('n1', place1)], bound('data', 'v'), volume('v', { meta: { labels } }));
    const p = web(...using('data'));
    expect(new PodFit(p, view).obstacle(view.info('n1'))).toEqual(
      fits ? undefined : { check: 'VolumeZone', reasons: ['node(s) had no available volume zone'], preemptable: false },
    );
  });

  it('says in which zones the volume is', () => {
    const view = cluster(
      [place('n1', { [ZONE]: 'c' })],
      ...[bound('data', 'v'), volume('v', { meta: { labels: { [ZONE]: 'a__b' } } })],
    );
    expect(message(web(...using('data')), view, 'VolumeZone')).toBe('volume v is in topology.kubernetes.io/zone=a, b');
  });

  it('is not asked of volumes that are made for the pod', () => {
    const meta = {
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'uid-web', controller: true }],
    };
    const view = cluster(
      [place('n1', { [ZONE]: 'b' })],
      ...[bound('web-scratch', 'v', { meta }), volume('v', { meta: { labels: { [ZONE]: 'a' } } })],
    );
    expect(fitting(web(scratch), view)).toEqual(['n1']);
  });
});

describe('VolumeRestrictions', () => {
  const TAKEN = { check: 'VolumeRestrictions', reasons: ['node(s) had no available disk'], preemptable: true };
  const gce = (pdName: string, readOnly = false) => ({ gcePersistentDisk: { pdName, readOnly } });
  const ebs = (volumeID: string, readOnly = false) => ({ awsElasticBlockStore: { volumeID, readOnly } });
  const iscsi = (iqn: string, readOnly = false) => ({ iscsi: { iqn, readOnly } });
  const rbd = (pool: string, image: string, monitors: string[] | undefined, readOnly = false) => ({
    rbd: { pool, image, readOnly, ...(monitors ? { monitors } : {}) },
  });
  it.each<[string, object, object, boolean]>([
    ['the same GCE disk', gce('a'), gce('a'), false],
    ['another GCE disk', gce('a'), gce('b'), true],
    ['the same GCE disk, for readers', gce('a', true), gce('a', true), true],
    ['the same GCE disk, for one reader', gce('a', true), gce('a'), false],
    ['the same GCE disk, for one who reads already', gce('a'), gce('a', true), false],
    ['the same EBS disk', ebs('a'), ebs('a'), false],
    ['another EBS disk', ebs('a'), ebs('b'), true],
    ['the same EBS disk, for readers', ebs('a', true), ebs('a', true), false],
    ['the same iSCSI disk', iscsi('a'), iscsi('a'), false],
    ['another iSCSI disk', iscsi('a'), iscsi('b'), true],
    ['the same iSCSI disk, for readers', iscsi('a', true), iscsi('a', true), true],
    ['the same RBD image', rbd('p', 'a', ['x', 'y']), rbd('p', 'a', ['y', 'z']), false],
    ['the same RBD image, for readers', rbd('p', 'a', ['x'], true), rbd('p', 'a', ['x'], true), true],
    ['an RBD image of another cluster', rbd('p', 'a', ['x', 'y']), rbd('p', 'a', ['z']), true],
    ['an RBD image of another pool', rbd('p', 'a', ['x']), rbd('q', 'a', ['x']), true],
    ['another RBD image', rbd('p', 'a', ['x']), rbd('p', 'b', ['x']), true],
    ['RBD images without monitors', rbd('p', 'a', undefined), rbd('p', 'a', undefined), true],
    ['disks of two kinds', gce('a'), ebs('a'), true],
  ])('%s', (_what, mine, theirs, fits) => {
    const other = pod('other', {
      volumes: [
        { name: 'x', emptyDir: {} },
        { name: 'theirs', ...theirs },
      ],
    });
    const view = cluster([place('n1', {}, other), place('n2')]);
    const p = web({ name: 'tmp', emptyDir: {} }, { name: 'mine', ...mine });
    expect(new PodFit(p, view).obstacle(view.info('n1'))).toEqual(fits ? undefined : TAKEN);
    expect(fitting(p, view)).toContain('n2');
    expect(message(p, view, 'VolumeRestrictions')).toBe(
      fits ? 'no pod stands in the way of its volumes' : 'the disk of its volume mine is in use on the node',
    );
  });

  it('looks at every disk of every pod', () => {
    const disks = (name: string, ...all: string[]) =>
      pod(name, { volumes: all.map(disk => ({ name: disk, ...gce(disk) })) });
    const view = cluster([place('n1', {}, pod('none'), disks('first', 'x'), disks('second', 'y', 'z'))]);
    const fits = (...all: string[]) => fitting(disks('web', ...all), view).length > 0;
    expect([fits('a', 'x'), fits('y', 'b'), fits('a', 'b', 'z'), fits('a', 'b')]).toEqual([false, false, false, true]);
    expect(message(disks('web', 'a', 'z'), view, 'VolumeRestrictions')).toBe(
      'the disk of its volume z is in use on the node',
    );
  });

  it('a pod is not in its own way', () => {
    const p = web({ name: 'd', ...gce('a') }, ...using('data'));
    const view = cluster(
      [place('n1', {}, p)],
      ...[bound('data', 'v', { accessModes: ['ReadWriteOncePod'] }), volume('v')],
    );
    expect(fitting(p, view)).toEqual(['n1']);
  });

  const SINGLE = {
    check: 'VolumeRestrictions',
    reasons: ['node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
    preemptable: true,
  };
  const other = (namespace: string, ...volumes: Volume[]) => {
    const p = pod('other', { volumes });
    return { ...p, metadata: { ...p.metadata, namespace } };
  };
  const exclusive = bound('data', 'v', { accessModes: ['ReadWriteOncePod'] });
  it.each<[string, Pod[], boolean]>([
    ['nobody has it', [], true],
    ['somebody has it', [other('default', ...using('more', 'data'))], false],
    ['somebody has another', [other('default', ...using('more'))], true],
    ['somebody elsewhere has one of that name', [other('elsewhere', ...using('data'))], true],
  ])('a claim for a single pod: %s', (_what, pods, fits) => {
    const view = cluster([place('n1'), place('n2', {}, ...pods)], exclusive, volume('v'));
    const p = web(...using('data'));
    const fit = new PodFit(p, view);
    expect(fit.obstacle(view.info('n1'))).toEqual(fits ? undefined : SINGLE);
    expect(message(p, view, 'VolumeRestrictions')).toBe(
      fits ? 'no pod stands in the way of its volumes' : 'its claim data is for a single pod, and another has it',
    );
    for (const one of pods) fit.update(one, view.info('n2'), -1);
    expect(fit.obstacle(view.info('n1'))).toBeUndefined();
  });

  it('names the claim that another has', () => {
    const view = cluster(
      [place('n1', {}, other('default', ...using('data')))],
      ...[exclusive, volume('v'), bound('more', 'w', { accessModes: ['ReadWriteOncePod'] }), volume('w')],
    );
    expect(message(web(...using('more', 'data')), view, 'VolumeRestrictions')).toBe(
      'its claim data is for a single pod, and another has it',
    );
  });

  it('a claim for many may have many', () => {
    const view = cluster([place('n1', {}, other('default', ...using('data')))], ...[bound('data', 'v'), volume('v')]);
    expect(fitting(web(...using('data')), view)).toEqual(['n1']);
  });
});

describe('NodeVolumeLimits', () => {
  const DISKS = 'disks.example.com';
  const csi = (name: string, driver = DISKS): Stored[] => [
    bound(name, name),
    volume(name, { csi: { driver, volumeHandle: name } }),
  ];
  const limit = (count: number, name = DISKS) => csiNode('n1', { name, allocatable: { count } });
  const other = (...claims: string[]) => pod('other', { volumes: using(...claims) });
  /** Whether a pod with some of the claims fits where another has some, by what is stored besides the claims `a` to `d`. */
  const fits = (mine: string[], theirs: string[], ...stored: Stored[]) => {
    const view = cluster(
      [place('n1', {}, other(...theirs))],
      ...[...csi('a'), ...csi('b'), ...csi('c'), ...csi('d'), ...stored],
    );
    const obstacle = new PodFit(web(...using(...mine)), view).obstacle(view.info('n1'));
    if (obstacle)
      expect(obstacle).toEqual({
        check: 'NodeVolumeLimits',
        reasons: ['node(s) exceed max volume count'],
        preemptable: true,
      });
    return obstacle === undefined;
  };

  it('counts what a driver has on the node, each volume once', () => {
    expect(fits(['a'], ['b', 'c'], limit(3))).toBe(true);
    expect(fits(['a'], ['b', 'c'], limit(2))).toBe(false);
    expect(fits(['a', 'b'], ['b', 'c'], limit(3))).toBe(true);
    expect(fits(['a', 'd'], ['b', 'c'], limit(3))).toBe(false);
    expect(fits(['a', 'b'], ['b'], limit(1))).toBe(false);
    expect(fits(['a'], [], limit(1))).toBe(true);
    expect(fits(['a'], [], limit(0))).toBe(false);
  });

  it('does not mind who brings nothing more, even where there are too many', () => {
    expect(fits(['b'], ['b', 'c', 'd'], limit(2))).toBe(true);
    expect(fits(['b', 'x'], ['b', 'c', 'd'], limit(2), ...csi('x', 'other.example.com'))).toBe(true);
  });

  it('minds only drivers with a limit, each on its own', () => {
    expect(fits(['a'], ['b', 'c'])).toBe(true);
    expect(fits(['a'], ['b', 'c'], csiNode('n1'))).toBe(true);
    expect(fits(['a'], ['b', 'c'], csiNode('n1', { name: DISKS }))).toBe(true);
    expect(fits(['a'], ['b', 'c'], csiNode('n1', { name: DISKS, allocatable: {} }))).toBe(true);
    expect(fits(['a'], ['b', 'c'], limit(1, 'other.example.com'))).toBe(true);
    const both = csiNode('n1', ...['other.example.com', DISKS].map(name => ({ name, allocatable: { count: 1 } })));
    expect(fits(['a'], ['x'], both, ...csi('x', 'other.example.com'))).toBe(true);
    expect(fits(['a'], ['b'], both)).toBe(false);
  });

  it('counts claims whose volumes are still to be made, by who makes them', () => {
    const late = [claim('x'), claim('y'), storageClass('late', { provisioner: DISKS })];
    expect(fits(['x'], ['a'], limit(2), ...late)).toBe(true);
    expect(fits(['x'], ['a'], limit(1), ...late)).toBe(false);
    expect(fits(['x'], ['y'], limit(1), ...late)).toBe(false);
    expect(fits(['x'], ['x'], limit(1), ...late)).toBe(true);
    expect(fits(['a'], ['n', 'm'], limit(1), claim('n', { storageClassName: '' }))).toBe(true);
  });

  it('counts no volumes of other kinds', () => {
    const local = [bound('x', 'x'), volume('x'), storageClass('late', { provisioner: DISKS })];
    expect(fits(['x'], ['a'], limit(1), ...local)).toBe(true);
  });

  it('does not count a pod against itself, and says what the node can have', () => {
    const p = web(...using('a'));
    const view = cluster([place('n1', {}, p, other('b'))], ...csi('a'), ...csi('b'), limit(2));
    expect(fitting(p, view)).toEqual(['n1']);
    const full = cluster([place('n1', {}, other('b'))], ...csi('a'), ...csi('b'), limit(1));
    expect(message(p, full, 'NodeVolumeLimits')).toBe(
      'the node can have 1 volumes of disks.example.com, and would have more',
    );
    expect(message(web(...using('b')), full, 'NodeVolumeLimits')).toBe('the node can have its volumes');
  });
});
