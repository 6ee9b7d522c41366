import { access } from './access.js';
import { admission } from './admission.js';
import { autoscaling } from './autoscaling.js';
import { batch } from './batch.js';
import { core } from './core.js';
import { devices } from './devices.js';
import { flowControl } from './flow-control.js';
import { networking } from './networking.js';
import { nodeKinds } from './node.js';
import { storage } from './storage.js';
import { workloads } from './workloads.js';

/** The kinds that Kubette serves without giving them a life: stored, checked, defaulted, printed, each a row of a table. */
export const PLAIN = [
  ...core,
  ...workloads,
  ...batch,
  ...autoscaling,
  ...access,
  ...networking,
  ...storage,
  ...admission,
  ...flowControl,
  ...devices,
  ...nodeKinds,
];
