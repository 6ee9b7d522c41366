import { formatTime } from '../clock/clock.js';
import type { ContainerStatus } from '../resources/types.js';
import { exited, report, updateContainers } from './changes.js';
import { isRunning, type Part, partsOf, running } from './containers.js';
import { earliest, type Scene, type Stage, when } from './scene.js';

/** The next run of a container, which has not started up before its probe says so. */
export function run(scene: Scene, part: Part): ContainerStatus {
  const status = running(part.container, part.status, scene.host.random, formatTime(scene.now));
  const unstarted = { ...status, started: false };
  return scene.probed({ ...part, status: unstarted }, 'startupProbe') === 'passed' ? status : unstarted;
}

/** Containers have started up when their startup probes say so. */
export const startUp: Stage = {
  name: 'start-up',
  due: scene =>
    when(
      partsOf(scene.pod).some(part => hasStartedUp(scene, part)),
      scene.now,
    ),
  play: scene => ({
    pod: updateContainers(
      scene,
      part => hasStartedUp(scene, part),
      ({ status }) => ({ ...status!, started: true }),
    ),
  }),
};

const hasStartedUp = (scene: Scene, part: Part) =>
  isRunning(part.status) && !part.status!.started && scene.probed(part, 'startupProbe') === 'passed';

/** What a liveness or startup probe finds dead is stopped, and started again where the restart policy lets it. */
export const unhealthy: Stage = {
  name: 'unhealthy',
  due: scene => earliest(partsOf(scene.pod), part => killDue(scene, part)),
  announce: scene =>
    partsOf(scene.pod).flatMap(part => {
      const probe = failedProbe(scene, part);
      if (!probe) return [];
      const name = probe === 'livenessProbe' ? 'liveness' : 'startup';
      const then = scene.pod.spec.restartPolicy === 'Never' ? '' : ', will be restarted';
      return [report(part, 'Normal', 'Killing', `Container ${part.container.name} failed ${name} probe${then}`)];
    }),
  play(scene) {
    const isDue = (part: Part) => (killDue(scene, part) ?? Number.POSITIVE_INFINITY) <= scene.now;
    const code = (part: Part) => (scene.settings.stopDelay > graceOf(scene, part) ? 137 : 143);
    return { pod: updateContainers(scene, isDue, part => exited(scene, part, { code: code(part) })) };
  },
};

/** The probe that says that a running container is dead. */
function failedProbe(scene: Scene, part: Part): 'livenessProbe' | 'startupProbe' | undefined {
  if (!isRunning(part.status)) return undefined;
  return (['startupProbe', 'livenessProbe'] as const).find(kind => scene.probed(part, kind) === 'failed');
}

function killDue(scene: Scene, part: Part): number | undefined {
  if (!failedProbe(scene, part)) return undefined;
  const delay = Math.min(scene.settings.stopDelay, graceOf(scene, part));
  return scene.dueAfter(`kill ${part.container.name}`, undefined, delay);
}

/** How long a container whose probe has failed may take to stop, ms. */
function graceOf(scene: Scene, part: Part): number {
  const probe = failedProbe(scene, part);
  const { terminationGracePeriodSeconds: usual = 30 } = scene.pod.spec;
  return ((probe && part.container[probe]?.terminationGracePeriodSeconds) ?? usual) * 1000;
}

/** Whether any container is not ready before it has been asked. */
export const awaitsProbes = (scene: Scene) =>
  partsOf(scene.pod).some(part =>
    (['startupProbe', 'readinessProbe'] as const).some(kind => scene.probed(part, kind) !== 'passed'),
  );
