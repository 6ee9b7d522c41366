import type { AddressFacts, RequestInput, RequestSource, RequestTarget, ServiceFacts } from '../graph/network.js';

/** The ways to reach a daemon, in the order in which they are offered. */
export const WAYS = ['push', 'node', 'dns', 'service'] as const;
type Way = (typeof WAYS)[number];

/** What is filled in, as text. */
export interface RequestForm {
  readonly way: Way;
  /** The pod that pushes: `namespace/name`. */
  readonly pod: string;
  readonly node: string;
  readonly nodePort: string;
  readonly name: string;
  readonly namePort: string;
  /** `namespace/name`. */
  readonly service: string;
  readonly servicePort: string;
  /** Who asks: `namespace/pod`, a node, an address; empty for somebody outside. */
  readonly from: string;
  readonly protocol: 'HTTP' | 'TCP' | 'UDP';
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly times: number;
}

export const EMPTY_FORM: RequestForm = {
  way: 'node',
  pod: '',
  node: '',
  nodePort: '',
  name: '',
  namePort: '',
  service: '',
  servicePort: '',
  from: '',
  protocol: 'HTTP',
  method: 'GET',
  path: '/',
  body: '',
  times: 1,
};

/** Names that end with it are known to the cluster's DNS. */
const DOMAIN = 'svc.cluster.local';

/** A form for a request to something that answers: all that is known of it is filled in, for each of the ways. */
export function formFor(
  target: AddressFacts,
  addresses: readonly AddressFacts[],
  services: readonly ServiceFacts[],
  before: RequestForm,
): RequestForm {
  const { kind, namespace, name, way, node, port, protocol } = target;
  const key = `${namespace}/${name}`;
  const same = addresses.filter(one => one.kind === kind && one.namespace === namespace && one.name === name);
  const byNode = way === 'NODE' ? target : same.find(one => one.way === 'NODE' && one.protocol === protocol);
  const own = services.find(one => one.namespace === namespace && one.name === name && kind === 'Service');
  const servicePort = own && (way === 'SERVICE' ? port : portBehind(own, port));
  const ownName = kind === 'Service' ? `${name}.${namespace}.${DOMAIN}` : podName(target, same);
  return {
    ...before,
    way: kind === 'Service' && way === 'SERVICE' ? 'service' : way === 'NODE' ? 'node' : 'dns',
    pod: kind === 'Pod' ? key : '',
    node: byNode?.node ?? node ?? '',
    nodePort: byNode ? String(byNode.port) : '',
    name: ownName,
    namePort: String(kind === 'Service' ? (servicePort ?? port) : (same.find(one => one.way === 'POD')?.port ?? port)),
    service: kind === 'Service' ? key : '',
    servicePort: kind === 'Service' ? String(servicePort ?? port) : '',
    protocol: protocol === 'UDP' ? 'UDP' : before.protocol === 'UDP' ? 'HTTP' : before.protocol,
    path: before.path || '/',
  };
}

/** The name that a pod has by its address, if it has one of its own. */
function podName({ namespace }: AddressFacts, same: readonly AddressFacts[]): string {
  const own = same.find(({ way }) => way === 'POD');
  return own ? `${own.address.replaceAll('.', '-')}.${namespace}.pod.cluster.local` : '';
}

/** The port of a Service that a port of a node leads to. */
const portBehind = ({ ports }: ServiceFacts, nodePort: number): number | undefined =>
  ports.find(port => port.nodePort === nodePort)?.port;

/** A name that can be filled in, and a port that goes with it. */
export interface KnownName {
  readonly name: string;
  readonly port: number;
}

/** The Services that have an address of their own. */
export const servicesOf = (services: readonly ServiceFacts[]): KnownName[] =>
  services.flatMap(({ namespace, name, clusterIP, ports: [first] }) =>
    clusterIP && clusterIP !== 'None' && first ? [{ name: `${namespace}/${name}`, port: first.port }] : [],
  );

/** The names that one can ask for: headless ones first, since these lead to the pods. */
export function namesOf(services: readonly ServiceFacts[]): KnownName[] {
  const isHeadless = ({ clusterIP }: ServiceFacts) => clusterIP === 'None';
  return [...services]
    .sort((a, b) => Number(isHeadless(b)) - Number(isHeadless(a)))
    .flatMap(({ namespace, name, ports: [first] }) =>
      first ? [{ name: `${name}.${namespace}.${DOMAIN}`, port: first.port }] : [],
    );
}

/** The request that a form asks for; undefined while something is missing. */
export function inputOf(form: RequestForm): RequestInput | undefined {
  const to = targetOf(form);
  if (!to) return undefined;
  const { way, times } = form;
  if (way === 'push') return { to, times };
  const from = sourceOf(form.from);
  const { protocol, method, path, body } = form;
  const http = protocol === 'HTTP' ? { method, path } : {};
  return { ...(from ? { from } : {}), to, protocol, ...http, ...(body ? { body } : {}), times };
}

function targetOf(form: RequestForm): RequestTarget | undefined {
  switch (form.way) {
    case 'push': {
      const push = named(form.pod);
      return push && { push };
    }
    case 'node': {
      const port = portOf(form.nodePort);
      return form.node.trim() && port ? { node: { name: form.node.trim(), port } } : undefined;
    }
    case 'dns': {
      const port = portOf(form.namePort);
      return form.name.trim() && port ? { dns: { name: form.name.trim(), port } } : undefined;
    }
    case 'service': {
      const port = portOf(form.servicePort);
      const service = named(form.service);
      return service && port ? { service: { ...service, port } } : undefined;
    }
  }
}

const portOf = (text: string): number | undefined => {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
};

function named(text: string): { namespace: string; name: string } | undefined {
  const [first = '', second] = text.trim().split('/');
  if (!first) return undefined;
  return second ? { namespace: first, name: second } : { namespace: 'default', name: first };
}

/** Who asks, as it is written in the form. */
function sourceOf(text: string): RequestSource | undefined {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  if (/^\d+(\.\d+){3}$/.test(trimmed)) return { address: trimmed };
  if (!trimmed.includes('/')) return { node: trimmed };
  return { pod: named(trimmed)! };
}
