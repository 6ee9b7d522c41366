import type { Answered, Normaliser } from './normalise.js';

/** Who tells what happened to workloads. The scheduler's events depend on timing, and are recorded elsewhere. */
const CONTROLLERS = /-controller$|^controllermanager$/;

/** The gist of objects of one kind, without identities, clocks and random names, in an order that does not hang on those. */
export function lookAt(kind: string, objects: readonly Answered[], normaliser: Normaliser): Answered[] {
  if (kind === 'Event') return eventRows(objects, normaliser);
  return normaliser.sorted(objects.map(GIST[kind] ?? whole));
}

const GIST: Readonly<Record<string, (object: Answered) => Answered>> = {
  Pod: ({ metadata, spec, status }) => ({
    ...gistOf(metadata, metadata.generateName ? `${metadata.generateName}*` : metadata.name),
    images: imagesOf(spec),
    phase: status.phase,
    ready: status.conditions?.find((c: Answered) => c.type === 'Ready')?.status,
    ...(spec.hostname ? { hostname: spec.hostname, subdomain: spec.subdomain } : {}),
    ...(spec.volumes ? { volumes: spec.volumes } : {}),
  }),
  Endpoints: ({ metadata, subsets }) => ({
    ...gistOf(metadata),
    subsets: subsets?.map(({ addresses, notReadyAddresses, ports }: Answered) => ({
      addresses: addresses?.map(({ targetRef, hostname }: Answered) => ({ targetRef, hostname })),
      notReadyAddresses: notReadyAddresses?.map(({ targetRef, hostname }: Answered) => ({ targetRef, hostname })),
      ports,
    })),
  }),
  ControllerRevision: ({ metadata, revision, data }) => ({ ...gistOf(metadata), revision, data }),
};

/** All but the template, of which the images stand. */
function whole({ metadata, spec: { template, ...spec } = {} as Answered, status }: Answered): Answered {
  const conditions = [...(status?.conditions ?? [])].sort((a: Answered, b: Answered) => (a.type < b.type ? -1 : 1));
  return {
    ...gistOf(metadata),
    ...(template ? { images: imagesOf(template.spec) } : {}),
    spec,
    status: { ...status, ...(conditions.length > 0 ? { conditions } : {}) },
  };
}

function gistOf(metadata: Answered, name: string = metadata.name): Answered {
  const { labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return { name, labels, annotations, ownerReferences, finalizers, deletionTimestamp };
}

const imagesOf = (spec: Answered): string => spec.containers.map(({ image }: Answered) => image).join(' ');

/** Events that read alike count together: how many pods were made, rather than which. */
function eventRows(events: readonly Answered[], normaliser: Normaliser): Answered[] {
  const rows = new Map<string, Answered>();
  for (const { type, reason, message, count, involvedObject, source, reportingComponent } of events) {
    const component = source?.component || reportingComponent || '';
    if (!CONTROLLERS.test(component)) continue;
    const { kind, name } = involvedObject;
    const row = normaliser.value({ kind, name, type, reason, message: shortened(message), component });
    const key = JSON.stringify(row);
    // Whatever fails is tried again, as often as there is time for it.
    const times = type === 'Warning' ? 'some' : (rows.get(key)?.times ?? 0) + (count ?? 1);
    rows.set(key, { ...row, times });
  }
  return [...rows.keys()].sort().map(key => rows.get(key));
}

/**
 * Since 1.28 a scaling tells where it began as well. That of which there is too much is told in sum after a while; when, depends
 * on the time between tries.
 */
const shortened = (message: string): string =>
  message.replace(/^\(combined from similar events\): /, '').replace(/^(Scaled .*) from \d+ (to \d+)$/, '$1 $2');
