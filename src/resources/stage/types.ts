import type { KubeObject } from '../types.js';

/** Where a value is taken from: what a query of jq's gives for the object. */
export interface ExpressionSource {
  expressionFrom?: string;
}

export interface StageRequirement {
  /** A query of jq's. */
  key: string;
  operator: string;
  values?: string[];
}

/** A change of the object by what a template makes of it. */
export interface StagePatch {
  subresource?: string;
  /** Under which field of the object the outcome stands; absent: it is the patch as a whole. */
  root?: string;
  template?: string;
  type?: 'json' | 'merge' | 'strategic';
  impersonation?: { username: string };
}

export interface StageFinalizers {
  add?: { value?: string }[];
  remove?: { value?: string }[];
  empty?: boolean;
}

export interface StageNext {
  event?: { type?: string; reason?: string; message?: string };
  finalizers?: StageFinalizers;
  delete?: boolean;
  patches?: StagePatch[];
  statusTemplate?: string;
  statusSubresource?: string;
  statusPatchAs?: { username: string };
}

/** A step in the life of objects of a kind, as kwok has it: what it is for, after how long it comes, and what it does. */
export interface Stage extends KubeObject {
  spec: {
    resourceRef: { apiGroup?: string; kind: string };
    selector?: {
      matchLabels?: Record<string, string>;
      matchAnnotations?: Record<string, string>;
      matchExpressions?: StageRequirement[];
    };
    weight?: number;
    weightFrom?: ExpressionSource;
    delay?: {
      durationMilliseconds?: number;
      durationFrom?: ExpressionSource;
      jitterDurationMilliseconds?: number;
      jitterDurationFrom?: ExpressionSource;
    };
    next: StageNext;
    immediateNextStage?: boolean;
  };
}
