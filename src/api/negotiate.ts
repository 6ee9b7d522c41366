import { StatusError } from '../registry/status.js';

export type MediaType = 'json' | 'yaml' | 'protobuf';

/** What a client asked to get back. */
export interface Accepted {
  readonly media: MediaType;
  /** The form to turn the object into, if not its own. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
  /** Version of `meta.k8s.io` that the form is wanted in. */
  readonly version: 'v1' | 'v1beta1';
}

/** One clause of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

const PLAIN: Accepted = { media: 'json', version: 'v1' };

const MEDIA_TYPES: readonly { type: string; subtype: string; media: MediaType }[] = [
  { type: 'application', subtype: 'json', media: 'json' },
  { type: 'application', subtype: 'yaml', media: 'yaml' },
  { type: 'application', subtype: 'vnd.kubernetes.protobuf', media: 'protobuf' },
];

const NAMES = MEDIA_TYPES.map(({ type, subtype }) => `${type}/${subtype}`);
const STREAM_NAMES = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** @throws StatusError 406 where a client will have nothing that could be sent for a document that there is in JSON alone */
export function checkAcceptsJson(header = '*/*'): void {
  const refused = refusedByRouter(header, ['application/json']);
  if (refused) throw refused;
}

interface Forms {
  /** What upstream's router offers, which looks at the header first; left out where none stands before. */
  readonly routed?: readonly string[];
  /** Whether there are tables and metadata alone. */
  readonly excerpts: boolean;
  /** Whether the object as a whole has a protobuf form. */
  readonly protobuf: boolean;
}

/**
 * The forms that an answer may have: those of an object, of a list or a watch, of custom kinds, the object as a whole and nothing
 * else; and such a whole that no router stands before.
 */
const FORMS = {
  object: { routed: NAMES, excerpts: true, protobuf: true },
  list: { routed: [...NAMES, ...STREAM_NAMES], excerpts: true, protobuf: true },
  custom: { excerpts: true, protobuf: false },
  whole: { routed: NAMES, excerpts: false, protobuf: true },
  document: { excerpts: false, protobuf: true },
} satisfies Record<string, Forms>;

export type FormsName = keyof typeof FORMS;

/** Clients send the same few headers over and over; the bound keeps inventive ones from filling memory. */
const REMEMBERED = 256;
const remembered: Readonly<Record<FormsName, Map<string, Accepted | StatusError>>> = {
  object: new Map(),
  list: new Map(),
  custom: new Map(),
  whole: new Map(),
  document: new Map(),
};

/**
 * Decides on the form of the answer: the best clause that can be served, as upstream's content negotiation does.
 * @param forms those that there are
 * @throws StatusError 406 if no clause can be served.
 */
export function negotiate(header: string | undefined, forms: FormsName = 'object'): Accepted {
  if (header === undefined || header === '' || header === '*/*' || header === 'application/json') return PLAIN;
  const known = remembered[forms];
  let answer = known.get(header);
  if (answer === undefined) {
    answer = decide(header, FORMS[forms]);
    if (known.size >= REMEMBERED) known.clear();
    known.set(header, answer);
  }
  if (answer instanceof StatusError) throw answer;
  return answer;
}

function decide(header: string, { routed, excerpts, protobuf }: Forms): Accepted | StatusError {
  const refused = routed && refusedByRouter(header, routed);
  if (refused) return refused;
  for (const clause of parseAccept(header)) {
    const { as, g, v, sv, stream } = clause.parameters;
    if (sv) continue;
    for (const { type, subtype, media } of MEDIA_TYPES) {
      if (!matches(clause, type, subtype)) continue;
      if (stream && (stream !== 'watch' || media === 'yaml')) continue;
      if (as === undefined && g === undefined && v === undefined) {
        if (protobuf || media !== 'protobuf') return { media, version: 'v1' };
        continue;
      }
      const form =
        excerpts && (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
          ? as
          : undefined;
      // Tables have no protobuf form: the client is to name another one behind this.
      if (form === 'Table' && media === 'protobuf') continue;
      if (form && g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1')) return { media, as: form, version: v };
    }
  }
  return StatusError.notAcceptable(`only the following media types are accepted: ${NAMES.join(', ')}`);
}

/** The router knows whole names, and no star but the one for everything; what else stands in a clause it does not look at. */
function refusedByRouter(header: string, offered: readonly string[]): StatusError | undefined {
  const accepts = header.split(',').some(part => {
    const name = part.split(';', 1)[0]!.trim();
    return name === '*/*' || offered.includes(name);
  });
  if (accepts) return undefined;
  return StatusError.notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${offered.join(', ')}`, {});
}

/** The clauses of an Accept header, the most wanted first. What has no form of a media type is overlooked. */
export function parseAccept(header: string): AcceptClause[] {
  const clauses: AcceptClause[] = [];
  for (const part of header.split(',')) {
    const [range = '', ...rest] = part.split(';');
    const [type = '', subtype = type === '*' ? '*' : '', more] = range.split('/').map(text => text.trim());
    if (!subtype || more !== undefined) continue;
    const parameters: Record<string, string> = {};
    for (const parameter of rest) {
      const [key = '', value = '', ...excess] = parameter.split('=');
      if (value && excess.length === 0) parameters[key.trim()] = value.trim();
    }
    const { q, ...others } = parameters;
    insert(clauses, { type, subtype, parameters: others, quality: q === undefined ? 1 : Number(q) || 0 });
  }
  return clauses;
}

/** Behind all that are not less wanted, one after the other from the end, as upstream sorts them. */
function insert(clauses: AcceptClause[], clause: AcceptClause): void {
  let at = clauses.length;
  while (at > 0 && goesBefore(clause, clauses[at - 1]!)) at--;
  clauses.splice(at, 0, clause);
}

/** Who names its type goes before a star even where it is wanted less: a peculiarity of upstream's. */
const goesBefore = (a: AcceptClause, b: AcceptClause) =>
  a.quality > b.quality || (a.type !== '*' && b.type === '*') || (a.subtype !== '*' && b.subtype === '*');

/** Whether a clause takes a media type, by name or by a star. */
export function matches(clause: AcceptClause, type: string, subtype: string): boolean {
  if (clause.type === '*') return clause.subtype === '*';
  return clause.type === type && (clause.subtype === '*' || clause.subtype === subtype);
}
