import { createRequire } from 'node:module';
import type { Document, DocumentOptions, ParsedNode, SchemaOptions, YAMLError } from 'yaml';

type Library = typeof import('yaml');
let library: Library | undefined;

/** The `yaml` package, from the first YAML on: to load it takes about a third of all that a cluster loads, and few clients speak it. */
export function yaml(): Library {
  library ??= createRequire(import.meta.url)('yaml') as Library;
  return library;
}

/** An object as kubectl prints it: keys in order, lists not indented, strings quoted that YAML 1.1 would take for something else. */
export function toYaml(object: unknown): string {
  return yaml().stringify(object, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** YAML that cannot be read; the message is worded as Go's parser words it. */
export class YamlSyntaxError extends Error {}

export interface YamlDocument {
  readonly value: unknown;
  /** Keys that stand twice in one map (the last one counts), as upstream's strict decoder reports them. */
  readonly duplicates: string[];
}

/** YAML 1.1 with its `yes` and `on`, but dates and times stay text. */
const AS_KUBERNETES_READS: DocumentOptions & SchemaOptions = {
  version: '1.1',
  customTags: tags =>
    tags.filter(tag => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME')),
};

/**
 * Reads one YAML document as Kubernetes does: the first, if there are more.
 * @throws YamlSyntaxError
 */
export function fromYaml(text: string): YamlDocument {
  return read(yaml().parseDocument(text, AS_KUBERNETES_READS), text);
}

/**
 * Reads a text of several documents, as manifests are; empty ones are left out.
 * @throws YamlSyntaxError also for keys that stand twice
 */
export function fromYamlDocuments(text: string): unknown[] {
  const values: unknown[] = [];
  for (const document of yaml().parseAllDocuments(text, AS_KUBERNETES_READS)) {
    const { value, duplicates } = read(document, text);
    if (duplicates.length > 0) throw new YamlSyntaxError(`yaml: ${duplicates[0]}`);
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}

function read(document: Document.Parsed<ParsedNode>, text: string): YamlDocument {
  const duplicates: string[] = [];
  for (const error of document.errors) {
    if (error.code === 'MULTIPLE_DOCS') continue;
    const line = error.linePos?.[0].line ?? 1;
    if (error.code !== 'DUPLICATE_KEY') throw new YamlSyntaxError(`yaml: line ${line}: ${problem(error)}`);
    const [, double, single, plain] = /^(?:("(?:[^"\\]|\\.)*")|'([^']*)'|([^:\s]*))/.exec(text.slice(error.pos[0]))!;
    const key = double ? (yaml().parse(double) as string) : (single ?? plain);
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
