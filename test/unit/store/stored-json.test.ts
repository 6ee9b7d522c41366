import { expect, it } from 'vitest';
import { share } from '../../../src/resources/json.js';
import type { KubeObject } from '../../../src/resources/types.js';
import { StoredJson } from '../../../src/store/stored-json.js';

it('is the text of the object, in its order, whatever of it is shared', () => {
  const labels = share({ app: 'a', '1': 'one' });
  const containers = share([{ name: 'main', image: 'a:1' }]);
  const make = (labels: object, containers: object) =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', labels, uid: 'u', annotations: undefined, ownerReferences: labels },
      spec: { containers, nodeName: 'n', tolerations: containers, priority: 0 },
      status: {},
    }) as unknown as KubeObject;
  const object = make(labels, containers);
  expect(StoredJson.of(object).content).toBe(JSON.stringify(object));
  // So the next version of one that was parsed meanwhile is the same too.
  expect(JSON.stringify(StoredJson.of(object).parse())).toBe(JSON.stringify(object));
  const all = { ...object, metadata: labels, spec: { containers } } as unknown as KubeObject;
  expect(StoredJson.of(all).content).toBe(JSON.stringify(all));
});
