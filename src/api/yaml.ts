import { parseDocument, stringify, type YAMLError } from 'yaml';

/** An object as YAML, keys in order, as `sigs.k8s.io/yaml` writes it. */
export function toYaml(object: unknown): string {
  return stringify(object, { sortMapEntries: true, lineWidth: 0, version: '1.1' });
}

/** YAML that cannot be read; the message is worded as Go's parser words it. */
export class YamlSyntaxError extends Error {}

export interface YamlDocument {
  readonly value: unknown;
  /** Keys that stand twice in one map (the last one counts), as upstream's strict decoder reports them. */
  readonly duplicates: string[];
}

/**
 * Reads one YAML document as Kubernetes does: YAML 1.1 with its `yes` and `on`, but dates and times stay text.
 * @throws YamlSyntaxError
 */
export function fromYaml(text: string): YamlDocument {
  const document = parseDocument(text, {
    version: '1.1',
    customTags: tags =>
      tags.filter(
        tag => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME'),
      ),
  });
  const duplicates: string[] = [];
  for (const error of document.errors) {
    const line = error.linePos?.[0].line ?? 1;
    if (error.code !== 'DUPLICATE_KEY') throw new YamlSyntaxError(`yaml: line ${line}: ${problem(error)}`);
    const [key] = /^[^:\s]*/.exec(text.slice(error.pos[0]))!;
    duplicates.push(`line ${line}: key ${JSON.stringify(key)} already set in map`);
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, duplicates };
  } catch {
    throw new YamlSyntaxError('yaml: document contains excessive aliasing');
  }
}

function problem(error: YAMLError): string {
  switch (error.code) {
    case 'MISSING_CHAR':
    case 'BAD_COLLECTION_TYPE':
      if (/] at line/.test(error.message)) return "did not find expected ',' or ']'";
      if (/flow map|\}/.test(error.message)) return "did not find expected ',' or '}'";
      if (/quote/.test(error.message)) return 'found unexpected end of stream';
      return "could not find expected ':'";
    case 'MULTILINE_IMPLICIT_KEY':
      return "could not find expected ':'";
    case 'TAB_AS_INDENT':
    case 'BAD_SCALAR_START':
    case 'BAD_DIRECTIVE':
      return 'found character that cannot start any token';
    case 'BAD_INDENT':
      if (/] at line/.test(error.message)) return "did not find expected ',' or ']'";
      return 'did not find expected key';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'mapping values are not allowed in this context';
    case 'BAD_ALIAS':
      return 'did not find expected alphabetic or numeric character';
    default:
      return 'did not find expected node content';
  }
}
