import { formatLabels } from '../selector.js';
import type { Service, ServicePort } from '../types.js';
import { AGE, column, NAME, NONE, orNone, printer, wide } from './printer.js';

/** `kubectl get services` */
export const printService = printer<Service>(
  NAME,
  column('Type', 'How the service is reached.', o => o.spec.type ?? ''),
  column('Cluster-IP', 'Its address inside the cluster.', o => orNone(o.spec.clusterIP)),
  column('External-IP', 'Its address from outside.', externalIp),
  column('Port(s)', 'Ports, with the port of every node where there is one.', o => ports(o.spec.ports)),
  AGE,
  wide('Selector', 'Labels of the pods behind it.', o => orNone(formatLabels(o.spec.selector))),
);

function externalIp({ spec, status }: Service): string {
  const { externalIPs = [] } = spec;
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type !== 'LoadBalancer') return orNone(externalIPs.join(','));
  const ingress = (status.loadBalancer?.ingress ?? []) as { ip?: string; hostname?: string }[];
  const balanced = ingress.map(i => i.ip || i.hostname || '').filter(Boolean);
  return [...new Set([...balanced, ...externalIPs])].join(',') || '<pending>';
}

/** `80/TCP,443:30443/TCP` */
function ports(all: readonly ServicePort[] | undefined): string {
  if (!all?.length) return NONE;
  return all.map(p => `${p.port}${p.nodePort ? `:${p.nodePort}` : ''}/${p.protocol ?? 'TCP'}`).join(',');
}
