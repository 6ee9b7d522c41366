import { isKnownFormat } from '../custom/formats.js';
import type { CustomResourceDefinition, JsonSchema } from '../custom/types.js';
import { STANDARD_FINALIZERS } from '../metadata.js';
import type { KubeObject } from '../types.js';

/** Finalizers that are new and could be anybody's. Of kinds that are not custom they are refused. */
export function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  const known = old?.metadata.finalizers ?? [];
  return [...new Set(metadata.finalizers)]
    .filter(name => !known.includes(name) && !name.includes('/') && !STANDARD_FINALIZERS.has(name))
    .sort()
    .map(
      name =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`,
    );
}

/** Formats of strings that mean nothing to anybody, as far as they were not there before. */
export function formatWarnings(crd: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const known = new Set(old ? unknownFormats(old) : []);
  return unknownFormats(crd)
    .filter(format => !known.has(format))
    .map(format => `unrecognized format ${JSON.stringify(format)}`);
}

const unknownFormats = ({ spec }: CustomResourceDefinition): string[] =>
  spec.versions.flatMap(({ schema }) => unknownFormatsIn(schema?.openAPIV3Schema));

function unknownFormatsIn(schema: JsonSchema | undefined): string[] {
  if (!schema) return [];
  const {
    type,
    format,
    items,
    allOf = [],
    anyOf = [],
    oneOf = [],
    not,
    properties = {},
    additionalProperties,
  } = schema;
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const parts = [items, ...allOf, ...anyOf, ...oneOf, not, ...Object.values(properties), values];
  return [
    ...(type === 'string' && format && !isKnownFormat(format) ? [format] : []),
    ...parts.flatMap(unknownFormatsIn),
  ];
}
