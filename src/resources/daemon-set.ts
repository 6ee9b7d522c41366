import { define, statusOf } from './define.js';
import { equalJson } from './json.js';
import { printDaemonSet } from './printing/daemon-set.js';
import type { DaemonSet } from './types.js';

export const daemonSets = define<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [statusOf('DaemonSet')],
  strategy: {
    prepareForCreate: o => {
      o.metadata.generation = 1;
      o.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    },
    prepareForUpdate: (o, old) => {
      o.status = old.status;
      if (!equalJson(o.spec, old.spec)) o.metadata.generation = old.metadata.generation! + 1;
    },
    prepareForStatusUpdate: (o, old) => {
      o.spec = old.spec;
    },
  },
  printer: printDaemonSet,
});
