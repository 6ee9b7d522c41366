import { describe, expect, it } from 'vitest';
import type { CustomResourceDefinition, CustomVersion, JsonSchema } from '../../../../src/resources/custom/types.js';
import { validateDefinition, validateDefinitionUpdate } from '../../../../src/resources/custom/validation.js';
import { customResourceDefinitions } from '../../../../src/resources/index.js';

const VERSION: CustomVersion = {
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object' } },
};

function definition(
  spec: Partial<CustomResourceDefinition['spec']> = {},
  metadata: Partial<CustomResourceDefinition['metadata']> = {},
): CustomResourceDefinition {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com', ...metadata },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [VERSION],
      ...spec,
    },
  } as unknown as CustomResourceDefinition;
  const { strategy } = customResourceDefinitions;
  strategy.setDefaults!(crd);
  strategy.prepareForCreate!(crd);
  return crd;
}

const version = (more: Partial<CustomVersion>) => definition({ versions: [{ ...VERSION, ...more }] });
const schema = (openAPIV3Schema: JsonSchema) => version({ schema: { openAPIV3Schema } });
const spec = (x: JsonSchema, more: JsonSchema = {}) =>
  schema({ type: 'object', properties: { spec: { type: 'object', properties: { x }, ...more } } });
const messages = (crd: CustomResourceDefinition) => validateDefinition(crd).map(e => e.message);

const ROOT = 'spec.validation.openAPIV3Schema';
const X = `${ROOT}.properties[spec].properties[x]`;

describe('a definition', () => {
  it('has its defaults', () => {
    const { metadata, spec, status } = definition();
    expect(messages(definition())).toEqual([]);
    expect(spec.names).toMatchObject({ singular: 'widget', listKind: 'WidgetList' });
    expect(spec.conversion).toEqual({ strategy: 'None' });
    expect(status.storedVersions).toEqual(['v1']);
    expect(metadata.generation).toBe(1);
  });

  it.each<[what: string, crd: CustomResourceDefinition, ...wrong: string[]]>([
    [
      'its name',
      definition({}, { name: 'widget.example.com' }),
      'metadata.name: Invalid value: "widget.example.com": must be spec.names.plural+"."+spec.group',
    ],
    ['its scope', definition({ scope: '' }), 'spec.scope: Required value'],
    [
      'its scope',
      definition({ scope: 'Planet' }),
      'spec.scope: Unsupported value: "Planet": supported values: "Cluster", "Namespaced"',
    ],
    [
      'two storage versions',
      definition({ versions: [VERSION, { ...VERSION, name: 'v2' }] }),
      `spec.versions: Invalid value: ${JSON.stringify([VERSION, { ...VERSION, name: 'v2' }])}: must have exactly one version marked as storage version`,
    ],
    [
      'no schema',
      version({ schema: {} }),
      'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
    ],
    [
      'fields that are not to be pruned',
      definition({ preserveUnknownFields: true }),
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ],
    [
      'a column',
      version({ additionalPrinterColumns: [{ name: 'A', type: 'float', jsonPath: 'spec' }] }),
      'spec.additionalPrinterColumns[0].type: Invalid value: "float": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
    ],
    [
      'scale',
      version({ subresources: { scale: { specReplicasPath: '.status.n', statusReplicasPath: '.status.n[0]' } } }),
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.n": should be a json path under .spec',
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".status.n[0]": must be a simple json path without array notation',
    ],
    [
      'a field to select by',
      version({ selectableFields: [{ jsonPath: '.spec.none' }] }),
      'spec.versions[0].selectableFields[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field of type string, boolean or integer in the schema',
    ],
    [
      'a group of Kubernetes',
      definition({ group: 'x.k8s.io' }, { name: 'widgets.x.k8s.io' }),
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
    [
      'a webhook without an address',
      definition({ conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } }),
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
    ],
  ])('must be right in %s', (_what, crd, ...wrong) => {
    expect(messages(crd)).toEqual(wrong);
  });

  it.each<[what: string, crd: CustomResourceDefinition, ...wrong: string[]]>([
    ['the type of the root', schema({}), `${ROOT}.type: Required value: must not be empty at the root`],
    ['the root', schema({ type: 'string' }), `${ROOT}.type: Invalid value: "string": must be object at the root`],
    ['the type of a field', spec({}), `${X}.type: Required value: must not be empty for specified object fields`],
    ['items', spec({ type: 'array' }), `${X}.items: Required value: must be specified`],
    [
      'the type of items',
      spec({ type: 'array', items: {} }),
      `${X}.items.type: Required value: must not be empty for specified array items`,
    ],
    [
      'a type that is none',
      spec({ type: 'float' }),
      `${X}.type: Unsupported value: "float": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ],
    ['references', spec({ type: 'object', $ref: '#/x' } as JsonSchema), `${X}.$ref: Forbidden: $ref is not supported`],
    [
      'a map that is a struct',
      spec({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } }),
      `${X}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
    [
      'types in a branch',
      spec({ type: 'string', anyOf: [{ type: 'string' }] }),
      `${X}.anyOf[0].type: Forbidden: must be empty to be structural`,
    ],
    [
      'defaults in a branch',
      spec({ type: 'object', oneOf: [{ properties: { a: { default: 1 } } }] }),
      `${X}.oneOf[0].properties[a].default: Forbidden: must be undefined to be structural`,
    ],
    [
      'keys of lists',
      spec({
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a'],
        items: { type: 'object', properties: { a: { type: 'string' } } },
      }),
      `${X}.items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
    [
      'a default',
      spec({ type: 'integer', default: 'three' }),
      `${X}.default: Invalid value: "string": ${X}.default in body must be of type integer: "string"`,
    ],
    [
      'metadata',
      schema({
        type: 'object',
        properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
      }),
      `${ROOT}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ],
  ])('has a structural schema: %s', (_what, crd, ...wrong) => {
    expect(messages(crd)).toEqual(wrong);
  });

  it('may write int or string with its branches', () => {
    const anyOf = [{ type: 'integer' }, { type: 'string' }];
    expect(messages(spec({ 'x-kubernetes-int-or-string': true, anyOf }))).toEqual([]);
  });

  it('keeps what it is known by', () => {
    const old = definition();
    old.status.conditions = [{ type: 'Established', status: 'True' }];
    const now = { ...old, spec: { ...old.spec, scope: 'Cluster', names: { ...old.spec.names, kind: 'Gadget' } } };
    expect(validateDefinitionUpdate(now, old).map(e => e.message)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Gadget": field is immutable',
    ]);
  });

  it('does not forget versions that objects are stored in', () => {
    const old = definition({ versions: [VERSION, { ...VERSION, name: 'v2', storage: false }] });
    const now = { ...old, spec: { ...old.spec, versions: [{ ...VERSION, name: 'v2' }] } };
    customResourceDefinitions.strategy.prepareForUpdate!(now, old);
    expect(now.status.storedVersions).toEqual(['v1', 'v2']);
    expect(messages(now)).toEqual(['status.storedVersions[0]: Invalid value: "v1": must appear in spec.versions']);
  });

  it('cannot be read with something else in the place of a schema', () => {
    const crd = spec({ type: 'array', items: 'text' as unknown as JsonSchema });
    expect(customResourceDefinitions.strategy.conversionProblem!(crd)).toBe(
      'json: cannot unmarshal string into Go value of type v1.JSONSchemaProps',
    );
  });
});
