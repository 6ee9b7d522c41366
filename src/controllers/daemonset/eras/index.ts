import type { Era } from '../../../resources/definition.js';
import { scheduledByController } from './controller-scheduled.js';
import type { DaemonSchedulingFactory } from './era.js';
import { scheduledByScheduler } from './scheduler-scheduled.js';

/** How daemon pods come to their nodes in an era. */
export function schedulingOf(era: Era): DaemonSchedulingFactory {
  return era === '1.11' ? scheduledByController : scheduledByScheduler;
}
