import type { ComponentStatus } from '../resources/component-status.js';
import type { VirtualKind } from './virtual.js';

/** Parts that other control planes have as processes of their own, and that are well if anybody answers here. */
const COMPONENTS = ['controller-manager', 'etcd-0', 'scheduler'];

const statusOf = (name: string): ComponentStatus => ({
  apiVersion: 'v1',
  kind: 'ComponentStatus',
  metadata: { name } as ComponentStatus['metadata'],
  conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
});

/** `componentstatuses` */
export const componentHealth: VirtualKind = {
  get: ({ target: { name } }) => (COMPONENTS.includes(name) ? statusOf(name) : undefined),
  list: () => COMPONENTS.map(statusOf),
};
