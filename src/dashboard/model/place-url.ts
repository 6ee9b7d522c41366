/** What is looked at in the detail panel. */
export type Selection =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'daemonSet'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'pair'; readonly namespace: string; readonly name: string; readonly node: string }
  | { readonly kind: 'object'; readonly type: string; readonly namespace: string; readonly name: string };

/** A kind that has rollouts, or one object of it. */
export interface Subject {
  readonly kind: string;
  readonly one?: { readonly namespace: string; readonly name: string };
}

/** Where on the page one is: all of it is in the URL, so that a link shows to others what one sees oneself. */
export interface Place {
  /** The name of a view, of those in `views.ts`. */
  readonly view: string;
  /** The filter line. */
  readonly filter: string;
  /** Whose rollouts are shown: a kind, and perhaps one of that kind; undefined: all DaemonSets. */
  readonly of: Subject | undefined;
  /** Labels that nodes are grouped by, the outermost first. */
  readonly groups: readonly string[];
  /** How large boxes are, 0 to 5; undefined: as fits. */
  readonly zoom: number | undefined;
  /** The moment that is shown, a revision or a time; undefined: the present. */
  readonly at: string | undefined;
  /** The fork that is shown; undefined: the cluster itself. */
  readonly fork: string | undefined;
  readonly selection: Selection | undefined;
  /** What of the selection is shown: `why`, `yaml`, `events`, `history`, `ask`. */
  readonly tab: string | undefined;
  /** The changes of "What if", as JSON. */
  readonly changes: string | undefined;
  /** The changes that these are compared with, if any. */
  readonly against: string | undefined;
  /** The chapter of the tour. */
  readonly chapter: number | undefined;
}

export const ZONE_LABEL = 'topology.kubernetes.io/zone';
/** The view that a URL without one leads to. */
const FIRST_VIEW = 'map';
const DEFAULT_GROUPS: readonly string[] = [ZONE_LABEL];

/** Reads a place from the part of a URL after `?`. What it does not understand it leaves out. */
export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const text = (key: string) => query.get(key) || undefined;
  const number = (key: string, most: number) => {
    const value = query.get(key);
    return value !== null && /^\d+$/.test(value) && Number(value) <= most ? Number(value) : undefined;
  };
  return {
    view: text('view') ?? FIRST_VIEW,
    filter: query.get('q') ?? '',
    of: readSubject(query.get('of') ?? ''),
    groups: query.has('group') ? query.get('group')!.split(',').filter(Boolean) : DEFAULT_GROUPS,
    zoom: number('zoom', 5),
    at: text('at'),
    fork: text('fork'),
    selection: readSelection(query.get('sel') ?? ''),
    tab: text('tab'),
    changes: text('changes'),
    against: text('against'),
    chapter: number('chapter', 99),
  };
}

/** The part of a URL from `?` on; empty where all is as at first. */
export function writePlace(place: Place): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(key, String(value));
  };
  if (place.view !== FIRST_VIEW) put('view', place.view);
  put('q', place.filter);
  put(
    'of',
    place.of && [place.of.kind, ...(place.of.one ? [place.of.one.namespace, place.of.one.name] : [])].join('/'),
  );
  if (place.groups.join() !== DEFAULT_GROUPS.join()) query.set('group', place.groups.join(','));
  put('zoom', place.zoom);
  put('at', place.at);
  put('fork', place.fork);
  put('sel', writeSelection(place.selection));
  put('tab', place.tab);
  put('changes', place.changes);
  put('against', place.against);
  put('chapter', place.chapter);
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text && `?${text}`;
}

function readSubject(text: string): Subject | undefined {
  const [kind, namespace, name] = text.split('/');
  if (!kind) return undefined;
  return namespace && name ? { kind, one: { namespace, name } } : { kind };
}

function readSelection(text: string): Selection | undefined {
  const [kind, ...parts] = text.split('/');
  const [a = '', b = '', c = ''] = parts;
  if (kind === 'node' && a) return { kind, node: a };
  if (kind === 'ds' && a && b && c) return { kind: 'pair', namespace: a, name: b, node: c };
  if (kind === 'ds' && a && b) return { kind: 'daemonSet', namespace: a, name: b };
  if (kind === 'object' && a && c) return { kind, type: a, namespace: b, name: c };
  return undefined;
}

function writeSelection(selection: Selection | undefined): string | undefined {
  switch (selection?.kind) {
    case 'node':
      return `node/${selection.node}`;
    case 'daemonSet':
      return `ds/${selection.namespace}/${selection.name}`;
    case 'pair':
      return `ds/${selection.namespace}/${selection.name}/${selection.node}`;
    case 'object':
      return `object/${selection.type}/${selection.namespace}/${selection.name}`;
    default:
      return undefined;
  }
}
