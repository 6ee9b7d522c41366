import { describe, expect, it } from 'vitest';
import { countTemplate, TEMPLATE_GENERATION } from '../../../src/resources/daemon-set.js';
import { daemonSets } from '../../../src/resources/index.js';
import type { DaemonSet, IntOrString } from '../../../src/resources/types.js';
import { created, createErrors, daemonSet, statusUpdated, updated, updateErrors } from './objects.js';

const templateGeneration = (set: DaemonSet) => set.metadata.annotations?.[TEMPLATE_GENERATION];
const setImage = (set: DaemonSet) => {
  set.spec.template.spec.containers[0]!.image = 'a:2';
};

describe('defaults (DEF-01..05)', () => {
  it('are those of upstream', () => {
    const { spec } = created(daemonSets, daemonSet());
    expect(spec.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
    expect(spec.revisionHistoryLimit).toBe(10);
    expect(spec.template.spec.enableServiceLinks).toBeUndefined();
  });

  it('fill nothing in for OnDelete, and everything once it becomes RollingUpdate', () => {
    const set = created(daemonSets, daemonSet({ updateStrategy: { type: 'OnDelete' } }));
    expect(set.spec.updateStrategy).toEqual({ type: 'OnDelete' });
    const rolling = updated(daemonSets, set, s => {
      s.spec.updateStrategy.type = 'RollingUpdate';
    });
    expect(rolling.spec.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: 1, maxSurge: 0 });
  });

  it('leave requests and ports of the node to the pods', () => {
    const set = daemonSet();
    Object.assign(set.spec.template.spec, { hostNetwork: true });
    Object.assign(set.spec.template.spec.containers[0]!, {
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1' } },
    });
    const container = created(daemonSets, set).spec.template.spec.containers[0]!;
    expect(container.ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);
    expect(container.resources).toEqual({ limits: { cpu: '1' } });
    expect(createErrors(daemonSets, set)).toEqual([]);
  });
});

describe('generations (API-03..10)', () => {
  it('begin at one, whatever the client says', () => {
    const set = daemonSet();
    set.metadata.generation = 9;
    set.status.numberReady = 5;
    const made = created(daemonSets, set);
    expect(made.metadata.generation).toBe(1);
    expect(made.status.numberReady).toBe(0);
    expect(templateGeneration(made)).toBe('1');
  });

  it.each([
    ['7', '7'],
    ['0', '1'],
    ['-3', '1'],
  ])('begin at %j as %j where the annotation says so', (given, stored) => {
    const set = daemonSet();
    set.metadata.annotations = { [TEMPLATE_GENERATION]: given };
    expect(templateGeneration(created(daemonSets, set))).toBe(stored);
  });

  it('must be numbers (API-09)', () => {
    const set = daemonSet();
    set.metadata.annotations = { [TEMPLATE_GENERATION]: 'x' };
    expect(daemonSets.strategy.conversionProblem!(set)).toBe('strconv.ParseInt: parsing "x": invalid syntax');
    expect(daemonSets.strategy.conversionProblem!(daemonSet())).toBeUndefined();
  });

  it.each<[string, (set: DaemonSet) => void, number, string]>([
    ['template', setImage, 2, '2'],
    [
      'other spec',
      set => {
        set.spec.minReadySeconds = 5;
      },
      2,
      '1',
    ],
    [
      'labels',
      set => {
        set.metadata.labels = { a: 'b' };
      },
      1,
      '1',
    ],
    [
      'explicit defaults',
      set => {
        set.spec.template.spec.dnsPolicy = 'ClusterFirst';
      },
      1,
      '1',
    ],
    [
      'annotation taken away',
      set => {
        delete set.metadata.annotations;
      },
      1,
      '1',
    ],
    [
      'annotation forged',
      set => {
        set.metadata.annotations = { [TEMPLATE_GENERATION]: '99' };
      },
      1,
      '1',
    ],
  ])('after a change of %s', (_, change, generation, template) => {
    const old = created(daemonSets, daemonSet());
    const set = updated(daemonSets, old, change);
    expect(templateGeneration(set)).toBe('1');
    countTemplate(set, old);
    expect([set.metadata.generation, templateGeneration(set)]).toEqual([generation, template]);
  });

  it('stay through /status, as does the spec', () => {
    const before = created(daemonSets, daemonSet());
    const after = statusUpdated(daemonSets, before, set => {
      setImage(set);
      delete set.metadata.annotations;
      set.status = { ...set.status, numberReady: 2, numberAvailable: 0, observedGeneration: 1 };
    });
    expect(after.spec).toEqual(before.spec);
    expect([after.metadata.generation, templateGeneration(after)]).toEqual([1, '1']);
    expect(after.status).toEqual({ ...before.status, numberReady: 2, observedGeneration: 1 });
  });
});

describe('maxUnavailable and maxSurge (VAL-62..66)', () => {
  const path = 'spec.updateStrategy.rollingUpdate';
  it.each<[IntOrString, IntOrString, string | undefined]>([
    [1, 0, undefined],
    ['100%', 0, undefined],
    [0, 1, undefined],
    ['0%', '30%', undefined],
    [0, 0, `${path}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`],
    ['0%', '0%', `${path}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`],
    [1, 1, `${path}.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero`],
    [-1, 0, `${path}.maxUnavailable: Invalid value: -1: must be greater than or equal to 0`],
    [0, '101%', `${path}.maxSurge: Invalid value: "101%": must not be greater than 100%`],
    [
      '10',
      0,
      `${path}.maxUnavailable: Invalid value: "10": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
    ],
  ])('%j and %j', (maxUnavailable, maxSurge, message) => {
    const errors = createErrors(
      daemonSets,
      daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable, maxSurge } } }),
    );
    expect(errors).toEqual(message ? [message] : []);
  });

  it('are not looked at without rolling updates (VAL-96)', () => {
    const updateStrategy = { type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } };
    expect(createErrors(daemonSets, daemonSet({ updateStrategy }))).toEqual([]);
  });
});

describe('what may not be', () => {
  it('another selector (VAL-30, VAL-95)', () => {
    const selector = { matchLabels: { app: 'other' } };
    const alone = updateErrors(daemonSets, daemonSet(), set => {
      set.spec.selector = selector;
    });
    expect(alone).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
    const together = updateErrors(daemonSets, daemonSet(), set => {
      set.spec.selector = selector;
      set.spec.template.metadata = { labels: { app: 'other' } };
    });
    expect(together).toEqual(['spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable']);
  });

  it('a disk that two machines write to, unless it was there before (VAL-44)', () => {
    const withDisk = (set: DaemonSet) => {
      set.spec.template.spec.volumes = [{ name: 'd', gcePersistentDisk: { pdName: 'p' } }];
    };
    const set = daemonSet();
    withDisk(set);
    expect(createErrors(daemonSets, set)).toEqual([
      expect.stringMatching(
        /volumes\[0\].gcePersistentDisk.readOnly: Invalid value: false: must be true for replicated pods > 1/,
      ),
    ]);
    expect(updateErrors(daemonSets, set, setImage)).toEqual([]);
    expect(updateErrors(daemonSets, daemonSet(), withDisk)).toHaveLength(1);
  });

  it('ephemeral containers (VAL-42)', () => {
    const set = daemonSet();
    set.spec.template.spec.ephemeralContainers = [{ name: 'e', image: 'a:1' }];
    expect(createErrors(daemonSets, set)).toEqual([
      'spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template',
    ]);
  });

  it('counts below zero, or fewer collisions (VAL-80, VAL-81)', () => {
    const before = created(daemonSets, daemonSet());
    before.status.collisionCount = 2;
    const errors = (change: Partial<DaemonSet['status']>) => {
      const after = statusUpdated(daemonSets, before, set => {
        Object.assign(set.status, change);
      });
      return daemonSets.strategy.validateStatusUpdate!(after, before).map(e => e.message);
    };
    expect(errors({ numberReady: 3, collisionCount: 3 })).toEqual([]);
    expect(errors({ numberAvailable: -1 })).toEqual([
      'status.numberAvailable: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect(errors({ collisionCount: 1 })).toEqual(['status.collisionCount: Invalid value: 1: cannot be decremented']);
  });
});
