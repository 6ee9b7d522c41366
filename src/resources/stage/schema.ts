import type { CustomResourceDefinition, JsonSchema } from '../custom/types.js';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const object = (description: string, properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  type: 'object',
  description,
  properties,
  ...(required.length > 0 ? { required } : {}),
});
const list = (description: string, items: JsonSchema): JsonSchema => ({ type: 'array', description, items });
const texts = (description: string): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
});
const milliseconds = (description: string): JsonSchema => ({
  type: 'integer',
  format: 'int64',
  minimum: 0,
  description,
});

const CEL = object('Not supported here.', { expression: text('An expression of CEL.') });

const expression = (description: string): JsonSchema =>
  object(description, {
    expressionFrom: text('A query of jq’s for the object.'),
    jq: object('The same.', { expression: text('A query of jq’s for the object.') }),
    cel: CEL,
  });
const finalizer = object('A finalizer.', { value: text('Its name.') });
const impersonated = (description: string): JsonSchema =>
  object(description, { username: text('The name of the user.') }, 'username');

const REQUIREMENT = {
  key: text('A query of jq’s.'),
  operator: text(
    'In or NotIn: whether one of the values is among what the query gives. Exists or DoesNotExist: whether it gives anything.',
  ),
  values: list('With In and NotIn.', { type: 'string' }),
};

const SELECTOR = object(
  'Which objects the stage is for; none if it is absent, all if it is empty. All that is said must be true.',
  {
    matchLabels: texts('Labels that they have.'),
    matchAnnotations: texts('Annotations that they have.'),
    matchExpressions: list(
      'What queries give for them.',
      object('What a query gives for them.', {
        ...REQUIREMENT,
        jq: object('The same.', REQUIREMENT),
        cel: CEL,
      }),
    ),
  },
);

const DELAY = object('How long the stage waits once an object is such that it is for it.', {
  durationMilliseconds: milliseconds('How long.'),
  durationFrom: expression('How long, if the query gives a duration (30s), or until when, if it gives a time.'),
  jitterDurationMilliseconds: milliseconds(
    'How long at most: the time is drawn from between the two. Where it is less than the duration, it counts alone.',
  ),
  jitterDurationFrom: expression('How long at most, by a query.'),
});

const EVENT = object('An Event is told about it.', {
  type: text('Normal or Warning.'),
  reason: text('Why, as one word.'),
  message: text('Why, for people; a template of Go’s.'),
});

const FINALIZERS = object('Its finalizers change.', {
  add: list('Those that it gets.', finalizer),
  remove: list('Those that it loses.', finalizer),
  empty: { type: 'boolean', description: 'Whether it loses all that it has.' },
});

const DELETE: JsonSchema = { type: 'boolean', description: 'Whether it is deleted, at once.' };

const PATCH = object('It changes.', {
  subresource: text('Through which subresource.'),
  root: text('Under which field of the object the outcome of the template stands.'),
  template: text('A template of Go’s for YAML: the patch.'),
  type: {
    type: 'string',
    enum: ['json', 'merge', 'strategic'],
    description: 'What sort of patch it is; strategic for pods and nodes, else merge, if absent.',
  },
  impersonation: impersonated('On whose behalf it is changed.'),
});

const NEXT = object('What happens to the object.', {
  event: EVENT,
  finalizers: FINALIZERS,
  delete: DELETE,
  patches: list('How it changes.', PATCH),
  statusTemplate: text(
    'A template of Go’s for YAML: what of its status becomes another. In place of a patch with the root status.',
  ),
  statusSubresource: { ...text('Through which subresource the status changes.'), default: 'status' },
  statusPatchAs: impersonated('On whose behalf the status changes.'),
});

const STEPS = list(
  'What happens to the object, one after the other; in place of next.',
  object('One of the things that happen.', { event: EVENT, finalizers: FINALIZERS, delete: DELETE, patch: PATCH }),
);

const SPEC = object(
  'What the stage is for, after how long it comes, and what it does.',
  {
    resourceRef: object(
      'Which kind of objects it is for.',
      { apiGroup: { ...text('Group and version of the kind.'), default: 'v1' }, kind: text('The kind.') },
      'kind',
    ),
    selector: SELECTOR,
    weight: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'Where several stages are for an object, how likely it is this one.',
    },
    weightFrom: expression('The weight, by a query.'),
    delay: DELAY,
    next: NEXT,
    steps: STEPS,
    immediateNextStage: { type: 'boolean', description: 'Whether the next stage is looked for at once.' },
  },
  'resourceRef',
);

/** The kind as kwok defines it for a cluster. Its words are ours. */
export const STAGE_DEFINITION: Pick<CustomResourceDefinition, 'spec' | 'status'> = {
  spec: {
    group: 'kwok.x-k8s.io',
    scope: 'Cluster',
    names: { plural: 'stages', singular: 'stage', kind: 'Stage', listKind: 'StageList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A step in the life of objects of a kind.',
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: SPEC,
              status: object('Unused here.', {
                conditions: list('Conditions.', {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                }),
              }),
            },
            required: ['spec'],
          },
        },
      },
    ],
  },
  status: {},
};
