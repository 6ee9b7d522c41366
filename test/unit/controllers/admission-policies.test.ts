import { afterEach, beforeEach, expect, it } from 'vitest';
import { policyStatusController } from '../../../src/controllers/admission-policies/index.js';
import { daemonSetController } from '../../../src/controllers/daemonset/controller.js';
import type { ValidatingAdmissionPolicy } from '../../../src/resources/admission/configuration.js';
import { daemonSets, pods } from '../../../src/resources/index.js';
import {
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from '../../../src/resources/plain/admission.js';
import type { Draft } from '../../../src/resources/types.js';
import { ModelCluster } from '../../support/model-cluster.js';

let cluster: ModelCluster;

beforeEach(async () => {
  cluster = await ModelCluster.start(policyStatusController, daemonSetController);
});
afterEach(() => cluster.close());

const draft = (resource: string, expression: string) =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: [resource] }],
      },
      validations: [{ expression, message: 'not here' }],
    },
  }) as unknown as Draft<ValidatingAdmissionPolicy>;

const status = () => cluster.registry.get(validatingAdmissionPolicies, '', 'p')!.object.status;

it('tells what it found of each generation', async () => {
  await cluster.registry.create(validatingAdmissionPolicies, draft('pods', 'object.a == 1'));
  await cluster.settle();
  const warning = "/v1, Kind=Pod: ERROR: <input>:1:7: undefined field 'a'\n | object.a == 1\n | ......^\n";
  expect(status()).toEqual({
    observedGeneration: 1,
    typeChecking: { expressionWarnings: [{ fieldRef: 'spec.validations[0].expression', warning }] },
  });
  const { object } = cluster.registry.get(validatingAdmissionPolicies, '', 'p')!;
  await cluster.registry.update(validatingAdmissionPolicies, {
    ...object,
    spec: { ...object.spec, validations: [{ expression: 'object.kind == "Pod"' }] },
  });
  await cluster.settle();
  expect(status()).toEqual({ observedGeneration: 2, typeChecking: {} });
  expect(cluster.errors).toEqual([]);
});

it('pods that controllers make are refused too, and events tell why', async () => {
  const { registry } = cluster;
  await registry.create(validatingAdmissionPolicies, draft('pods', "object.spec.containers[0].image != 'bad:1'"));
  await registry.create(validatingAdmissionPolicyBindings, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'] },
  });
  await cluster.node('n1');
  await cluster.setTaints('n1');
  await registry.create(daemonSets, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ds', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'ds' } },
      template: {
        metadata: { labels: { app: 'ds' } },
        spec: { containers: [{ name: 'c', image: 'bad:1' }] },
      },
    },
  } as never);
  await cluster.settle();
  expect(registry.all(pods)).toEqual([]);
  expect(cluster.events[0]).toMatch(
    /^daemonset-controller Warning FailedCreate Error creating: pods "ds-\w{5}" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not here$/,
  );
});
