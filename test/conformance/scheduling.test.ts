import { EVERYWHERE, SCHEDULING_DIFFERENCES } from './controller-differences.js';
import { describeRecorded } from './recorded.js';

/** Where the scheduler of a real control plane (v1.20.2) put ordinary pods, whom it displaced for them, and what it said. */
describeRecorded(
  'the scheduler acts as recorded',
  { scenarios: 'scenarios-scheduling', golden: 'golden-scheduling' },
  EVERYWHERE,
  SCHEDULING_DIFFERENCES,
);
