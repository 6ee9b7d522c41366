#!/usr/bin/env node
// Writes src/graphql/generated.ts: the types of resolvers, from the SDL in schema/. With --check it writes nothing, and fails if
// the file is not what the SDL asks for. With --release it records the SDL as the one that clients know by now: what breaks it
// fails a test from then on.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';
import { sdl } from './sdl.mjs';

const RELEASED = fileURLToPath(new URL('../test/unit/graphql/released.graphql', import.meta.url));
const FILE = fileURLToPath(new URL('../src/graphql/generated.ts', import.meta.url));

/** What resolvers are given of a type, and answer for it; of all others objects with properties of the fields' names. */
const SOURCES = {
  Query: 'context.js#Root',
  Node: 'view.js#Identified',
  KubernetesObject: 'view.js#Seen',
  ObjectMeta: 'view.js#Seen',
  OwnerReference: 'view.js#SeenReference',
  Cluster: 'view.js#View',
  ClusterNode: 'view.js#SeenNode',
  Pod: 'view.js#SeenPod',
  DaemonSet: 'view.js#SeenDaemonSet',
  ControllerRevision: 'view.js#SeenRevision',
  Namespace: 'view.js#SeenNamespace',
  Event: 'view.js#SeenEvent',
  Service: 'view.js#SeenService',
  Workload: 'view.js#SeenWorkload',
  PriorityClass: 'view.js#SeenPriorityClass',
  GenericObject: 'view.js#Seen',
  Placement: 'view.js#SeenPlacement',
  ClusterMap: 'view.js#SeenMap',
  PodExplanation: 'view.js#SeenExplanation',
  NodeFit: 'view.js#SeenFit',
  PreemptionCandidate: 'view.js#SeenCandidate',
  TrafficExplanation: 'resolvers/traffic.js#SeenTraffic',
  PodsThatPush: 'resolvers/pushes.js#SeenPushers',
  SendRequestPayload: 'resolvers/requests.js#SentRequests',
  SentRequest: '../network/send/sender.js#Delivery',
  TrafficToPod: 'resolvers/traffic.js#SeenTrafficToPod',
  Write: 'view.js#SeenWrite',
  WhatIf: 'what-ifs.js#Imagined',
  Scenario: 'resolvers/what-if.js#ScenarioSource',
  RolloutStep: 'resolvers/what-if.js#NumberedStep',
  PlacementDifference: 'view.js#SeenDifference',
  PodDifference: 'view.js#SeenPodDifference',
  PlacementDiff: 'view.js#SeenDiff',
};

const text = await codegen({
  schema: parse(sdl()),
  documents: [],
  filename: FILE,
  plugins: [{ typescript: {} }, { resolvers: {} }],
  pluginMap: { typescript, resolvers },
  config: {
    contextType: './context.js#GraphContext',
    mappers: Object.fromEntries(Object.entries(SOURCES).map(([type, source]) => [type, `./${source}`])),
    scalars: { DateTime: 'string', JSON: 'unknown', Moment: 'string | number' },
    enumsAsTypes: true,
    immutableTypes: true,
    skipTypename: true,
    useTypeImports: true,
    maybeValue: 'T | null | undefined',
    disableDescriptions: true,
    // Every field of a type with a source of its own must have a resolver.
    avoidOptionals: { resolvers: true },
    addInterfaceFieldResolverTypes: true,
    makeResolverTypeCallable: true,
  },
});
const wanted = `// Made by scripts/generate-graphql.mjs (npm run graphql) from schema/: do not edit.\n${text}`;

if (process.argv.includes('--release')) writeFileSync(RELEASED, sdl());
if (!process.argv.includes('--check')) writeFileSync(FILE, wanted);
else if (wanted !== readFileSync(FILE, 'utf8')) {
  console.error('src/graphql/generated.ts is not of this schema: npm run graphql');
  process.exit(1);
}
