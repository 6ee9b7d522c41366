import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/clock/random.js';
import { VirtualClock } from '../../../src/clock/virtual-clock.js';
import { FAULTS } from '../../../src/faults/catalogue.js';
import { Faults } from '../../../src/faults/faults.js';
import { drawDuration } from '../../../src/faults/latency.js';
import type { Asked } from '../../../src/faults/matching.js';
import { readRule } from '../../../src/faults/read-rule.js';
import type { Duration, FaultMatch, FaultRule, FaultWhen } from '../../../src/faults/rule.js';

const resource = (group: string, plural: string, more: Partial<NonNullable<Asked['resource']>> = {}) => ({
  group,
  plural,
  subresource: '',
  namespace: 'default',
  name: 'one',
  ...more,
});

const asked = (more: Partial<Asked> = {}): Asked => ({
  verb: 'update',
  path: '/apis/apps/v1/namespaces/default/daemonsets/one',
  resource: resource('apps', 'daemonsets'),
  user: 'alice',
  userAgent: 'kubectl/v1.35.0 (linux/amd64)',
  labels: () => ({ labels: { app: 'web' } }),
  resumed: false,
  usual: true,
  ...more,
});

const make = (...rules: FaultRule[]) => {
  const clock = new VirtualClock(0);
  return { clock, faults: new Faults({ clock, seed: 1, rules }) };
};

describe('what a rule may say', () => {
  it.each<[unknown, string]>([
    [{ fault: 'nonsense' }, 'fault must be one of conflict, tooManyRequests,'],
    [{}, 'fault must be one of conflict'],
    [7, ' must be a map, not 7'],
    [{ fault: 'conflict', matches: {} }, 'matches must be one of what there is: name, match, when, fault'],
    [{ fault: { conflict: { applied: true } } }, 'fault.conflict.applied must be absent: there is nothing to be said'],
    [{ fault: { conflict: {}, timeout: {} } }, 'fault must be the name of a fault, or { name: settings }'],
    [{ fault: { error: { code: 200 } } }, 'fault.error.code must be a code from 400 to 599, not 200'],
    [{ fault: 'error' }, 'fault.error.code must be a code from 400 to 599'],
    [
      { fault: { latency: { by: 'soon' } } },
      'fault.latency.by must be a duration such as "200ms" or "1m30s", not "soon"',
    ],
    [{ fault: { latency: { by: 7 } } }, 'fault.latency.by must be a duration such as "200ms", or one of { uniform'],
    [
      { fault: { latency: { by: { uniform: ['2s', '1s'] } } } },
      'fault.latency.by.uniform must be two durations, the shorter',
    ],
    [{ fault: { latency: { by: { uniform: ['2s', 'x'] } } } }, 'fault.latency.by.uniform[1] must be a duration'],
    [
      { fault: { latency: { by: { normal: { mean: '1s' } } } } },
      'fault.latency.by.normal.deviation must be a duration',
    ],
    [
      { fault: { latency: { by: { percentiles: { p50: '2s', p99: '1s' } } } } },
      'fault.latency.by.percentiles must be durations that grow',
    ],
    [
      { fault: { latency: { by: { percentiles: { q50: '2s' } } } } },
      'fault.latency.by.percentiles.q50 must be one from p0',
    ],
    [{ fault: 'conflict', when: { share: 30 } }, 'when.share must be a share from 0 to 1, such as 0.3, not 30'],
    [{ fault: 'conflict', when: { nth: 0 } }, 'when.nth must be a whole number from 1, or a list of these, not 0'],
    [{ fault: 'conflict', when: { for: 10 } }, 'when.for must be a duration such as'],
    [{ fault: 'conflict', match: { verbs: ['write'] } }, 'match.verbs[0] must be one of get, list, watch,'],
    [
      { fault: 'conflict', match: { verbs: ['list'] } },
      'match.verbs must be among those that conflict happens to (update, patch, delete)',
    ],
    [{ fault: 'conflict', match: { resources: 'pods' } }, 'match.resources must be a list of texts, not "pods"'],
    [{ fault: 'conflict', match: { labels: 'a in b' } }, 'match.labels must be a label selector such as app=web'],
    [{ fault: 'timeout', match: { path: 'healthz' } }, 'match.path must be a path such as /api/v1/nodes'],
  ])('%j: %s', (rule, message) => {
    expect(() => readRule(rule)).toThrow(message);
  });

  it('says which one of several is wrong, and takes none of them then', () => {
    const { faults } = make();
    const wrong = { fault: 'conflict', when: { nth: -1 } } as FaultRule;
    expect(() => faults.add({ fault: 'timeout' }, wrong)).toThrow('rules[1].when.nth must be');
    expect(() => faults.add({ name: 'a', fault: 'timeout' }, { name: 'a', fault: 'timeout' })).toThrow(
      'rules[1].name must be one that no other rule has, not "a"',
    );
    expect(faults.list()).toEqual([]);
  });

  it('finds names for rules without', () => {
    expect(
      make()
        .faults.add({ fault: 'timeout' }, { fault: 'timeout' }, { name: 'x', fault: 'conflict' })
        .map(({ name }) => name),
    ).toEqual(['timeout', 'timeout-2', 'x']);
  });

  it('has fields only that have a form', () => {
    for (const { fields, required = [] } of Object.values(FAULTS))
      for (const field of required) expect(Object.keys(fields)).toContain(field);
  });
});

describe('which requests match', () => {
  it.each<[FaultMatch, Partial<Asked>, boolean]>([
    [{}, {}, true],
    [{ verbs: ['update', 'get'] }, {}, true],
    [{ verbs: ['get'] }, {}, false],
    [{ verbs: ['*'] }, {}, true],
    [{ resources: ['daemonsets'] }, {}, true],
    [{ resources: ['daemonsets.apps'] }, {}, true],
    [{ resources: ['daemonsets.batch'] }, {}, false],
    [{ resources: ['pods', 'daemonsets.apps'] }, {}, true],
    [{ resources: ['daemonsets/status'] }, {}, false],
    [
      { resources: ['daemonsets.apps/status'] },
      { resource: resource('apps', 'daemonsets', { subresource: 'status' }) },
      true,
    ],
    [{ resources: ['daemonsets'] }, { resource: resource('apps', 'daemonsets', { subresource: 'status' }) }, false],
    [{ resources: ['daemonsets/*'] }, { resource: resource('apps', 'daemonsets', { subresource: 'status' }) }, true],
    [{ resources: ['daemonsets/*'] }, {}, false],
    [{ resources: ['*'] }, { resource: resource('apps', 'daemonsets', { subresource: 'status' }) }, true],
    [{ resources: ['*'] }, { resource: undefined, path: '/version' }, false],
    [{ namespace: 'default' }, {}, true],
    [{ namespace: 'kube-*' }, {}, false],
    [{ name: 'o*e' }, {}, true],
    [{ name: 'one' }, { resource: undefined }, false],
    [{ user: 'system:*' }, { user: 'system:serviceaccount:a:b' }, true],
    [{ user: 'bob' }, {}, false],
    [{ userAgent: 'kubectl' }, {}, true],
    [{ userAgent: 'helm' }, {}, false],
    [{ labels: 'app=web' }, {}, true],
    [{ labels: 'app in (db)' }, {}, false],
    [{ labels: 'app=web' }, { labels: () => ({ selector: 'tier=x,app==web' }) }, true],
    [{ labels: 'app=web' }, { labels: () => ({ selector: '' }) }, false],
    [{ labels: 'app=web' }, { labels: () => ({ selector: '((' }) }, false],
    [{ labels: 'app' }, { resource: undefined }, false],
    [{ path: '/apis/apps/*' }, {}, true],
    [{ path: '/apis/apps' }, {}, false],
    [{}, { usual: false, resource: undefined, path: '/healthz' }, false],
    [{ path: '/healthz' }, { usual: false, resource: undefined, path: '/healthz' }, true],
  ])('%j', (match, request, fits) => {
    const { faults } = make({ match, fault: 'timeout' });
    expect(faults.meet(asked(request)) !== undefined).toBe(fits);
    expect(faults.list()[0]).toMatchObject({ matched: fits ? 1 : 0, fired: fits ? 1 : 0 });
  });

  it('are those only that the fault can happen to', () => {
    const { faults } = make({ fault: 'conflict' });
    expect(faults.meet(asked({ verb: 'get' }))).toBeUndefined();
    expect(faults.meet(asked({ verb: 'patch' }))?.happening?.fault).toEqual({ kind: 'conflict' });
  });
});

describe('when it happens', () => {
  const hits = (when: FaultWhen, requests = 12) => {
    const { faults } = make({ when, fault: 'timeout' });
    return Array.from({ length: requests }, (_, i) => i + 1).filter(() => faults.meet(asked()));
  };

  it.each<[FaultWhen, number[]]>([
    [{ nth: 3 }, [3]],
    [{ nth: [1, 4] }, [1, 4]],
    [{ every: 5 }, [5, 10]],
    [{ times: 2 }, [1, 2]],
    [{ every: 2, times: 2 }, [2, 4]],
    [{ nth: [2, 3, 4], every: 2 }, [2, 4]],
    [{ share: 0 }, []],
    [{ share: 1, times: 1 }, [1]],
  ])('%j: at %j', (when, expected) => {
    expect(hits(when)).toEqual(expected);
  });

  it('hits a share, the same ones in every run, whatever other rules say', () => {
    const rule: FaultRule = { name: 'some', when: { share: 0.3 }, fault: 'timeout' };
    const run = (...rules: FaultRule[]) => {
      const { faults } = make(...rules);
      return Array.from({ length: 1000 }, () => faults.meet(asked())?.happening?.name === 'some');
    };
    const first = run(rule);
    expect(first.filter(Boolean).length).toBeGreaterThan(250);
    expect(first.filter(Boolean).length).toBeLessThan(350);
    expect(run({ name: 'before', when: { share: 0.5 }, fault: { latency: { by: '1s' } } }, rule)).toEqual(first);
  });

  it('goes by the cluster’s clock', async () => {
    const { clock, faults } = make({ when: { after: '10s', for: '5s' }, fault: 'timeout' });
    const fires = [];
    for (let second = 0; second < 20; second++) {
      if (faults.meet(asked())) fires.push(second);
      await clock.advance(1000, () => Promise.resolve());
    }
    expect(fires).toEqual([10, 11, 12, 13, 14]);
    expect(faults.list()[0]).toMatchObject({ matched: 20, fired: 5 });
  });
});

describe('several rules', () => {
  it('are asked in order: the first that fires wins, waits add up, all count what matched', () => {
    const { faults } = make(
      { name: 'slow', fault: { latency: { by: '1s' } } },
      { name: 'slower', fault: { latency: { by: '2s', clock: 'machine', applied: true } } },
      { name: 'first', when: { nth: 2 }, fault: 'conflict' },
      { name: 'second', fault: 'timeout' },
    );
    const delays = [
      { name: 'slow', ms: 1000, clock: 'cluster', applied: false },
      { name: 'slower', ms: 2000, clock: 'machine', applied: true },
    ];
    expect(faults.meet(asked())).toMatchObject({ delays, happening: { name: 'second', fault: { kind: 'timeout' } } });
    expect(faults.meet(asked())).toMatchObject({ delays, happening: { name: 'first', fault: { kind: 'conflict' } } });
    expect(faults.list().map(({ name, matched, fired }) => [name, matched, fired])).toEqual([
      ['slow', 2, 2],
      ['slower', 2, 2],
      ['first', 2, 1],
      ['second', 2, 1],
    ]);
  });

  it('are removed, cleared, and put back to what there was at first', () => {
    const { faults } = make({ name: 'a', fault: 'timeout' });
    faults.add({ name: 'b', fault: 'timeout' });
    faults.meet(asked());
    expect(faults.remove('b')).toBe(true);
    expect(faults.remove('b')).toBe(false);
    expect(faults.get('b')).toBeUndefined();
    faults.clear();
    expect(faults.any).toBe(false);
    faults.reset();
    expect(faults.list()).toEqual([
      { name: 'a', match: {}, when: {}, fault: { timeout: {} }, matched: 0, fired: 0, nearMisses: [] },
    ]);
  });
});

describe('verify', () => {
  it('is content when all fired', () => {
    const { faults } = make({ fault: 'timeout' });
    faults.meet(asked());
    expect(() => faults.verify()).not.toThrow();
  });

  it('names those that never fired, and what came closest', () => {
    const { faults } = make(
      { name: 'fired', fault: { latency: { by: '1s' } } },
      { name: 'late', when: { nth: 9 }, fault: 'timeout' },
      {
        name: 'elsewhere',
        match: { verbs: ['update'], resources: ['daemonsets/status'], labels: 'app=db' },
        fault: 'conflict',
      },
    );
    faults.meet(asked());
    faults.meet(asked({ verb: 'get', userAgent: '' }));
    expect(() => faults.verify()).toThrow(
      [
        '2 fault rules never fired:',
        '- late: 2 requests matched, but none that it is for (when.nth 9)',
        '- elsewhere: no request matched; the closest were',
        '    update daemonsets.apps default/one (by alice, kubectl/v1.35.0): resources daemonsets/status: it is daemonsets.apps; labels app=db: it is app=web',
        '    get daemonsets.apps default/one (by alice): verbs update: it is get; resources daemonsets/status: it is daemonsets.apps; labels app=db: it is app=web',
      ].join('\n'),
    );
  });

  it('says so when nobody asked anything', () => {
    expect(() => make({ name: 'a', fault: 'timeout' }).faults.verify()).toThrow('- a: there was no request');
  });
});

describe('how long things take', () => {
  const draws = (by: Duration) => {
    const dice = new Random(1);
    return Array.from({ length: 4000 }, () => drawDuration(by, dice)).sort((a, b) => a - b);
  };
  const mean = (all: number[]) => all.reduce((sum, ms) => sum + ms, 0) / all.length;

  it('as long as it says', () => expect(new Set(draws('1m30s'))).toEqual(new Set([90_000])));

  it('uniformly', () => {
    const all = draws({ uniform: ['100ms', '300ms'] });
    expect(all[0]).toBeGreaterThanOrEqual(100);
    expect(all.at(-1)).toBeLessThanOrEqual(300);
    expect(mean(all)).toBeCloseTo(200, -1);
  });

  it('normally, never less than nothing', () => {
    const all = draws({ normal: { mean: '1s', deviation: '100ms' } });
    expect(mean(all)).toBeCloseTo(1000, -2);
    expect(all[Math.floor(all.length * 0.84)]).toBeCloseTo(1100, -2);
    expect(draws({ normal: { mean: '0', deviation: '1s' } })[0]).toBe(0);
  });

  it('exponentially', () => {
    const all = draws({ exponential: { mean: '1s' } });
    expect(mean(all) / 1000).toBeCloseTo(1, 1);
    expect(all[all.length / 2]! / 1000).toBeCloseTo(Math.LN2, 1);
  });

  it('by percentiles', () => {
    const all = draws({ percentiles: { p99: '2s', p50: '20ms', p100: '10s' } });
    expect(all[all.length / 2]).toBeCloseTo(20, -1);
    expect(all[all.length * 0.99]! / 1000).toBeCloseTo(2, 0);
    expect(all.at(-1)).toBeLessThanOrEqual(10_000);
  });
});
