import { define } from './define.js';
import { AGE, column, NAME, printer } from './printing/printer.js';
import type { ConfigMap } from './types.js';
import { validateKeyedData, validateKeyedDataUpdate } from './validation/keyed-data.js';

export const configMaps = define<ConfigMap>({
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  strategy: {
    validate: object => validateKeyedData(object, ['data', 'binaryData']),
    validateUpdate: (object, old) => [
      ...validateKeyedDataUpdate(object, old, ['data', 'binaryData']),
      ...validateKeyedData(object, ['data', 'binaryData']),
    ],
  },
  printer: printer<ConfigMap>(NAME, column('Data', 'How many keys there are.', size), AGE),
});

function size({ data = {}, binaryData = {} }: ConfigMap): number {
  return Object.keys(data).length + Object.keys(binaryData).length;
}
