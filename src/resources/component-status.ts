import { define } from './define.js';
import { column, NAME, printer } from './printing/printer.js';
import type { KubeObject } from './types.js';

export interface ComponentStatus extends KubeObject {
  conditions: { type: string; status: string; message?: string; error?: string }[];
}

const healthy = ({ conditions }: ComponentStatus) => conditions.find(({ type }) => type === 'Healthy');

/** How the parts of the control plane are: `kubectl get componentstatuses`, of old. */
export const componentStatuses = define<ComponentStatus>({
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  virtual: true,
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  printer: printer<ComponentStatus>(
    NAME,
    column('Status', 'Whether it is well.', o => (healthy(o)?.status === 'True' ? 'Healthy' : 'Unhealthy')),
    column('Message', 'What it says of itself.', o => healthy(o)?.message ?? ''),
    column('Error', 'What is wrong.', o => healthy(o)?.error ?? ''),
  ),
});
