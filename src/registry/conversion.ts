import type { CustomResourceDefinition } from '../resources/custom/types.js';
import { isObject, type JsonObject } from '../resources/json.js';
import type { KubeObject, ObjectMeta } from '../resources/types.js';
import type { Question } from './admission/webhooks/consultation.js';
import type { Registry } from './registry.js';
import { StatusError } from './status.js';

const SECONDS = 30;

/**
 * Converts objects of a custom kind by its webhook: as part of a decision, which waits for the answer (`Registry.decided`).
 * @throws StatusError 500, Unanswered
 */
export function webhookConverter(
  registry: Registry,
  { metadata, spec }: CustomResourceDefinition,
): (object: KubeObject, wanted: string) => KubeObject {
  const { clientConfig: client = {}, conversionReviewVersions = [] } = spec.conversion?.webhook ?? {};
  const version = conversionReviewVersions.find(one => one === 'v1' || one === 'v1beta1') ?? 'v1';
  const apiVersion = `apiextensions.k8s.io/${version}`;

  return (object, wanted) => {
    const batch = JSON.stringify([metadata.uid, client, object.apiVersion, wanted]);
    const question: Question = {
      key: `${batch} ${JSON.stringify(object)}`,
      batch,
      client,
      timeoutSeconds: SECONDS,
      review: { kind: 'ConversionReview', apiVersion, request: { desiredAPIVersion: wanted, objects: [object] } },
    };
    const [answer] = registry.answersTo([question]);
    const about = `conversion webhook for ${object.apiVersion}, Kind=${object.kind}`;
    const failed = (why: string) => new StatusError(500, '', `${about} failed: ${why}`);
    if ('failure' in answer!) throw failed(answer.failure.replace(/^failed to call webhook: /, ''));
    const review = isObject(answer!.review) ? answer!.review : {};
    const { response } = review;
    if (!isObject(response)) throw failed('no response provided');
    if (response.uid !== answer!.uid)
      throw failed(`expected response.uid=${JSON.stringify(answer!.uid)}, got ${JSON.stringify(response.uid ?? '')}`);
    const { status, message } = (response.result ?? {}) as JsonObject;
    if (status !== 'Success')
      throw failed(String(message || `response.result.status was '${String(status ?? '')}', not 'Success'`));
    const objects: unknown[] = Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
    if (objects.length !== 1) throw new StatusError(500, '', `${about} returned ${objects.length} objects, expected 1`);
    return completed(objects[0], object, wanted, about);
  };
}

/** Webhooks change labels and annotations, and nothing else of the metadata. @throws StatusError 500 */
function completed(converted: unknown, { kind, metadata }: KubeObject, wanted: string, about: string): KubeObject {
  const invalid = (why: string) =>
    new StatusError(500, '', `${about} returned invalid converted object at index 0: ${why}`);
  if (!isObject(converted)) throw invalid('it is no object');
  if (converted.apiVersion !== wanted)
    throw invalid(`invalid groupVersion (expected ${wanted}, received ${String(converted.apiVersion ?? '')})`);
  if (converted.kind !== kind)
    throw invalid(`invalid kind (expected ${kind}, received ${String(converted.kind ?? '')})`);
  const given = (isObject(converted.metadata) ? converted.metadata : {}) as Partial<ObjectMeta>;
  for (const field of ['name', 'namespace', 'uid'] as const)
    if ((given[field] ?? '') !== (metadata[field] ?? ''))
      throw invalid(`metadata.${field} was changed from ${metadata[field] ?? ''} to ${given[field] ?? ''}`);
  const { labels: _labels, annotations: _annotations, ...own } = metadata;
  const { labels, annotations } = given;
  return {
    ...(converted as unknown as KubeObject),
    metadata: { ...own, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  };
}
