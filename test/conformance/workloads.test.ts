import { describeRecorded } from './recorded.js';
import { WORKLOAD_DIFFERENCES, WORKLOADS_EVERYWHERE } from './workload-differences.js';

/** The same for what makes pods besides DaemonSets, and for what counts and guards them. */
describeRecorded(
  'workloads go as recorded',
  { scenarios: 'scenarios-workloads', golden: 'golden-workloads' },
  WORKLOADS_EVERYWHERE,
  WORKLOAD_DIFFERENCES,
);
