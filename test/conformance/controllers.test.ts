import { CONTROLLER_DIFFERENCES, EVERYWHERE } from './controller-differences.js';
import { describeRecorded } from './recorded.js';

/** What the controllers of a real control plane (v1.20.2) did; see differences.md for what 1.35 does otherwise. */
describeRecorded(
  'controllers act as recorded',
  { scenarios: 'scenarios', golden: 'golden' },
  EVERYWHERE,
  CONTROLLER_DIFFERENCES,
);
