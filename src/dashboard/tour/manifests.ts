/** What an `agent`, the DaemonSet of the tour, is like in a step. */
export interface AgentOptions {
  readonly image?: string;
  readonly cpu?: string;
  readonly priority?: string;
  readonly hostPort?: number;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly disks?: readonly string[];
  readonly tolerates?: string;
  readonly strategy?: string;
  /** Where it pushes to when it is told to. */
  readonly pushTo?: string;
}

/** The manifest of the tour's DaemonSet: as short as it can be, so that what matters in a step is seen. */
export function agent(options: AgentOptions = {}): string {
  const {
    image = 'agent:1',
    cpu = '100m',
    priority,
    hostPort,
    nodeSelector,
    disks,
    tolerates,
    strategy,
    pushTo,
  } = options;
  const lines = [
    'apiVersion: apps/v1',
    'kind: DaemonSet',
    'metadata:',
    '  name: agent',
    '  namespace: tour',
    'spec:',
    ...(strategy ? ['  updateStrategy:', ...strategy.split('\n').map(line => `    ${line}`)] : []),
    '  selector:',
    '    matchLabels: {app: agent}',
    '  template:',
    '    metadata:',
    '      labels: {app: agent}',
    ...(pushTo ? [`      annotations: {kubette.dev/push-to: "${pushTo}", kubette.dev/push-every: 24h}`] : []),
    '    spec:',
    ...(nodeSelector
      ? ['      nodeSelector:', ...Object.entries(nodeSelector).map(([key, value]) => `        ${key}: ${value}`)]
      : []),
    ...(disks
      ? [
          '      affinity:',
          '        nodeAffinity:',
          '          requiredDuringSchedulingIgnoredDuringExecution:',
          '            nodeSelectorTerms:',
          '            - matchExpressions:',
          `              - {key: disk, operator: In, values: [${disks.join(', ')}]}`,
        ]
      : []),
    ...(tolerates ? ['      tolerations:', `      - {key: ${tolerates}, operator: Exists}`] : []),
    ...(priority ? [`      priorityClassName: ${priority}`] : []),
    '      terminationGracePeriodSeconds: 5',
    '      containers:',
    '      - name: agent',
    `        image: ${image}`,
    ...(hostPort ? [`        ports: [{containerPort: 80, hostPort: ${hostPort}}]`] : []),
    `        resources: {requests: {cpu: ${cpu}}}`,
  ];
  return `${lines.join('\n')}\n`;
}

export const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: tour}\n';

export const IMPORTANT =
  'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: important}\nvalue: 1000\n';

/** What remembers what comes, on a node, and its Service. */
export const sink = (node: string): string =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: sink',
    '  namespace: tour',
    '  labels: {app: sink}',
    '  annotations: {kubette.dev/serve: sink}',
    'spec:',
    `  nodeName: ${node}`,
    '  containers:',
    '  - {name: main, image: "sink:1", ports: [{containerPort: 8080}]}',
    '---',
    service('sink', 'selector: {app: sink}, ports: [{port: 8080}]'),
  ].join('\n');

/** A Service of the tour. */
export const service = (name: string, spec: string): string =>
  ['apiVersion: v1', 'kind: Service', `metadata: {name: ${name}, namespace: tour}`, `spec: {${spec}}`, ''].join('\n');

/** A pod by itself that takes nearly all of a node's four cores, or a port of it. @param priority its class, if it may not be made to leave */
export const lonePod = (name: string, node: string, what: string, priority?: string): string =>
  [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: {name: ${name}, namespace: tour}`,
    'spec:',
    `  nodeName: ${node}`,
    ...(priority ? [`  priorityClassName: ${priority}`] : []),
    '  terminationGracePeriodSeconds: 0',
    '  containers:',
    `  - {name: main, image: "${name}:1", ${what}}`,
    '',
  ].join('\n');
