import { describe, expect, it } from 'vitest';
import { countTemplate, TEMPLATE_GENERATION } from '../../../src/resources/daemon-set.js';
import { daemonSets } from '../../../src/resources/index.js';
import type { DaemonSet } from '../../../src/resources/types.js';
import {
  type Change,
  created,
  createErrors,
  daemonSet,
  ofMetadata,
  ofPods,
  ofSpec,
  statusUpdated,
  updated,
} from './objects.js';

const templateGeneration = (set: DaemonSet) => set.metadata.annotations?.[TEMPLATE_GENERATION];
const setImage: Change = set => {
  set.spec.template.spec.containers[0]!.image = 'a:2';
};

describe('defaults', () => {
  it.each([
    { given: {}, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
    {
      given: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%', maxSurge: 0 } },
    },
    {
      given: { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 2 } },
    },
    { given: { type: 'OnDelete' }, strategy: { type: 'OnDelete' } },
  ])('DEF-01, TestSetDefaultDaemonSetSpec: strategy $given', ({ given, strategy }) => {
    expect(created(daemonSets, daemonSet({ updateStrategy: given })).spec.updateStrategy).toEqual(strategy);
  });

  it('DEF-02, TestSetDefaultDaemonSetSpec: ten old revisions, unless told otherwise; no wait; no selector', () => {
    const made = created(daemonSets, daemonSet({ minReadySeconds: 0 }));
    expect(made.spec.revisionHistoryLimit).toBe(10);
    expect(made.spec).not.toHaveProperty('minReadySeconds');
    expect(created(daemonSets, daemonSet({ revisionHistoryLimit: 60 })).spec.revisionHistoryLimit).toBe(60);
    expect(created(daemonSets, daemonSet({ revisionHistoryLimit: 0 })).spec.revisionHistoryLimit).toBe(0);
    const { selector: _, ...spec } = daemonSet().spec;
    expect(created(daemonSets, { ...daemonSet(), spec } as DaemonSet).spec.selector).toBeUndefined();
  });

  it('DEF-03: OnDelete gets what belongs to RollingUpdate once it becomes that', () => {
    const set = created(daemonSets, daemonSet({ updateStrategy: { type: 'OnDelete' } }));
    const rolling = updated(daemonSets, set, s => {
      s.spec.updateStrategy.type = 'RollingUpdate';
    });
    expect(rolling.spec.updateStrategy.rollingUpdate).toEqual({ maxUnavailable: 1, maxSurge: 0 });
  });

  it('DEF-04: of the pods in the template', () => {
    const container = {
      name: 'main',
      image: 'a',
      ports: [{ containerPort: 80 }],
      livenessProbe: { httpGet: { path: '/', port: 80 } },
    };
    const set = daemonSet();
    ofPods({ containers: [container, { name: 'side', image: 'a:1' }, { name: 'newest', image: 'a:latest' }] })(set);
    const terminationMessage = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };
    expect(created(daemonSets, set).spec.template.spec).toEqual({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: 'main',
          image: 'a',
          imagePullPolicy: 'Always',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          livenessProbe: {
            httpGet: { path: '/', port: 80, scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          resources: {},
          ...terminationMessage,
        },
        { name: 'side', image: 'a:1', imagePullPolicy: 'IfNotPresent', resources: {}, ...terminationMessage },
        { name: 'newest', image: 'a:latest', imagePullPolicy: 'Always', resources: {}, ...terminationMessage },
      ],
    });
  });

  it('DEF-05: requests, ports of the node and links to services are left to the pods', () => {
    const set = daemonSet();
    ofPods({ hostNetwork: true })(set);
    Object.assign(set.spec.template.spec.containers[0]!, {
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: '1' } },
    });
    const { spec } = created(daemonSets, set).spec.template;
    expect(spec.containers[0]!.ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);
    expect(spec.containers[0]!.resources).toEqual({ limits: { cpu: '1' } });
    expect(spec).not.toHaveProperty('enableServiceLinks');
    expect(createErrors(daemonSets, set)).toEqual([]);
  });
});

describe('generations', () => {
  it('API-03, API-08: begin at one, and the status at nothing, whatever the client says', () => {
    const set = daemonSet();
    set.metadata.generation = 9;
    set.status = { ...set.status, numberReady: 5, collisionCount: 3, conditions: [{ type: 'Mine', status: 'True' }] };
    const made = created(daemonSets, set);
    expect(made.metadata.generation).toBe(1);
    expect(made.status).toEqual(daemonSet().status);
    expect(templateGeneration(made)).toBe('1');
  });

  it.each([
    ['7', '7'],
    ['0', '1'],
    ['-3', '1'],
  ])('API-09: begin at %j as %j where the annotation says so', (given, stored) => {
    const set = daemonSet();
    set.metadata.annotations = { [TEMPLATE_GENERATION]: given };
    expect(templateGeneration(created(daemonSets, set))).toBe(stored);
  });

  it.each(['x', '', '1.5', '0x10'])('API-09: must be numbers, which %j is not', given => {
    const set = daemonSet();
    set.metadata.annotations = { [TEMPLATE_GENERATION]: given };
    expect(daemonSets.strategy.conversionProblem!(set)).toBe(
      `strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`,
    );
    expect(daemonSets.strategy.conversionProblem!(daemonSet())).toBeUndefined();
  });

  it.each<[string, Change, number, string]>([
    ['API-05: the template', setImage, 2, '2'],
    ['API-05: what was left out and is so by default', ofPods({ dnsPolicy: 'ClusterFirst' }), 1, '1'],
    ['API-06: minReadySeconds', ofSpec({ minReadySeconds: 5 }), 2, '1'],
    ['API-06: the strategy', ofSpec({ updateStrategy: { type: 'OnDelete' } }), 2, '1'],
    ['API-06: the limit of history', ofSpec({ revisionHistoryLimit: 5 }), 2, '1'],
    ['API-06: the selector', ofSpec({ selector: { matchLabels: { app: 'other' } } }), 2, '1'],
    ['API-07: labels', ofMetadata({ labels: { a: 'b' } }), 1, '1'],
    ['API-07: nothing', () => {}, 1, '1'],
    ['API-10: the annotation, taken away', ofMetadata({ annotations: undefined }), 1, '1'],
    ['API-10: the annotation, forged', ofMetadata({ annotations: { [TEMPLATE_GENERATION]: '99' } }), 1, '1'],
  ])('after a change of %s', (_, change, generation, template) => {
    const old = created(daemonSets, daemonSet());
    const set = updated(daemonSets, old, change);
    expect(templateGeneration(set)).toBe('1');
    countTemplate(set, old);
    expect([set.metadata.generation, templateGeneration(set)]).toEqual([generation, template]);
  });

  it('API-04, API-07, API-10: stay through /status, as does the spec', () => {
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
