/** JSON Schema, as OpenAPI 3.1 has it. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const text = (description: string): Schema => ({ type: 'string', description });
const number = (description: string): Schema => ({ type: 'number', description });
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const duration = (description: string): Schema => ({ type: 'string', description, examples: ['40s', '1h30m'] });

/** An object of which all fields are told unless they are optional. */
export const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter(name => !optional.includes(name)),
});

export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const schemaOf = (name: keyof typeof SCHEMAS): Schema => ({ $ref: `#/components/schemas/${name}` });

const share: Schema = {
  type: ['string', 'number'],
  description: 'Which part of them: 30% or 0.3.',
  examples: ['30%', 0.3],
};
const delay = (description: string): Schema => ({ ...duration(description), type: ['string', 'number'] });

const ruleFields = {
  name: text('What it is called.'),
  match: {
    type: 'object',
    description: 'Which requests: all of this must be true of one.',
    properties: {
      verbs: listOf(text('As roles name them.')),
      resources: listOf(text('Plurals: `pods`, `daemonsets.apps`, `pods/status`.')),
      namespace: text('Their namespace.'),
      name: text('The name of the object.'),
      labels: text('A selector of labels.'),
      user: text('Who asks.'),
      userAgent: text('A part of the `User-Agent`.'),
      path: text('The path of the URL.'),
      webhook: text('Where a webhook is called.'),
    },
    additionalProperties: false,
  },
  when: {
    type: 'object',
    description: 'At which of these: all of this must be true.',
    properties: {
      nth: { type: ['number', 'array'], description: 'The first is 1.' },
      every: number('Every third, say.'),
      share: number('This share of them, from 0 to 1.'),
      times: number('No more often than that.'),
      after: duration('Not before this has passed.'),
      for: duration('For how long from then on.'),
    },
    additionalProperties: false,
  },
  fault: {
    type: ['string', 'object'],
    description: 'What happens: its name, or `{ name: settings }`; docs/faults.md tells of each.',
    examples: ['conflict', { latency: { by: '200ms' } }],
  },
} satisfies Readonly<Record<string, Schema>>;

const note = object({
  index: number('Which of the objects that were sent, from 0.'),
  kind: text('Its kind.'),
  name: text('Its name, with its namespace.'),
  why: text('Why.'),
});

/** What is sent and answered, by name. */
export const SCHEMAS = {
  Status: {
    type: 'object',
    description: "Kubernetes' own object for what is wrong.",
    properties: {
      kind: { const: 'Status' },
      apiVersion: { const: 'v1' },
      status: { const: 'Failure' },
      message: text('What is wrong.'),
      reason: text('The same as a word.'),
      code: number('The code of the answer.'),
    },
  },
  Address: object({
    address: text('In the words of the cluster.'),
    port: number('The same.'),
    protocol: { enum: ['TCP', 'UDP'] },
    at: text('Where that really is: `address:port`, the same unless the machine does not have it.'),
    kind: { enum: ['Pod', 'Service'], description: 'Whose it is.' },
    namespace: text('Of that one.'),
    name: text('Of that one.'),
    way: {
      enum: ['pod', 'node', 'service'],
      description: "A pod's own address, a port of a node, or a Service's own.",
    },
    node: { type: ['string', 'null'], description: 'The node whose address it is, or on which the pod is.' },
    came: number(
      "How many connections, or datagrams, have come; of a pod's own port how many reached that, also by way of a Service or a port of its node.",
    ),
  }),
  Clock: object(
    {
      mode: { enum: ['real', 'scaled', 'paused'] },
      rate: number("How many seconds of it a second of the machine's is; 0 if it stands still."),
      time: time('What it shows.'),
      aheadSeconds: number("By how much it leads the machine's time."),
      revision: number('The newest revision.'),
      atRest: { type: 'boolean', description: 'Whether nothing is going on any more.' },
      goingOn: listOf(text('What is going on whose end is only a matter of time.')),
      passedSeconds: number('How far the clock went.'),
      met: { type: 'boolean', description: 'Whether it has come true.' },
      message: text('How it stands, in words.'),
    },
    ['atRest', 'goingOn', 'passedSeconds', 'met', 'message'],
  ),
  Rate: object({ rate: number('0 to 1,000,000; 0 stops it.') }, ['rate']),
  Advance: object({ by: duration('How far, a day at most.') }),
  Limit: object({ limit: duration('How far at most; an hour if absent.') }, ['limit']),
  Wanted: object(
    {
      object: text('A kind and a name, as kubectl takes them: `ds/agent`.'),
      for: text(
        'What is to be true of it: `rollout`, `create`, `delete`, or as `kubectl wait --for` has it: `condition=Ready`, `jsonpath={.status.phase}=Running`.',
      ),
      pods: number('In place of an object: how many pods there are to be.'),
      labelSelector: text('Of which labels.'),
      fieldSelector: text('Of which fields: `status.phase=Running`.'),
      namespace: text('Of the object (`default` if absent), or of the pods (all if absent).'),
      limit: duration('How far at most; an hour if absent.'),
    },
    ['object', 'for', 'pods', 'labelSelector', 'fieldSelector', 'namespace', 'limit'],
  ),
  ForkOrder: object(
    {
      at: { type: ['string', 'number'], description: 'A revision, or a time; now if absent.' },
      era: { enum: ['current', '1.11'] },
      rate: number('How fast its clock goes; as its base\u2019s if absent.'),
      name: text('What people call it.'),
    },
    ['at', 'era', 'rate', 'name'],
  ),
  Fork: object({
    id: text('Its id.'),
    path: text('What its paths begin with.'),
    name: text('What people call it.'),
    base: { type: ['string', 'null'], description: 'The fork that it was made of; null for the cluster itself.' },
    revision: number('Where it parted from its base.'),
    time: time('What its clock showed then.'),
    era: text('The age that it lives in.'),
    createdAt: time("When it was made, by the machine's time."),
    idleSeconds: number('Since when nobody has asked anything of it.'),
  }),
  Snapshot: object({
    name: text('Its name; `initial` is that in which the cluster began.'),
    revision: number('At which revision it was taken.'),
    time: time('And when, by the clock of the cluster.'),
  }),
  BehaviorRule: {
    ...object(
      {
        name: text('Its name; in a PUT that of the path counts.'),
        pods: {
          type: 'object',
          description: 'Which pods; all of them if empty.',
          properties: {
            namespace: text('Their namespace.'),
            selector: text('Their labels, as for `kubectl -l`.'),
            owner: text('What controls them: `DaemonSet/agent`.'),
            node: text('The name of the node that they are on.'),
            nodeSelector: text('Labels of that node.'),
          },
          additionalProperties: false,
        },
        nodes: {
          type: 'object',
          description: 'Or which nodes.',
          properties: { name: text('Its name.'), selector: text('Their labels.') },
          additionalProperties: false,
        },
        share,
        after: delay('From when on, counted from now.'),
        for: delay('For how long.'),
        every: delay('How often it begins again.'),
        behavior: text('What they do: `crash-loop`, `oom-kill`, `never-ready`; nodes: `down`, `not-ready`, `vanish` …'),
        containers: text('Which containers it strikes, comma-separated.'),
        startDelay: delay('From the first look of the kubelet until the sandbox is up.'),
        initDelay: delay('How long each init container runs.'),
        readyDelay: delay('From the start of a container until it is ready.'),
        stopDelay: delay('How long containers take to stop.'),
        exitAfter: delay('How long a container runs before it exits.'),
        exitCode: number('With what code.'),
        log: text('The lines that containers log in turn.'),
        logInterval: delay('From one line to the next.'),
        serve: text('What answers on their ports: `http`, `echo`, `static`, `proxy`, `sink`, `nothing`.'),
        serveBody: text('What `static` answers.'),
        serveType: text('The media type of that.'),
        serveStatus: number('With what code `http` and `static` answer.'),
        serveProxy: text('Where `proxy` leads: `127.0.0.1:9100`.'),
        serveDelay: delay('How long each answer takes, by the time of the machine.'),
        serveFailures: { ...share, description: 'Which share of requests gets 500: `30%` or 0.3.' },
        pushTo: text('Where to they push: `http://sink:8080/in`, `statsd://sink:8125`; `nothing` for nowhere.'),
        pushEvery: delay('How often they push.'),
        pushFormat: text('What they push by HTTP: `json` or `prometheus`.'),
        active: { type: 'boolean', description: 'Whether its time is now.', readOnly: true },
        matched: { ...number('How many pods or nodes it was about.'), readOnly: true },
        struck: { ...number('How many it made do something.'), readOnly: true },
      },
      [
        'pods',
        'nodes',
        'share',
        'after',
        'for',
        'every',
        'behavior',
        'containers',
        'startDelay',
        'initDelay',
        'readyDelay',
        'stopDelay',
        'exitAfter',
        'exitCode',
        'log',
        'logInterval',
        'serve',
        'serveBody',
        'serveType',
        'serveStatus',
        'serveProxy',
        'serveDelay',
        'serveFailures',
        'pushTo',
        'pushEvery',
        'pushFormat',
        'name',
        'active',
        'matched',
        'struck',
      ],
    ),
    additionalProperties: false,
  },
  Stage: object(
    {
      name: text('Its name.'),
      apiVersion: text('The version of the kind that it is for.'),
      kind: text('The kind that it is for.'),
      served: { type: 'boolean', description: 'Whether there is such a kind.' },
      matched: number('How many objects have been such that it was for them.'),
      fired: number('How often it was played.'),
      failed: number('How often that failed.'),
      error: text('With what it failed the last time.'),
    },
    ['error'],
  ),
  FaultRule: { ...object(ruleFields, ['name', 'match', 'when']), additionalProperties: false },
  Fault: object({
    ...ruleFields,
    matched: number('How many requests matched.'),
    fired: number('How often it happened.'),
    nearMisses: {
      ...listOf(
        object({
          request: text('A request that came close.'),
          missed: listOf(text('What of the match was not so of it.')),
        }),
      ),
      description: 'While it has never happened: the requests that came closest.',
    },
  }),
  Restart: {
    ...object(
      {
        for: duration("How long nobody is answered, by the cluster's clock. A second, if absent."),
        refuse: { enum: ['connection', '503'], description: 'How those are refused who ask meanwhile.' },
      },
      ['for', 'refuse'],
    ),
    additionalProperties: false,
  },
  JournalCheck: {
    ...object(
      {
        match: { type: 'object', description: 'Which requests; docs/journal.md tells of each field.' },
        times: number('How many of them there must be.'),
        least: number('How many at least; 1 if nothing is said.'),
        most: number('How many at most.'),
      },
      ['match', 'times', 'least', 'most'],
    ),
    additionalProperties: false,
  },
  Journal: object({
    count: number('How many there are.'),
    requests: listOf(
      object(
        {
          number: number('Counted from 1 on.'),
          time: time('When it was answered, by the clock of the cluster.'),
          user: text('Who asked.'),
          userAgent: text('With what.'),
          method: text('How.'),
          url: text('For what.'),
          verb: text('As roles name it.'),
          resource: text('`pods`, `daemonsets.apps`, `pods/status`; empty for what is none.'),
          namespace: text('Its namespace.'),
          name: text('Its name.'),
          code: number('Of the answer; 0 if there was none.'),
          milliseconds: number("How long it took, by the machine's time."),
          open: { type: 'boolean', description: 'Whether it is a watch that goes on.' },
          faults: listOf(text('A rule by which it was disturbed.')),
          body: text('What was sent, as far as it is kept.'),
        },
        ['body'],
      ),
    ),
  }),
  ImportReport: object({
    taken: { type: 'object', additionalProperties: { type: 'number' }, description: 'How many came in, by kind.' },
    left: listOf({ ...note, description: 'What stayed out.' }),
    changed: listOf({ ...note, description: 'What came in, but not as it was.' }),
  }),
  Manifests: text('Objects as `kubectl get -o yaml` prints them, or one of JSON a line.'),
  Health: object({
    status: { enum: ['ok', 'failing'] },
    failing: listOf(text('What is wrong: that the store refuses to keep anything.')),
    version: text('Of Kubette.'),
    kubernetesVersion: text('Of Kubernetes, whose behaviour is shown.'),
    revision: number('The newest revision.'),
    pending: { type: 'boolean', description: 'Whether writes are on their way to the disk.' },
    busy: { type: 'boolean', description: 'Whether controllers have work to do now.' },
    clock: { type: 'object', description: 'Mode, rate and time.' },
  }),
  Diagnostics: {
    type: 'object',
    description: 'What somebody needs who is to find out what is wrong. Nothing of it is secret.',
  },
} satisfies Readonly<Record<string, Schema>>;
