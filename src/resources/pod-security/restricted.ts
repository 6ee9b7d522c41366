import type { Volume } from '../types.js';
import { added, hasSeccomp, mustNotAdd, seccompProfile } from './baseline.js';
import { containersThat, counted, distinct, inContexts, named, quoted, type Rule } from './candidate.js';

/** What volumes may be; all else is the node's, or a storage that is not asked for by a claim. */
const VOLUME_SOURCES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export const noPrivilegeEscalation: Rule = pod => {
  const names = containersThat(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  return names.length === 0
    ? undefined
    : {
        reason: 'allowPrivilegeEscalation != false',
        detail: `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`,
      };
};

export const noCapabilities: Rule = pod => {
  const keeping = containersThat(pod, one => !one.securityContext?.capabilities?.drop?.includes('ALL'));
  const { names, values } = added(pod, capability => capability === 'NET_BIND_SERVICE');
  const details = [
    ...(keeping.length > 0
      ? [`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(names.length > 0 ? [mustNotAdd(names, values)] : []),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

export const volumeTypes: Rule = ({ spec: { volumes = [] } }) => {
  const bad = volumes.filter(volume => !VOLUME_SOURCES.some(source => volume[source]));
  if (bad.length === 0) return undefined;
  const types = distinct(bad.map(typeOf));
  const uses = `${counted(bad.length, 'uses', 'use')} ${counted(types.length, 'restricted volume type')}`;
  return {
    reason: 'restricted volume types',
    detail: `${named(
      'volume',
      bad.map(({ name }) => name),
    )} ${uses} ${quoted(types)}`,
  };
};

const typeOf = (volume: Volume) => Object.keys(volume).find(key => key !== 'name') ?? 'unknown';

export const runAsNonRoot: Rule = pod => {
  const { setters } = inContexts(pod, context => (context.runAsNonRoot === false ? ['false'] : []));
  const reason = 'runAsNonRoot != true';
  if (setters.length > 0)
    return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` };
  if (pod.spec.securityContext?.runAsNonRoot) return undefined;
  const silent = containersThat(pod, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0
    ? undefined
    : { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser: Rule = pod => {
  const { setters } = inContexts(pod, context => (context.runAsUser === 0 ? ['0'] : []));
  return setters.length === 0
    ? undefined
    : { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` };
};

export const someSeccompProfile: Rule = pod => {
  const wrong = seccompProfile(pod);
  if (wrong || hasSeccomp(pod.spec.securityContext ?? {})) return wrong;
  const silent = containersThat(pod, ({ securityContext }) => !securityContext?.seccompProfile);
  return silent.length === 0
    ? undefined
    : {
        reason: 'seccompProfile',
        detail: `pod or ${named('container', silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
};
