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

const TEXT_TYPES = MEDIA_TYPES.filter(({ media }) => media !== 'protobuf');
const NOT_ACCEPTABLE = '406: Not Acceptable';

/** @throws StatusError 406 where a client will have nothing that could be sent for a document that there is in JSON alone */
export function checkAcceptsJson(header = '*/*'): void {
  if (!parseAccept(header).some(clause => matches(clause, 'application', 'json')))
    throw StatusError.notAcceptable(NOT_ACCEPTABLE);
}

interface Forms {
  readonly types: typeof MEDIA_TYPES;
  /** Whether there are tables and metadata alone. */
  readonly excerpts: boolean;
}

/** The forms that an answer may have: `all`, those of custom kinds (no protobuf), or the object as a whole and nothing else. */
const FORMS = {
  all: { types: MEDIA_TYPES, excerpts: true },
  text: { types: TEXT_TYPES, excerpts: true },
  whole: { types: MEDIA_TYPES, excerpts: false },
} satisfies Record<string, Forms>;

export type FormsName = keyof typeof FORMS;

/** Clients send the same few headers over and over; the bound keeps inventive ones from filling memory. */
const REMEMBERED = 256;
const remembered: Readonly<Record<FormsName, Map<string, Accepted | StatusError>>> = {
  all: new Map(),
  text: new Map(),
  whole: new Map(),
};

/**
 * Decides on the form of the answer: the best clause that can be served, as upstream's content negotiation does.
 * @param forms those that there are
 * @throws StatusError 406 if no clause can be served.
 */
export function negotiate(header: string | undefined, forms: FormsName = 'all'): Accepted {
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

function decide(header: string, { types, excerpts }: Forms): Accepted | StatusError {
  let known = false;
  for (const clause of parseAccept(header)) {
    const media = types.find(m => matches(clause, m.type, m.subtype))?.media;
    if (!media) continue;
    known = true;
    const { as, g, v } = clause.parameters;
    if (as === undefined) return { media, version: 'v1' };
    const form =
      excerpts && (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
        ? as
        : undefined;
    // Tables have no protobuf form: the client is to name another one behind this.
    if (form === 'Table' && media === 'protobuf') continue;
    if (form && g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1')) return { media, as: form, version: v };
  }
  // Upstream's router refuses foreign media types before its handlers see them, and words it differently; custom kinds are
  // behind no router.
  if (!known && types === MEDIA_TYPES) return StatusError.notAcceptable(NOT_ACCEPTABLE);
  const names = types.map(({ type, subtype }) => `${type}/${subtype}`).join(', ');
  return StatusError.notAcceptable(`only the following media types are accepted: ${names}`);
}

/** The clauses of an Accept header, the most wanted first; equals stay in the order given. */
export function parseAccept(header: string): AcceptClause[] {
  const clauses = header.split(',').map(part => {
    const [range = '', ...rest] = part.split(';');
    const [type = '', subtype = ''] = range.trim().toLowerCase().split('/');
    const parameters: Record<string, string> = {};
    for (const parameter of rest) {
      const [key = '', value = ''] = parameter.split('=');
      parameters[key.trim().toLowerCase()] = value.trim();
    }
    return { type, subtype, parameters, quality: parameters.q === undefined ? 1 : Number(parameters.q) || 0 };
  });
  return clauses.filter(c => c.quality > 0).sort((a, b) => b.quality - a.quality);
}

/** Whether a clause takes a media type, by name or by a star. */
export function matches(clause: AcceptClause, type: string, subtype: string): boolean {
  return (clause.type === '*' || clause.type === type) && (clause.subtype === '*' || clause.subtype === subtype);
}
