import { describe, expect, it } from 'vitest';
import { Allocator } from '../../../src/kubelet/addresses.js';
import { badAnnotations, DEFAULT_POD_SETTINGS, nodeBehaviors, podSettings } from '../../../src/kubelet/options.js';
import { formatAddress, parseRange } from '../../../src/resources/ipv4.js';

const object = (kind: string, annotations?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name: 'x',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '',
    ...(annotations ? { annotations } : {}),
  },
});

describe('settings', () => {
  it('are the configured ones, and the same object, when nothing is annotated', () => {
    expect(podSettings(object('Pod', { other: 'x' }), object('Node'), DEFAULT_POD_SETTINGS)).toBe(DEFAULT_POD_SETTINGS);
  });

  it('come from the pod before its node, and from its node before the configuration', () => {
    const pod = object('Pod', {
      'kubette.dev/start-delay': '1s',
      'kubette.dev/behavior': 'never-ready, hang-terminating',
    });
    const node = object('Node', {
      'kubette.dev/start-delay': '5s',
      'kubette.dev/stop-delay': '2s',
      'kubette.dev/behavior': 'fail,memory-pressure',
      'kubette.dev/exit-code': '3',
    });
    const settings = podSettings(pod, node, { ...DEFAULT_POD_SETTINGS, readyDelay: 7 });
    expect(settings).toMatchObject({ startDelay: 1000, stopDelay: 2000, readyDelay: 7, exitCode: 3 });
    expect([...settings.behaviors]).toEqual(['never-ready', 'hang-terminating']);
    expect([...podSettings(object('Pod'), node, DEFAULT_POD_SETTINGS).behaviors]).toEqual(['fail']);
    expect([...nodeBehaviors(node)]).toEqual(['memory-pressure']);
  });

  it('of a pod that is told to run ignore what its node says', () => {
    const node = object('Node', { 'kubette.dev/behavior': 'fail' });
    const settings = podSettings(object('Pod', { 'kubette.dev/behavior': 'run' }), node, DEFAULT_POD_SETTINGS);
    expect(settings.behaviors.has('fail')).toBe(false);
  });

  it('that make no sense are reported and do not count', () => {
    const pod = object('Pod', {
      'kubette.dev/start-delay': 'soon',
      'kubette.dev/exit-code': '256',
      'kubette.dev/behavior': 'down,explode,constructor',
    });
    expect(badAnnotations(pod).map(bad => bad.message)).toEqual([
      '"soon" is not a duration such as 500ms or 1m30s',
      '"256" is not an exit code from 0 to 255',
      '"down" is not a behavior',
      '"explode" is not a behavior',
      '"constructor" is not a behavior',
    ]);
    expect(podSettings(pod, object('Node'), DEFAULT_POD_SETTINGS)).toEqual(DEFAULT_POD_SETTINGS);
    expect(badAnnotations(object('Node', { 'kubette.dev/behavior': 'down,fail' }))).toEqual([]);
    const usage = { 'kubette.dev/cpu-usage': '250m', 'kubette.dev/memory-usage': 'much' };
    expect(badAnnotations(object('Pod', usage)).map(bad => bad.message)).toEqual([
      '"much" is not a quantity such as 250m or 64Mi',
    ]);
  });
});

describe('addresses', () => {
  it('are cut from a range in turn, without those in use and those reserved', () => {
    const allocator = new Allocator(parseRange('10.0.0.8/29'), 1, { first: 2, last: 1 });
    const used = new Set(['10.0.0.11']);
    const take = () => {
      const address = allocator.take(candidate => used.has(formatAddress(candidate)));
      return address === undefined ? undefined : formatAddress(address);
    };
    expect([take(), take(), take(), take(), take()]).toEqual([
      '10.0.0.10',
      '10.0.0.12',
      '10.0.0.13',
      '10.0.0.14',
      '10.0.0.10',
    ]);
    for (const last of ['10.0.0.10', '10.0.0.12', '10.0.0.13', '10.0.0.14']) used.add(last);
    expect(take()).toBeUndefined();
  });

  it('come in blocks for nodes', () => {
    const allocator = new Allocator(parseRange('10.128.0.0/9'), 256);
    expect([0, 1].map(() => formatAddress(allocator.take(() => false)!))).toEqual(['10.128.0.0', '10.128.1.0']);
  });

  it.each(['10.0.0/8', '10.0.0.0', '10.0.0.0/33', '300.0.0.0/8', 'x'])('%s is no range', text =>
    expect(() => parseRange(text)).toThrow(text),
  );
});
