import type {
  AddressFacts,
  RequestInput,
  RequestSource,
  RequestTarget,
  ServiceFacts,
  TargetPodAnswer,
} from '../graph/network.js';

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
  /** The node by whose port the Service is asked; empty for its own address. */
  readonly serviceNode: string;
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
  serviceNode: '',
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
  const key = keyOf(target);
  const same = addresses.filter(one => one.kind === kind && one.namespace === namespace && one.name === name);
  const byNode = way === 'NODE' ? target : same.find(one => one.way === 'NODE' && one.protocol === protocol);
  const own = services.find(one => one.namespace === namespace && one.name === name && kind === 'Service');
  const servicePort = own && (way === 'SERVICE' ? port : portBehind(own, port));
  const ownName = kind === 'Service' ? `${name}.${namespace}.${DOMAIN}` : podName(target, same);
  return {
    ...before,
    way: kind === 'Service' && way === 'SERVICE' ? 'service' : way === 'NODE' ? 'node' : 'dns',
    // Whether it pushes is yet to be asked.
    pod: '',
    node: byNode?.node ?? node ?? '',
    nodePort: byNode ? String(byNode.port) : '',
    name: ownName,
    namePort: String(kind === 'Service' ? (servicePort ?? port) : podPort(target, same)),
    service: kind === 'Service' ? key : '',
    servicePort: kind === 'Service' ? String(servicePort ?? port) : '',
    serviceNode: kind === 'Service' && way === 'NODE' ? (node ?? '') : '',
    protocol: protocol === 'UDP' ? 'UDP' : before.protocol === 'UDP' ? 'HTTP' : before.protocol,
    path: before.path || '/',
  };
}

/** The port of the pod that a line is about. Which one a port of its node leads to is not told: the first of that protocol, then. */
const podPort = ({ way, port, protocol }: AddressFacts, same: readonly AddressFacts[]): number =>
  (way === 'POD' ? undefined : same.find(one => one.way === 'POD' && one.protocol === protocol)?.port) ?? port;

/** The name that a pod has by its address, if it has one of its own. */
function podName({ namespace }: AddressFacts, same: readonly AddressFacts[]): string {
  const own = same.find(({ way }) => way === 'POD');
  return own ? `${own.address.replaceAll('.', '-')}.${namespace}.pod.cluster.local` : '';
}

/**
 * Fills in how else a pod is reached, once that is known: by the Services that select it, and whether it pushes. What somebody has filled in since stays.
 * @param filled the form as it was filled in for the pod
 * @param now the form by now
 */
export function withPod(
  now: RequestForm,
  filled: RequestForm,
  target: AddressFacts,
  { push, services: selecting }: NonNullable<TargetPodAnswer['pod']>,
  services: readonly ServiceFacts[],
): RequestForm {
  const key = `${target.namespace}/${target.name}`;
  const own = selecting.flatMap(one => services.find(service => keyOf(service) === keyOf(one)) ?? []);
  const addressed = own.find(hasAddress);
  const named = own.find(isHeadless) ?? own[0];
  const podPort = { port: Number(filled.namePort), protocol: target.protocol };
  const isUntouched = (...fields: readonly (keyof RequestForm)[]) =>
    fields.every(field => now[field] === filled[field]);
  return {
    ...now,
    ...(push && isUntouched('pod') ? { pod: key } : {}),
    ...(addressed && isUntouched('service', 'servicePort')
      ? { service: keyOf(addressed), servicePort: portTo(addressed, podPort) }
      : {}),
    ...(named && isUntouched('name', 'namePort')
      ? // A headless Service is its pods: one comes to their own ports.
        { name: nameFor(named), namePort: isHeadless(named) ? filled.namePort : portTo(named, podPort) }
      : {}),
  };
}

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}/${name}`;
const nameFor = ({ namespace, name }: ServiceFacts) => `${name}.${namespace}.${DOMAIN}`;
const isHeadless = ({ clusterIP }: ServiceFacts) => clusterIP === 'None';
const hasAddress = (service: ServiceFacts) => Boolean(service.clusterIP) && !isHeadless(service);

/** The port by which a Service leads to one of a pod, as far as that can be seen; else its first of that protocol. */
function portTo({ ports }: ServiceFacts, { port, protocol }: Pick<AddressFacts, 'port' | 'protocol'>): string {
  const fitting = ports.filter(one => one.protocol === protocol);
  const found = fitting.find(one => one.targetPort === String(port)) ?? fitting[0] ?? ports[0];
  return found ? String(found.port) : '';
}

/** The port of a Service that a port of a node leads to. */
const portBehind = ({ ports }: ServiceFacts, nodePort: number): number | undefined =>
  ports.find(port => port.nodePort === nodePort)?.port;

/** A name that can be filled in, and a port that goes with it. */
export interface KnownName {
  readonly name: string;
  readonly port: number;
  /** Whether it is a Service that has ports of nodes too. */
  readonly hasNodePorts: boolean;
}

const hasNodePorts = ({ ports }: ServiceFacts) => ports.some(({ nodePort }) => nodePort !== null && nodePort > 0);

/** The Services that have an address of their own. */
export const servicesOf = (services: readonly ServiceFacts[]): KnownName[] =>
  services.flatMap(service => {
    const [first] = service.ports;
    return first && hasAddress(service)
      ? [{ name: keyOf(service), port: first.port, hasNodePorts: hasNodePorts(service) }]
      : [];
  });

/** The names that one can ask for: headless ones first, since these lead to the pods. */
export function namesOf(services: readonly ServiceFacts[]): KnownName[] {
  return [...services]
    .sort((a, b) => Number(isHeadless(b)) - Number(isHeadless(a)))
    .flatMap(service => {
      const [first] = service.ports;
      return first ? [{ name: nameFor(service), port: first.port, hasNodePorts: false }] : [];
    });
}

/** Services in the order in which they are suggested: first those that select the pod that was chosen. */
export const firstThose = (
  services: readonly ServiceFacts[],
  selecting: NonNullable<TargetPodAnswer['pod']>['services'],
): readonly ServiceFacts[] => {
  const first = new Set(selecting.map(keyOf));
  return first.size === 0
    ? services
    : [...services].sort((a, b) => Number(first.has(keyOf(b))) - Number(first.has(keyOf(a))));
};

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
      const node = form.serviceNode.trim();
      return service && port ? { service: { ...service, port, ...(node ? { node } : {}) } } : undefined;
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
