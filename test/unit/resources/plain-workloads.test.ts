import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/resources/json.js';
import { created, createErrors, printed, statusUpdated, updated, updateErrors } from './objects.js';
import { changed, draft, kindOf } from './plain.js';

const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } };
const SELECTOR = { matchLabels: { app: 'web' } };

/** The least that a user must send of each. */
const LEAST: Record<string, JsonObject> = {
  'deployments.apps': { selector: SELECTOR, template: TEMPLATE },
  'replicasets.apps': { selector: SELECTOR, template: TEMPLATE },
  'statefulsets.apps': { selector: SELECTOR, template: TEMPLATE },
  replicationcontrollers: { template: TEMPLATE },
};

const sample = (resource: string, changes: JsonObject = {}) => draft(resource, LEAST[resource]!, changes);

describe('defaults', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'deployments.apps',
      {},
      {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
      },
    ],
    ['deployments.apps', { 'spec.strategy': { type: 'Recreate' } }, { strategy: { type: 'Recreate' } }],
    ['replicasets.apps', {}, { replicas: 1 }],
    [
      'statefulsets.apps',
      { 'spec.volumeClaimTemplates': [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }] },
      {
        replicas: 1,
        serviceName: '',
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' },
            status: { phase: 'Pending' },
          },
        ],
      },
    ],
    [
      'statefulsets.apps',
      { 'spec.updateStrategy': { type: 'RollingUpdate' } },
      { updateStrategy: { type: 'RollingUpdate' } },
    ],
    ['replicationcontrollers', {}, { replicas: 1, selector: { app: 'web' } }],
  ])('%s with %o', (resource, changes, expected) => {
    const { metadata, spec } = created(kindOf(resource), sample(resource, changes));
    expect(spec).toMatchObject(expected);
    expect(metadata.generation).toBe(1);
    expect((spec.template as typeof TEMPLATE).spec).toMatchObject({
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
    });
  });

  it('leave out what is zero', () => {
    const { spec } = created(kindOf('replicasets.apps'), sample('replicasets.apps', { 'spec.minReadySeconds': 0 }));
    expect(spec).not.toHaveProperty('minReadySeconds');
  });

  it('label a ReplicationController as its pods', () => {
    const { metadata } = created(kindOf('replicationcontrollers'), sample('replicationcontrollers'));
    expect(metadata.labels).toEqual({ app: 'web' });
  });
});

describe('creation is refused', () => {
  const NO_MATCH =
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`';

  it.each<[string, JsonObject, string[]]>([
    ['deployments.apps', { 'spec.selector': undefined }, ['spec.selector: Required value', NO_MATCH]],
    ['deployments.apps', { 'spec.selector': { matchLabels: { app: 'other' } } }, [NO_MATCH]],
    [
      'deployments.apps',
      { 'spec.selector': {} },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'deployments.apps',
      { 'spec.selector': { matchExpressions: [{ key: 'app', operator: 'Near' }] } },
      [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
        'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Near"}]}: invalid label selector',
      ],
    ],
    [
      'deployments.apps',
      { 'spec.template.spec.restartPolicy': 'Never', 'spec.template.spec.activeDeadlineSeconds': 5 },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
      ],
    ],
    [
      'deployments.apps',
      { 'spec.replicas': -1, 'spec.minReadySeconds': -1, 'spec.revisionHistoryLimit': -2 },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.revisionHistoryLimit: Invalid value: -2: must be greater than or equal to 0',
      ],
    ],
    [
      'deployments.apps',
      { 'spec.progressDeadlineSeconds': 5, 'spec.minReadySeconds': 5 },
      ['spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds'],
    ],
    [
      'deployments.apps',
      { 'spec.strategy': { type: 'Recreate', rollingUpdate: {} } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'deployments.apps',
      { 'spec.strategy': { type: 'Slowly' } },
      ['spec.strategy: Unsupported value: {"type":"Slowly"}: supported values: "Recreate", "RollingUpdate"'],
    ],
    [
      'deployments.apps',
      { 'spec.strategy.rollingUpdate': { maxUnavailable: 0, maxSurge: '0%' } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'deployments.apps',
      { 'spec.strategy.rollingUpdate': { maxUnavailable: '110%', maxSurge: '200%' } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "110%": must not be greater than 100%'],
    ],
    [
      'deployments.apps',
      { 'spec.replicas': 2, 'spec.template.spec.volumes': [{ name: 'v', gcePersistentDisk: { pdName: 'd' } }] },
      [
        'spec.template.spec.volumes[0].gcePersistentDisk.readOnly: Invalid value: false: must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only',
      ],
    ],
    [
      'replicasets.apps',
      { 'spec.replicas': -1, 'spec.selector': {} },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
      ],
    ],
    ['statefulsets.apps', { 'metadata.name': 'a.b' }, ['metadata.name: Invalid value: "a.b": must not contain dots']],
    [
      'statefulsets.apps',
      {
        'spec.podManagementPolicy': 'Any',
        'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: {} },
        'spec.persistentVolumeClaimRetentionPolicy': { whenDeleted: 'Keep' },
        'spec.ordinals': { start: -1 },
        'spec.template.spec.activeDeadlineSeconds': 5,
      },
      [
        `spec.podManagementPolicy: Invalid value: "Any": must be 'OrderedReady' or 'Parallel'`,
        `spec.updateStrategy.rollingUpdate: Invalid value: {}: only allowed for updateStrategy 'RollingUpdate'`,
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
        'spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported',
      ],
    ],
    [
      'statefulsets.apps',
      { 'spec.updateStrategy': { rollingUpdate: { partition: -1, maxUnavailable: 0 } } },
      [
        'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
        'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0',
      ],
    ],
    [
      'replicationcontrollers',
      { 'spec.template': undefined },
      ['spec.selector: Required value', 'spec.template: Required value'],
    ],
    ['replicationcontrollers', { 'spec.selector': { app: 'other' } }, [NO_MATCH]],
  ])('%s with %o', (resource, changes, expected) => {
    expect(createErrors(kindOf(resource), sample(resource, changes))).toEqual(expected);
  });

  it('not for a mount of a claim that each pod of a StatefulSet has', () => {
    const mounts = {
      'spec.template.spec.containers': [{ name: 'a', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/d' }] }],
    };
    const claims = { 'spec.volumeClaimTemplates': [{ metadata: { name: 'data' }, spec: {} }] };
    expect(createErrors(kindOf('statefulsets.apps'), sample('statefulsets.apps', { ...mounts, ...claims }))).toEqual(
      [],
    );
    expect(createErrors(kindOf('statefulsets.apps'), sample('statefulsets.apps', mounts))).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
    ]);
  });
});

describe('an update', () => {
  const STATEFUL =
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  const OTHER = { 'spec.selector': { matchLabels: { app: 'x' } }, 'spec.template.metadata': { labels: { app: 'x' } } };

  it.each<[string, JsonObject, string[]]>([
    ['deployments.apps', { 'spec.replicas': 3 }, []],
    ['deployments.apps', OTHER, ['spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable']],
    ['replicasets.apps', OTHER, ['spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable']],
    ['replicationcontrollers', { ...OTHER, 'spec.selector': { app: 'x' } }, []],
    ['statefulsets.apps', { 'spec.replicas': 2, 'spec.minReadySeconds': 1, 'spec.revisionHistoryLimit': 2 }, []],
    ['statefulsets.apps', { 'spec.serviceName': 'web' }, [STATEFUL]],
    ['statefulsets.apps', { 'spec.volumeClaimTemplates': [{ metadata: { name: 'x' }, spec: {} }] }, [STATEFUL]],
  ])('of %s with %o', (resource, changes, expected) => {
    expect(updateErrors(kindOf(resource), sample(resource), o => changed(o, changes))).toEqual(expected);
  });

  it('of the status of a Deployment keeps its labels, not those of a ReplicaSet', () => {
    const relabelled = (resource: string) => {
      const kind = kindOf(resource);
      const old = changed(created(kind, sample(resource)), { 'metadata.labels': { a: 'old' } });
      return statusUpdated(kind, old, o => changed(o, { 'metadata.labels': { a: 'new' } })).metadata.labels;
    };
    expect(relabelled('deployments.apps')).toEqual({ a: 'old' });
    expect(relabelled('replicasets.apps')).toEqual({ a: 'new' });
  });

  it.each(Object.keys(LEAST))('of %s counts in the generation, and keeps the status', resource => {
    const kind = kindOf(resource);
    const old = created(kind, sample(resource));
    const scaled = updated(kind, old, o => changed(o, { 'spec.replicas': 3, 'status.replicas': 9 }));
    expect(scaled.metadata.generation).toBe(2);
    expect(scaled.status).toEqual(old.status);
    const told = statusUpdated(kind, old, o =>
      changed(o, { 'spec.replicas': 7, 'status.replicas': 1, 'status.readyReplicas': 0, 'status.updatedReplicas': 1 }),
    );
    expect(told.metadata.generation).toBe(1);
    expect(told.spec).toEqual(old.spec);
    expect(told.status).toEqual({ ...old.status, replicas: 1, updatedReplicas: 1 });
  });

  it.each<[JsonObject, string[]]>([
    [{ replicas: 2, readyReplicas: 2, availableReplicas: 2 }, []],
    [
      { replicas: -1, availableReplicas: -1 },
      [
        'status.replicas: Invalid value: -1: must be greater than or equal to 0',
        'status.availableReplicas: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      { replicas: 1, readyReplicas: 2, availableReplicas: 3 },
      [
        'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
        'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
        'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
      ],
    ],
  ])('of a status to %o', (status, expected) => {
    for (const resource of Object.keys(LEAST)) {
      const kind = kindOf(resource);
      const old = created(kind, sample(resource));
      const told = statusUpdated(kind, old, o => changed(o, { status }));
      const errors = kind.strategy.validateStatusUpdate?.(told, old) ?? [];
      expect(
        errors.map(e => e.message),
        resource,
      ).toEqual(expected);
    }
  });

  it('may not count collisions backwards', () => {
    const kind = kindOf('deployments.apps');
    const old = changed(created(kind, sample('deployments.apps')), { status: { collisionCount: 2 } });
    const told = statusUpdated(kind, old, o => changed(o, { status: {} }));
    expect(kind.strategy.validateStatusUpdate?.(told, old).map(e => e.message)).toEqual([
      'status.collisionCount: Invalid value: 0: cannot be decremented',
    ]);
  });
});

describe('warnings', () => {
  const LABEL =
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]';
  const PERIOD =
    'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1';

  it.each(['deployments.apps', 'replicasets.apps', 'replicationcontrollers'])('of %s at its creation', resource => {
    const kind = kindOf(resource);
    const bad = sample(resource, { 'metadata.name': 'a.b', 'spec.template.spec.terminationGracePeriodSeconds': -1 });
    expect(kind.strategy.warnings?.(created(kind, bad))?.toSorted()).toEqual([LABEL, PERIOD]);
  });

  it('are not said again of what an update leaves alone', () => {
    const kind = kindOf('deployments.apps');
    const bad = sample('deployments.apps', {
      'metadata.name': 'a.b',
      'spec.template.spec.terminationGracePeriodSeconds': -1,
    });
    const old = created(kind, bad);
    const labelled = updated(kind, old, o => changed(o, { 'metadata.labels': { a: 'b' } }));
    expect(kind.strategy.warnings?.(labelled, old)).toEqual([]);
    const scaled = updated(kind, old, o => changed(o, { 'spec.replicas': 3 }));
    expect(kind.strategy.warnings?.(scaled, old)).toEqual([PERIOD]);
  });

  it('of a StatefulSet that keeps its whole history', () => {
    const kind = kindOf('statefulsets.apps');
    expect(
      kind.strategy.warnings?.(created(kind, sample('statefulsets.apps', { 'spec.revisionHistoryLimit': -1 }))),
    ).toEqual([
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    ]);
  });
});

describe('printing', () => {
  const PODS = { Containers: 'main', Images: 'web:1' };

  it.each<[string, JsonObject, JsonObject]>([
    [
      'deployments.apps',
      { 'spec.replicas': 3, status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 } },
      { Name: 'thing', Ready: '2/3', 'Up-to-date': 1, Available: 2, Age: '24h', ...PODS, Selector: 'app=web' },
    ],
    [
      'replicasets.apps',
      { 'spec.replicas': 3, status: { replicas: 2, readyReplicas: 1 } },
      { Name: 'thing', Desired: 3, Current: 2, Ready: 1, Age: '24h', ...PODS, Selector: 'app=web' },
    ],
    ['statefulsets.apps', {}, { Name: 'thing', Ready: '0/1', Age: '24h', ...PODS }],
    [
      'replicationcontrollers',
      {},
      { Name: 'thing', Desired: 1, Current: 0, Ready: 0, Age: '24h', ...PODS, Selector: 'app=web' },
    ],
  ])('%s', (resource, changes, expected) => {
    const kind = kindOf(resource);
    const shown = printed(kind, changed(created(kind, sample(resource)), changes));
    expect(shown).toEqual(expected);
    expect(Object.keys(shown)).toEqual(Object.keys(expected));
  });
});

describe('field selectors', () => {
  it('of replication controllers: how many there are', () => {
    const { 'status.replicas': valueIn } = kindOf('replicationcontrollers').selectableFields;
    expect(valueIn?.(sample('replicationcontrollers', { status: { replicas: 3 } }))).toBe('3');
    expect(valueIn?.(sample('replicationcontrollers'))).toBe('0');
  });
});
